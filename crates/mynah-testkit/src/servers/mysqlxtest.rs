use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{
    RealServer, Root,
    apt::Packages,
    program::run,
    unavailable::{Reason, Unavailable, io_at},
};

/// `mysqlxtest` 9.7, the X Protocol's own test client, from Debian sid. It runs with the libraries
/// of [`RealServer::MySql97`].
#[derive(Clone, Debug)]
pub struct Mysqlxtest {
    root: Root,
    program: PathBuf,
}

impl Mysqlxtest {
    /// Downloads `mysqlxtest`, unless that was done before: a large package, of which only the program is kept.
    ///
    /// # Errors
    /// [`Unavailable`] states what is missing: a reason to skip.
    pub fn fetch() -> Result<Self, Unavailable> {
        let server = RealServer::MySql97;
        let root = server.fetch()?;
        let folder = mysql_test_programs().map_err(|reason| Unavailable { server, reason })?;
        let program = folder.join(PROGRAM);
        Ok(Self { root, program })
    }

    /// A command that runs `mysqlxtest`, without arguments.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = self.root.command(&self.program);
        command.stdin(Stdio::null());
        command
    }

    /// Runs a script in the language of `mysqlxtest`, and returns its output.
    ///
    /// # Errors
    /// [`Reason::Failed`] with its error output.
    pub fn run(&self, options: &[&str], script: &str) -> Result<String, Reason> {
        let folder = super::borrowed::Folder::new("mysqlxtest")?;
        let file = folder.path().join("script");
        fs::write(&file, script).map_err(io_at(&file))?;
        let mut command = self.command();
        command
            .args(options)
            .arg(format!("--file={}", file.display()));
        run(&mut command)
    }
}

/// The folder with MySQL's own test programs: `mysqlxtest` and `mysql_client_test`.
///
/// # Errors
/// The [`Reason`] why apt or the cache failed.
pub fn mysql_test_programs() -> Result<PathBuf, Reason> {
    let packages = Packages {
        name: "mysql-testsuite",
        suite: "sid",
        complete: &[],
        alone: &["mysql-testsuite"],
    };
    packages.files(&[PROGRAM, "mysql_client_test"])
}

/// The folder with MySQL's own test suite of the X Protocol: scripts for its test driver, and the
/// macros that they share.
///
/// # Errors
/// The [`Reason`] why apt or the cache failed.
pub fn mysql_x_suite() -> Result<PathBuf, Reason> {
    let packages = Packages {
        name: "mysql-x-suite",
        suite: "sid",
        complete: &[],
        alone: &["mysql-testsuite"],
    };
    packages.taken(TAKE_CASES)
}

const TAKE_CASES: &str = r#"dpkg-deb --fsys-tarfile "$1" |
    tar -x --wildcards --transform 's,.*/,,' -- '*/suite/x/t/*.test' \
        '*/suite/x/t/macros/*.macro'"#;

const PROGRAM: &str = "mysqlxtest";
