use std::{fs, process::Command};

use mynah_testkit::servers::{self, RealServer, Reason};

use crate::client::{Client, NotHere, Program, source};

/// The C API of the library in a server's packages.
#[derive(Debug)]
struct Api(RealServer);

/// The command line client in a server's packages.
#[derive(Debug)]
struct Cli(RealServer);

pub(crate) fn clients() -> Vec<Client> {
    let api = |name, about, of| Client::new("c", name, about, Api(of));
    let cli = |name, about, of| Client::new("cli", name, about, Cli(of));
    vec![
        api(
            "c-libmysqlclient",
            "libmysqlclient of MySQL 9.7",
            RealServer::MySql97,
        ),
        api(
            "c-libmariadb-11.8",
            "libmariadb of MariaDB 11.8",
            RealServer::MariaDb118,
        ),
        api(
            "c-libmariadb-10.11",
            "libmariadb of MariaDB 10.11",
            RealServer::MariaDb1011,
        ),
        cli("cli-mysql", "mysql of MySQL 9.7", RealServer::MySql97),
        cli(
            "cli-mariadb-11.8",
            "mariadb of MariaDB 11.8",
            RealServer::MariaDb118,
        ),
        cli(
            "cli-mariadb-10.11",
            "mariadb of MariaDB 10.11",
            RealServer::MariaDb1011,
        ),
    ]
}

impl Program for Api {
    fn command(&self) -> Result<Command, NotHere> {
        let root = self.0.fetch()?;
        let program = compiled(self.0, "c-api.c")?;
        let mut command = root.command(&program);
        command.env("MYNAH_PLUGINS", servers::client_plugins(self.0, &root));
        Ok(command)
    }
}

/// One of our C programs, compiled unless that was done before.
pub(crate) fn compiled(of: RealServer, file: &'static str) -> Result<std::path::PathBuf, NotHere> {
    let root = of.fetch()?;
    let mut wanted = String::new();
    for path in [source(file), source("common/steps.h")] {
        wanted += &fs::read_to_string(&path).map_err(|source| Reason::Io { path, source })?;
    }
    let name = format!("{}-{of}", file.trim_end_matches(".c"));
    let folder = servers::cached(&name, &wanted, |folder| {
        servers::compile(of, &root, &source(file), &folder.join("program"))
    })
    .map_err(NotHere::of_building)?;
    Ok(folder.join("program"))
}

impl Program for Cli {
    fn command(&self) -> Result<Command, NotHere> {
        let root = self.0.fetch()?;
        let (name, on, off) = match self.0.product() {
            "MySQL" => (
                "usr/bin/mysql",
                "--ssl-mode=REQUIRED",
                "--ssl-mode=DISABLED",
            ),
            _ => (
                "usr/bin/mariadb",
                "--ssl --skip-ssl-verify-server-cert",
                "--skip-ssl",
            ),
        };
        let mut command = Command::new("sh");
        let client = root.command(&root.path(name));
        command
            .arg(source("cli.sh"))
            .arg(client.get_program())
            .args(client.get_args())
            .env("MYNAH_TLS_ON", on)
            .env("MYNAH_TLS_OFF", off);
        let plugins = servers::client_plugins(self.0, &root);
        command.env("MYNAH_PLUGINS", plugins);
        Ok(command)
    }
}
