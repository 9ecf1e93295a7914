use std::{path::Path, process::Command};

use super::{Account, Recipe, Root, apt::Packages, mariadb, unavailable::Reason};
use crate::fixtures_folder;

/// MariaDB 10.11, from Debian bookworm.
#[derive(Debug)]
pub(crate) struct MariaDb1011;

const PACKAGES: Packages = Packages {
    name: "mariadb-10.11",
    suite: "bookworm",
    complete: &["mariadb-server-core", "mariadb-client-core", "libmariadb3"],
    alone: &["mariadb-server", "mariadb-client", "libmariadb-dev"],
};

const ACCOUNTS: [Account; 4] = [
    Account::new("native", "mysql_native_password"),
    Account::new("ed25519", "ed25519"),
    Account::new("old", "mysql_old_password"),
    Account::without_password("nobody", "mysql_native_password"),
];

impl Recipe for MariaDb1011 {
    fn fetch(&self) -> Result<Root, Reason> {
        PACKAGES.fetch()
    }

    fn initialise(&self, root: &Root, dir: &Path) -> Result<(), Reason> {
        mariadb::initialise(root, dir, SHARE, &SCRIPTS)
    }

    fn statements(&self) -> String {
        mariadb::statements(&["auth_ed25519"], &ACCOUNTS)
    }

    fn command(&self, root: &Root, _dir: &Path, _x_port: u16) -> Command {
        let mut command = mariadb::mariadbd(root, SHARE);
        command.args(mariadb::OPTIONS);
        // Newer versions make their own certificate.
        let tls = fixtures_folder("tls");
        for (option, file) in [("ca", "ca"), ("cert", "server"), ("key", "server-key")] {
            let file = tls.join(file).with_extension("pem");
            command.arg(format!("--ssl-{option}={}", file.display()));
        }
        command
    }

    fn accounts(&self) -> &'static [Account] {
        &ACCOUNTS
    }
}

const SHARE: &str = "usr/share/mysql";

const SCRIPTS: [&str; 5] = [
    "mysql_system_tables.sql",
    "mysql_performance_tables.sql",
    "mysql_system_tables_data.sql",
    "fill_help_tables.sql",
    "mysql_sys_schema.sql",
];
