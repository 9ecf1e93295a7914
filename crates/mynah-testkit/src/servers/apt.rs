use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    cache,
    program::run,
    root::Root,
    unavailable::{Reason, io_at},
};

/// Debian packages, unpacked into a separate folder.
#[derive(Clone, Copy, Debug)]
pub struct Packages {
    /// The name of the folder in the cache.
    pub name: &'static str,
    /// The Debian release that the packages are from, which may differ from the machine's.
    pub suite: &'static str,
    /// The names of packages that are unpacked with all their dependencies, including the C library and its loader.
    pub complete: &'static [&'static str],
    /// The names of packages that are unpacked without their dependencies.
    pub alone: &'static [&'static str],
}

impl Packages {
    /// Downloads and unpacks the packages, unless that was done before.
    ///
    /// # Errors
    /// The [`Reason`] why apt or the cache failed; [`Reason::Missing`] if no package has a loader.
    pub fn fetch(&self) -> Result<Root, Reason> {
        Root::debian(self.unpacked()?)
    }

    /// As [`fetch`](Self::fetch), for packages without a loader: their files are used by the machine's own
    /// programs, or are programs that need no library.
    ///
    /// # Errors
    /// The [`Reason`] why apt or the cache failed.
    pub fn unpacked(&self) -> Result<PathBuf, Reason> {
        cache::filled(self.name, &format!("{self:?}\n"), |folder| {
            self.unpack_into(folder)
        })
    }

    /// Extracts files of these names from the packages into one folder, unless that was done before, and returns the
    /// folder's path. Nothing else of the packages is kept.
    ///
    /// # Errors
    /// As for [`unpacked`](Self::unpacked); [`Reason::Missing`] if a file with one of the names is in no package.
    pub fn files(&self, names: &[&str]) -> Result<PathBuf, Reason> {
        let wanted = format!("{self:?}\n{names:?}\n");
        cache::filled(self.name, &wanted, |folder| {
            self.with_archives(folder, |package| {
                let mut tar = Command::new("sh");
                tar.args(["-c", TAKE_FILES, "sh"])
                    .arg(package)
                    .args(names.iter().map(|name| format!("*/{name}")))
                    .current_dir(folder);
                run(&mut tar).map(drop)
            })?;
            let missing = names.iter().map(|name| folder.join(name));
            match missing.into_iter().find(|path| !path.is_file()) {
                Some(path) => Err(Reason::Missing(path)),
                None => Ok(()),
            }
        })
    }

    /// Runs a shell script for each package, unless that was done before, and returns the path of the folder that the
    /// script runs in. The script gets the package's path as `$1`, and has to extract files into the folder.
    ///
    /// # Errors
    /// As for [`unpacked`](Self::unpacked).
    pub fn taken(&self, script: &str) -> Result<PathBuf, Reason> {
        cache::filled(self.name, &format!("{self:?}\n{script}\n"), |folder| {
            self.with_archives(folder, |package| {
                let mut shell = Command::new("sh");
                shell
                    .args(["-ec", script, "sh"])
                    .arg(package)
                    .current_dir(folder);
                run(&mut shell).map(drop)
            })
        })
    }

    fn unpack_into(&self, folder: &Path) -> Result<(), Reason> {
        self.with_archives(folder, |package| {
            run(Command::new("dpkg-deb").arg("-x").arg(package).arg(folder)).map(drop)
        })
    }

    /// Downloads the packages with a separate configuration of apt, and unpacks each.
    fn with_archives(
        &self,
        folder: &Path,
        unpack: impl Fn(&Path) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        let apt = folder.join("apt");
        let archives = apt.join("cache/archives");
        for path in [apt.join("state/lists/partial"), archives.join("partial")] {
            fs::create_dir_all(&path).map_err(io_at(&path))?;
        }
        let write = |name: &str, text: &str| {
            let path = apt.join(name);
            fs::write(&path, text).map_err(io_at(path))
        };
        write("status", "")?;
        write(
            "sources.list",
            &format!("deb {} {} main\n", mirror()?, self.suite),
        )?;
        write("apt.conf", &config(&apt))?;

        let get = || {
            let mut get = Command::new("apt-get");
            get.env("APT_CONFIG", apt.join("apt.conf"))
                .current_dir(&archives);
            get
        };
        run(get().arg("update"))?;
        if !self.complete.is_empty() {
            run(get()
                .args(["install", "--yes", "--download-only"])
                .args(self.complete))?;
        }
        if !self.alone.is_empty() {
            run(get().arg("download").args(self.alone))?;
        }
        for entry in fs::read_dir(&archives).map_err(io_at(&archives))? {
            let package = entry.map_err(io_at(&archives))?.path();
            if package
                .extension()
                .is_some_and(|extension| extension == "deb")
            {
                unpack(&package)?;
            }
        }
        fs::remove_dir_all(&apt).map_err(io_at(&apt))
    }
}

/// The mirror of the machine's own release of Debian.
fn mirror() -> Result<String, Reason> {
    let release = fs::read_to_string(OS_RELEASE).map_err(io_at(OS_RELEASE))?;
    let value = |name| {
        let line = release
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(line.trim_matches('"'))
    };
    let (Some("debian"), Some(codename)) = (value("ID"), value("VERSION_CODENAME")) else {
        return Err(Reason::NoMirror);
    };
    let format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
    let indexes = run(Command::new("apt-get").args([
        "indextargets",
        "--format",
        format,
        "Created-By: Packages",
    ]))?;
    let of_release = format!("{codename} main ");
    let mirror = indexes
        .lines()
        .find_map(|line| line.strip_prefix(&of_release));
    Ok(mirror.ok_or(Reason::NoMirror)?.to_owned())
}

/// Extracts files from a package. tar fails if a name isn't there, but another package may have it.
const TAKE_FILES: &str = r#"package=$1; shift
dpkg-deb --fsys-tarfile "$package" |
    tar -x --wildcards --transform 's,.*/,,' -- "$@" 2>/dev/null || true"#;

/// The file with the machine's release of Debian.
const OS_RELEASE: &str = "/etc/os-release";

/// Separate sources and state, and nothing is installed; keys and proxies are the machine's. A
/// mirror that is down fails fast. A mirror of sid may be older than the validity of its index.
fn config(apt: &Path) -> String {
    let apt = apt.display();
    format!(
        "Dir::Etc::sourcelist \"{apt}/sources.list\";
Dir::Etc::sourceparts \"{apt}/none\";
Dir::State \"{apt}/state\";
Dir::State::status \"{apt}/status\";
Dir::Cache \"{apt}/cache\";
APT::Install-Recommends \"false\";
APT::Sandbox::User \"\";
Acquire::Check-Valid-Until \"false\";
Acquire::Languages \"none\";
Acquire::Retries \"1\";
Acquire::http::Timeout \"30\";
Acquire::https::Timeout \"30\";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled \"false\";
"
    )
}
