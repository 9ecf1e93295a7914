//! The sample application in `tests/real/sample`: its tests in both languages, at the same time against one mock; and
//! again with a wrong statement, which the tests have to explain.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use mynah_testkit::{
    repository,
    servers::{self, Folder, Reason},
};
use serde_json::Value;

use super::Suite;
use crate::{families, ours, run::Outcome};

/// The languages of the application.
const LANGUAGES: [Language; 2] = [
    Language {
        name: "python",
        install: install_python,
        count: |output| {
            number(output, |line| {
                line.split_once(" passed").map(|(before, _)| before)
            })
        },
        source: "shop.py",
    },
    Language {
        name: "node",
        install: install_node,
        count: |output| number(output, |line| line.strip_prefix("# pass ")),
        source: "shop.js",
    },
];

/// A language of the application, and how to run its tests.
struct Language {
    /// Its folder, and what the script `run` calls it.
    name: &'static str,
    /// Installs its packages, and says by which variable of the environment they are found.
    install: fn(&Path) -> Result<(&'static str, PathBuf), Reason>,
    /// How many tests passed.
    count: fn(&str) -> Option<usize>,
    /// The file with the application's statements.
    source: &'static str,
}

pub(super) fn run() -> Suite {
    let (outcome, said) = match test() {
        Ok((said, skipped)) if said.is_empty() => {
            (Outcome::Skip(skipped.join("; ")), String::new())
        }
        Ok((mut said, skipped)) => {
            said.extend(skipped.into_iter().map(|why| format!("skipped {why}")));
            (Outcome::Pass, said.join(", "))
        }
        Err(why) => (Outcome::Fail(why), String::new()),
    };
    Suite {
        name: "sample application",
        outcome,
        said,
    }
}

/// What was run, and what was skipped; or what failed.
fn test() -> Result<(Vec<String>, Vec<String>), String> {
    let folder = Folder::new("sample").map_err(|error| error.to_string())?;
    let sample = copied(folder.path()).map_err(|error| error.to_string())?;
    let (mut languages, mut skipped) = (Vec::new(), Vec::new());
    let mut found = Vec::new();
    for language in &LANGUAGES {
        match (language.install)(&sample) {
            Ok(variable) => {
                languages.push(language);
                found.push(variable);
            }
            Err(why) => skipped.push(format!("{}: {why}", language.name)),
        }
    }
    let suite = Sample { sample, found };
    if languages.is_empty() {
        return Ok((Vec::new(), skipped));
    }
    let said = suite.all_pass(&languages)?;
    for language in languages {
        suite.a_mistake_is_explained(language)?;
    }
    Ok((said, skipped))
}

/// A copy of the sample, and where its packages are.
struct Sample {
    sample: PathBuf,
    found: Vec<(&'static str, PathBuf)>,
}

impl Sample {
    /// Runs the tests of languages against one mock. Gives the exit code, what they printed, and the mock's report.
    fn run(&self, languages: &[&Language], report: &str) -> Result<(i32, String, String), String> {
        let report = self.sample.join(report);
        let mut mock = ours::mock_run();
        mock.args(["--fail-on-unexpected", "--fail-on-unmet", "--report"])
            .arg(&report)
            .arg("--")
            .arg("timeout")
            .arg(TIMEOUT.as_secs().to_string())
            .arg(self.sample.join("run"))
            .args(languages.iter().map(|language| language.name))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(self.found.iter().map(|(name, path)| (name, path)));
        let output = mock.output().map_err(|error| error.to_string())?;
        let code = output.status.code().unwrap_or_default();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let report = fs::read_to_string(&report).map_err(|error| {
            let stderr = String::from_utf8_lossy(&output.stderr);
            format!("there is no report ({error}): {stderr}")
        })?;
        Ok((code, said, report))
    }

    /// All tests pass, and each is in the report with an id of its own.
    fn all_pass(&self, languages: &[&Language]) -> Result<Vec<String>, String> {
        let (code, said, report) = self.run(languages, "report.json")?;
        let mut counts = Vec::new();
        let mut all = 0;
        for language in languages {
            let count = (language.count)(&said).unwrap_or_default();
            if count < LEAST_TESTS {
                return Err(format!("{}: {count} tests passed:\n{said}", language.name));
            }
            all += count;
            counts.push(format!("{}: {count} tests", language.name));
        }
        if code != 0 {
            return Err(format!("it ended with {code}:\n{said}"));
        }
        let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
        let reports = report.as_array().map(Vec::as_slice).unwrap_or_default();
        let tests = reports
            .iter()
            .filter(|report| report.get("test").is_some_and(Value::is_string));
        let (tests, is_good) = (
            tests.count(),
            reports
                .iter()
                .all(|report| report.get("is_good") == Some(&Value::Bool(true))),
        );
        if tests != all || !is_good {
            return Err(format!(
                "{all} tests passed, but {tests} are in the report: {report}"
            ));
        }
        Ok(counts)
    }

    /// A test that meets a wrong statement fails, and says what is wrong with it; the report says so, too.
    fn a_mistake_is_explained(&self, language: &Language) -> Result<(), String> {
        let path = self.sample.join(language.name).join(language.source);
        let source = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let wrong = source.replacen(RIGHT, WRONG, 1);
        fs::write(&path, wrong).map_err(|error| error.to_string())?;
        let (code, said, report) = self.run(&[language], "report.xml")?;
        let in_report = format!("message=\"{}", DIFFERENCE.replace('"', "&quot;"));
        let in_failure = format!("unexpected: {DIFFERENCE}");
        if code != 0 && said.contains(&in_failure) && report.contains(&in_report) {
            return Ok(());
        }
        Err(format!(
            "{}: a mistake isn't explained; it ended with {code}:\n{said}\n{report}",
            language.name
        ))
    }
}

/// Installs the packages that `requirements.txt` names. Ours are of the checkout; the program that `mynah-mock` has in its
/// wheel isn't needed, because the mock runs already.
fn install_python(sample: &Path) -> Result<(&'static str, PathBuf), Reason> {
    let packages = read(&sample.join("python/requirements.txt"))?;
    let mut packages: Vec<_> = packages
        .lines()
        .filter(|line| !line.starts_with(OUR_PLUGIN))
        .collect();
    packages.push(BUILDER);
    let others = families::python::installed("sample-python", &packages, None)?;
    let (ours, sources) = (sample.join("python-packages"), packaging("python"));
    let mut pip = Command::new("python3");
    pip.args("-m pip install --quiet --no-deps --no-build-isolation --target".split(' '))
        .arg(&ours)
        .arg(sources.join(OUR_PLUGIN))
        .env("PYTHONPATH", &others);
    servers::run_within(INSTALL_TIMEOUT, &pip)?;
    let program = sources.join("mynah-mock/python");
    Ok(("PYTHONPATH", joined([ours, others, program])))
}

/// Installs the packages that `package.json` names. Ours is packed from the checkout; the packages with the program aren't
/// needed, because the mock runs already.
fn install_node(sample: &Path) -> Result<(&'static str, PathBuf), Reason> {
    let package = read(&sample.join("node/package.json"))?;
    let package: Value = serde_json::from_str(&package).unwrap_or_default();
    let packages: Vec<_> = package
        .get("dependencies")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, version)| Some(format!("{name}@{}", version.as_str()?)))
        .collect();
    let packages: Vec<_> = packages.iter().map(String::as_str).collect();
    let others = families::node::installed("sample-node", &packages)?;
    let ours = sample.join("node-packages");
    let mut npm = Command::new("npm");
    npm.args("install --offline --install-links --omit=optional".split(' '))
        .args("--no-audit --no-fund --prefix".split(' '))
        .arg(&ours)
        .arg(packaging("npm").join("mynah-mock"));
    servers::run_within(INSTALL_TIMEOUT, &npm)?;
    let folders = [ours, others].map(|folder| folder.join("node_modules"));
    Ok(("NODE_PATH", joined(folders)))
}

/// The sources of our packages for a language.
fn packaging(language: &str) -> PathBuf {
    repository().join("bins/packaging").join(language)
}

/// Folders as the value of a variable.
fn joined<const N: usize>(folders: [PathBuf; N]) -> PathBuf {
    env::join_paths(folders).unwrap_or_default().into()
}

fn read(path: &Path) -> Result<String, Reason> {
    fs::read_to_string(path).map_err(|source| Reason::Io {
        path: path.to_owned(),
        source,
    })
}

/// Copies the sample, so that nothing is written into the checkout.
fn copied(to: &Path) -> io::Result<PathBuf> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    let to = to.join("sample");
    for folder in ["", "python", "node"] {
        fs::create_dir_all(to.join(folder))?;
        for entry in fs::read_dir(from.join(folder))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), to.join(folder).join(entry.file_name()))?;
            }
        }
    }
    Ok(to)
}

/// The number at the end of what is found in the last line that has one.
fn number(output: &str, find: impl Fn(&str) -> Option<&str>) -> Option<usize> {
    let found = output.lines().rev().find_map(find)?;
    found.split_whitespace().last()?.parse().ok()
}

/// Our package for pytest, in the sample's `requirements.txt`, and the package that makes wheels of it.
const OUR_PLUGIN: &str = "pytest-mynah";
const BUILDER: &str = "hatchling>=1.27";

/// How long it may take to install our packages.
const INSTALL_TIMEOUT: Duration = Duration::from_secs(120);

/// The least number of tests in each language.
const LEAST_TESTS: usize = 10;

/// How long a run of the tests may take; usually it takes seconds.
const TIMEOUT: Duration = Duration::from_secs(180);

/// What is in the application, and a mistake in its place.
const RIGHT: &str = "select id, name, price";
const WRONG: &str = "select id, nmae, price";

/// How the mistake is explained.
const DIFFERENCE: &str = "\"nmae\" should be \"name\"";
