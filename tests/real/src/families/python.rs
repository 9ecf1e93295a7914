use std::{path::PathBuf, process::Command};

use mynah_testkit::servers::{self, Reason};

use crate::{
    client::{Client, DOWNLOAD_TIMEOUT, NotHere, Program, source},
    families::libmariadb::Library,
};

/// A Python program, and the packages that pip installs for it into a separate folder.
#[derive(Debug)]
struct Python {
    script: &'static str,
    packages: &'static [&'static str],
    variant: &'static str,
    /// Whether it is built with MariaDB's client library, which it then needs.
    libmariadb: bool,
}

pub(crate) fn clients() -> Vec<Client> {
    let client = |name, about, program| Client::new("python", name, about, program);
    let python = |script, packages| Python {
        script,
        packages,
        variant: "",
        libmariadb: false,
    };
    let connector = |variant| Python {
        variant,
        ..python(
            "python-mysql-connector.py",
            &["mysql-connector-python==26.10.0"],
        )
    };
    let on_libmariadb = |script, packages| Python {
        libmariadb: true,
        ..python(script, packages)
    };
    vec![
        client(
            "python-pymysql",
            "PyMySQL 1.2.4",
            python("python-pymysql.py", &["pymysql[rsa]==1.2.4"]),
        ),
        client(
            "python-connector-pure",
            "mysql-connector-python 26.10.0, in Python",
            connector("pure"),
        ),
        client(
            "python-connector-c",
            "mysql-connector-python 26.10.0, C extension",
            connector("c"),
        ),
        client(
            "python-mysqlclient",
            "mysqlclient 2.3.1 on libmariadb 10.11",
            on_libmariadb("python-mysqlclient.py", &["mysqlclient==2.3.1"]),
        ),
        client(
            "python-mariadb",
            "MariaDB Connector/Python 1.1.14",
            on_libmariadb("python-mariadb.py", &["mariadb==1.1.14"]),
        ),
        client(
            "python-aiomysql",
            "aiomysql 0.3.2",
            python(
                "python-aiomysql.py",
                &["aiomysql==0.3.2", "pymysql[rsa]==1.2.4"],
            ),
        )
        .not_by_router(),
        client(
            "python-asyncmy",
            "asyncmy 0.2.18",
            Python {
                variant: "asyncmy",
                ..python("python-aiomysql.py", &["asyncmy==0.2.18", "cryptography"])
            },
        )
        .not_by_router(),
        client(
            "python-sqlalchemy",
            "SQLAlchemy 2.1.9 on PyMySQL",
            python(
                "python-sqlalchemy.py",
                &["sqlalchemy==2.1.9", "pymysql[rsa]==1.2.4"],
            ),
        ),
        client(
            "python-peewee",
            "peewee 4.5.3 on PyMySQL",
            python(
                "python-peewee.py",
                &["peewee==4.5.3", "pymysql[rsa]==1.2.4"],
            ),
        ),
        client(
            "python-django",
            "Django 5.2.19 on mysqlclient",
            on_libmariadb(
                "python-django.py",
                &["django==5.2.19", "mysqlclient==2.3.1"],
            ),
        ),
    ]
}

/// A program that isn't a row of the table of classic clients.
pub(crate) fn program(script: &'static str, packages: &'static [&'static str]) -> impl Program {
    Python {
        script,
        packages,
        variant: "",
        libmariadb: false,
    }
}

/// Such a program, with packages that are built with MariaDB's client library.
pub(crate) fn on_libmariadb(
    script: &'static str,
    packages: &'static [&'static str],
) -> impl Program {
    Python {
        script,
        packages,
        variant: "",
        libmariadb: true,
    }
}

impl Program for Python {
    fn command(&self) -> Result<Command, NotHere> {
        let library = self.libmariadb.then(Library::fetch).transpose()?;
        let stem = self.script.trim_end_matches(".py").replace('/', "-");
        let name = format!("python-{stem}");
        let name = format!("{name}{}", self.variant);
        let packages = installed(&name, self.packages, library.as_ref())?;
        let mut python = Command::new("python3");
        let path = [packages.clone(), source("common")];
        python
            .env(
                "PYTHONPATH",
                path.map(|path| path.display().to_string()).join(":"),
            )
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // Sets of strings, and so the lists of some statements, have the same order in each run.
            .env("PYTHONHASHSEED", "0")
            .env("MYNAH_VARIANT", self.variant)
            .arg(source(self.script));
        if self.variant == "c" {
            // The package contains a newer OpenSSL, but would find the machine's first.
            python.env("LD_LIBRARY_PATH", packages.join("mysql/vendor"));
        }
        if let Some(library) = library {
            python
                .env("LD_LIBRARY_PATH", library.alone)
                .env("MARIADB_PLUGIN_DIR", library.plugins);
        }
        Ok(python)
    }
}

/// A folder with these packages, which are built with the library, if there is one.
pub(crate) fn installed(
    name: &str,
    packages: &[&str],
    library: Option<&Library>,
) -> Result<PathBuf, Reason> {
    servers::cached(name, &packages.join("\n"), |folder| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--timeout=30",
            "--retries=2",
        ])
        .arg("--target")
        .arg(folder)
        .args(packages);
        if let Some(library) = library {
            to_build_with(library, &mut pip);
        }
        servers::run_within(DOWNLOAD_TIMEOUT, &pip).map(drop)
    })
}

fn to_build_with(library: &Library, pip: &mut Command) {
    let (include, lib) = (library.include.display(), library.alone.display());
    pip.env("MYSQLCLIENT_CFLAGS", format!("-I{include}"))
        .env("MYSQLCLIENT_LDFLAGS", format!("-L{lib} -lmariadb"))
        .env("MARIADB_CONFIG", library.alone.join("mariadb_config"))
        .env("MARIADB_PLUGINDIR", &library.plugins);
}
