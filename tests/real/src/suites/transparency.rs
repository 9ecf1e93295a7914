//! The test programs of the client libraries, each test run separately: directly against a server,
//! and through the proxy. Tests may fail on a server; the proxy must make no difference.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use mynah_testkit::servers::{self, Packages, RealServer, Reason, Root};

use super::Suite;
use crate::{
    client::{NotHere, Protocol},
    column::Place,
    run::Outcome,
    stage::{Stage, Target},
};

/// A test program of a client library.
#[derive(Clone, Copy, Debug)]
struct TestProgram {
    name: &'static str,
    /// Downloads a folder with the program.
    fetch: fn() -> Result<PathBuf, Reason>,
    /// The server that it tests, whose libraries it needs.
    server: RealServer,
}

const PROGRAMS: [TestProgram; 2] = [
    TestProgram {
        name: "mysql_client_test",
        fetch: servers::mysql_test_programs,
        server: RealServer::MySql97,
    },
    TestProgram {
        name: "mariadb-client-test",
        fetch: || {
            let packages = Packages {
                name: "mariadb-testsuite",
                suite: "bookworm",
                complete: &[],
                alone: &["mariadb-test"],
            };
            packages.files(&["mariadb-client-test"])
        },
        server: RealServer::MariaDb1011,
    },
];

pub(super) fn run(stage: &Stage) -> Vec<Suite> {
    thread::scope(|scope| {
        let running: Vec<_> = PROGRAMS
            .iter()
            .map(|program| scope.spawn(|| program.suite(stage)))
            .collect();
        running
            .into_iter()
            .filter_map(|suite| suite.join().ok())
            .collect()
    })
}

impl TestProgram {
    fn suite(&self, stage: &Stage) -> Suite {
        let (outcome, said) = match self.compare(stage) {
            Ok(compared) => compared,
            Err(why) => (Outcome::Skip(why), String::new()),
        };
        Suite {
            name: self.name,
            outcome,
            said,
        }
    }

    /// The outcome, with a summary; or why it can't be run.
    fn compare(&self, stage: &Stage) -> Result<(Outcome, String), String> {
        let direct = stage.target(Place::Direct(self.server), Protocol::Classic)?;
        let proxy = stage.target(Place::Proxy(self.server), Protocol::Classic)?;
        let ready = self.fetch().map_err(|why| why.to_string())?;
        let tests = ready.tests(direct)?;
        let alone = ready.all(&tests, direct);
        let through = ready.all(&tests, proxy);
        let passed = alone.values().filter(|passed| **passed).count();
        let mut differ = Vec::new();
        for test in &tests {
            // Some tests depend on the time, or on earlier tests: a difference counts only if it
            // happens again.
            let again = || ready.passes(test, direct) != ready.passes(test, proxy);
            if alone.get(test) != through.get(test) && again() && again() {
                differ.push(test.clone());
            }
        }
        let said = format!(
            "of {} tests, {passed} pass without the proxy and {} through it (the suite passes if the proxy makes no difference)",
            tests.len(),
            through.values().filter(|passed| **passed).count()
        );
        let outcome = if passed * 2 < tests.len() {
            Outcome::Fail(
                "most tests fail without the proxy, so the comparison means nothing".to_owned(),
            )
        } else if differ.is_empty() {
            Outcome::Pass
        } else {
            Outcome::Fail(format!(
                "the proxy makes a difference to {}",
                differ.join(", ")
            ))
        };
        Ok((outcome, said))
    }

    fn fetch(&self) -> Result<Ready, NotHere> {
        let folder = (self.fetch)()?;
        Ok(Ready {
            root: self.server.fetch()?,
            program: folder.join(self.name),
        })
    }
}

/// A test program that is ready to run.
struct Ready {
    root: Root,
    program: PathBuf,
}

impl Ready {
    fn command(&self, target: Target) -> Command {
        let SocketAddr::V4(address) = target.address else {
            return self.root.command(&self.program);
        };
        let mut command = Command::new("timeout");
        let program = self.root.command(&self.program);
        command
            .arg("60")
            .arg(program.get_program())
            .args(program.get_args())
            .arg("--no-defaults")
            .arg(format!("--host={}", address.ip()))
            .arg(format!("--port={}", address.port()))
            .arg(format!("--user={}", target.user))
            .arg(format!("--password={}", target.password))
            .current_dir(self.program.parent().unwrap_or(&self.program))
            .stdin(Stdio::null());
        command
    }

    /// The names of its tests.
    fn tests(&self, target: Target) -> Result<Vec<String>, String> {
        let output = self.command(target).arg("--show-tests").output();
        let output = output.map_err(|source| {
            let program = "timeout".to_owned();
            Reason::CannotRun { program, source }.to_string()
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        let tests: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("test_") && !line.contains(' '))
            .map(str::to_owned)
            .collect();
        if tests.is_empty() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("it names no tests: {}", said.trim()));
        }
        Ok(tests)
    }

    fn all(&self, tests: &[String], target: Target) -> BTreeMap<String, bool> {
        let passes = |test: &String| (test.clone(), self.passes(test, target));
        tests.iter().map(passes).collect()
    }

    fn passes(&self, test: &str, target: Target) -> bool {
        let output = self.command(target).arg(test).output();
        output.is_ok_and(|output| output.status.success())
    }
}
