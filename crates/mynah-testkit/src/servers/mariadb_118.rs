use std::{path::Path, process::Command};

use super::{Account, Recipe, Root, apt::Packages, mariadb, program::run, unavailable::Reason};

/// MariaDB 11.8, from Debian sid.
#[derive(Debug)]
pub(crate) struct MariaDb118;

const PACKAGES: Packages = Packages {
    name: "mariadb-11.8",
    suite: "sid",
    complete: &["mariadb-server-core", "mariadb-client-core", "libmariadb3"],
    alone: &["mariadb-server", "mariadb-client", "libmariadb-dev"],
};

const ACCOUNTS: [Account; 5] = [
    Account::new("native", "mysql_native_password"),
    Account::new("ed25519", "ed25519"),
    Account::new("parsec", "parsec"),
    Account::new("sha2", "caching_sha2_password"),
    Account::without_password("nobody", "mysql_native_password"),
];

impl Recipe for MariaDb118 {
    fn fetch(&self) -> Result<Root, Reason> {
        PACKAGES.fetch()
    }

    /// Also makes the key pair that loading caching_sha2_password requires.
    fn initialise(&self, root: &Root, dir: &Path) -> Result<(), Reason> {
        mariadb::initialise(root, dir, SHARE, &SCRIPTS)?;
        let key = |name| dir.join("data").join(name);
        let openssl = || Command::new("openssl");
        run(openssl()
            .args(["genrsa", "-traditional", "-out"])
            .arg(key("private_key.pem"))
            .arg("2048"))?;
        let mut public = openssl();
        public
            .args(["rsa", "-pubout", "-in"])
            .arg(key("private_key.pem"))
            .arg("-out")
            .arg(key("public_key.pem"));
        run(&mut public).map(drop)
    }

    fn statements(&self) -> String {
        mariadb::statements(
            &["auth_ed25519", "auth_parsec", "auth_mysql_sha2"],
            &ACCOUNTS,
        )
    }

    fn command(&self, root: &Root, _dir: &Path, _x_port: u16) -> Command {
        let mut command = mariadb::mariadbd(root, SHARE);
        // When loaded, PAM uses mysql_clear_password; in MariaDB 10.11 it uses dialog.
        command
            .args(mariadb::OPTIONS)
            .arg("--loose-pam-use-cleartext-plugin=ON");
        command
    }

    fn accounts(&self) -> &'static [Account] {
        &ACCOUNTS
    }
}

const SHARE: &str = "usr/share/mariadb";

const SCRIPTS: [&str; 5] = [
    "mariadb_system_tables.sql",
    "mariadb_performance_tables.sql",
    "mariadb_system_tables_data.sql",
    "fill_help_tables.sql",
    "mariadb_sys_schema.sql",
];
