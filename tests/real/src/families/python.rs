use std::{fs, os::unix::fs::symlink, path::PathBuf, process::Command};

use mynah_testkit::servers::{self, RealServer, Reason};

use crate::client::{Client, NotHere, Program, source};

/// A Python program, and what pip fetches for it into a folder of its own.
#[derive(Debug)]
struct Python {
    script: &'static str,
    packages: &'static [&'static str],
    variant: &'static str,
    /// Built against MariaDB's client library, which it then needs.
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
        ),
        client(
            "python-asyncmy",
            "asyncmy 0.2.18",
            Python {
                variant: "asyncmy",
                ..python("python-aiomysql.py", &["asyncmy==0.2.18", "cryptography"])
            },
        ),
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

impl Program for Python {
    fn command(&self) -> Result<Command, NotHere> {
        let library = self.libmariadb.then(Library::fetch).transpose()?;
        let name = format!("python-{}", self.script.trim_end_matches(".py"));
        let packages = servers::cached(
            &format!("{name}{}", self.variant),
            &self.packages.join("\n"),
            |folder| {
                let mut pip = Command::new("python3");
                pip.args(["-m", "pip", "install", "--quiet", "--target"])
                    .arg(folder)
                    .args(self.packages);
                if let Some(library) = &library {
                    library.to_build_with(&mut pip);
                }
                servers::run(&mut pip).map(drop)
            },
        )?;
        let mut python = Command::new("python3");
        let path = [packages.clone(), source("common")];
        python
            .env(
                "PYTHONPATH",
                path.map(|path| path.display().to_string()).join(":"),
            )
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("MYNAH_VARIANT", self.variant)
            .arg(source(self.script));
        if self.variant == "c" {
            // It brings an OpenSSL of its own, and finds the machine's older one first.
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

/// MariaDB's client library, out of the packages of MariaDB 10.11.
struct Library {
    include: PathBuf,
    /// A folder with it and nothing else: the C library beside it isn't the machine's.
    alone: PathBuf,
    plugins: PathBuf,
}

impl Library {
    fn fetch() -> Result<Self, NotHere> {
        let root = RealServer::MariaDb1011.fetch()?;
        let Some(libraries) = root.libraries() else {
            return Err(Reason::Missing(root.path("usr/lib")).into());
        };
        let (plugins, real) = (
            libraries.join("libmariadb3/plugin"),
            libraries.join("libmariadb.so.3"),
        );
        let alone = servers::cached("libmariadb", &real.display().to_string(), |folder| {
            for name in ["libmariadb.so.3", "libmariadb.so"] {
                let link = folder.join(name);
                symlink(&real, &link).map_err(|source| Reason::Io { path: link, source })?;
            }
            // Asked by what builds on the library; the real one names folders of the machine.
            let config = folder.join("mariadb_config");
            fs::write(
                &config,
                format!(
                    "#!/bin/sh\nroot={}\nlib={}\nplugins={}\n{CONFIG}",
                    root.path("usr").display(),
                    folder.with_extension("").display(),
                    plugins.display()
                ),
            )
            .and_then(|()| {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(&config, fs::Permissions::from_mode(0o755))
            })
            .map_err(|source| Reason::Io {
                path: config,
                source,
            })
        })?;
        Ok(Self {
            include: root.path("usr/include/mariadb"),
            alone,
            plugins,
        })
    }

    fn to_build_with(&self, pip: &mut Command) {
        let (include, lib) = (self.include.display(), self.alone.display());
        pip.env("MYSQLCLIENT_CFLAGS", format!("-I{include}"))
            .env("MYSQLCLIENT_LDFLAGS", format!("-L{lib} -lmariadb"))
            .env("MARIADB_CONFIG", self.alone.join("mariadb_config"))
            .env("MARIADB_PLUGINDIR", &self.plugins);
    }
}

const CONFIG: &str = r#"case "$1" in
--cflags|--include) echo "-I$root/include/mariadb" ;;
--libs|--libs_r) echo "-L$lib -lmariadb" ;;
--plugindir) echo "$plugins" ;;
--cc_version|--version) echo 3.3.14 ;;
--tlsinfo) echo OpenSSL ;;
esac
"#;
