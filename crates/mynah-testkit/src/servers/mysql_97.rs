use std::{path::Path, process::Command};

use super::{
    Account, Recipe, Root,
    account::{PASSWORD, SCHEMA},
    apt::Packages,
    program::run,
    unavailable::Reason,
};

/// MySQL 9.7, from Debian sid.
#[derive(Debug)]
pub(crate) struct MySql97;

const PACKAGES: Packages = Packages {
    name: "mysql-9.7",
    suite: "sid",
    complete: &[
        "mysql-server-core",
        "mysql-client-core",
        "libmysqlclient24",
        "mysql-router",
    ],
    alone: &["libmysqlclient-dev"],
};

const ACCOUNTS: [Account; 3] = [
    Account::new("sha2", "caching_sha2_password"),
    Account::new("sha256", "sha256_password"),
    Account::without_password("nobody", "caching_sha2_password"),
];

impl Recipe for MySql97 {
    fn fetch(&self) -> Result<Root, Reason> {
        PACKAGES.fetch()
    }

    fn initialise(&self, root: &Root, dir: &Path) -> Result<(), Reason> {
        let mut command = mysqld(root);
        command
            .arg("--initialize-insecure")
            .arg(format!("--datadir={}", dir.join("data").display()));
        run(&mut command).map(drop)
    }

    fn statements(&self) -> String {
        let mut sql = format!("CREATE DATABASE IF NOT EXISTS {SCHEMA};\n");
        for Account {
            user,
            password,
            plugin,
        } in ACCOUNTS
        {
            let by = if password.is_empty() {
                String::new()
            } else {
                format!(" BY '{PASSWORD}'")
            };
            sql += &format!("CREATE USER IF NOT EXISTS {user} IDENTIFIED WITH {plugin}{by};\n");
            sql += &format!("GRANT ALL ON *.* TO {user} WITH GRANT OPTION;\n");
        }
        sql
    }

    fn command(&self, root: &Root, dir: &Path, x_port: u16) -> Command {
        let mut command = mysqld(root);
        command
            .args([
                "--server-id=1",
                "--log-bin=binlog",
                "--gtid-mode=ON",
                "--enforce-gtid-consistency=ON",
            ])
            .args([
                "--performance-schema=OFF",
                "--local-infile=ON",
                "--mysqlx-bind-address=127.0.0.1",
            ])
            .arg(format!("--mysqlx-port={x_port}"))
            .arg(format!(
                "--mysqlx-socket={}",
                dir.join("x-socket").display()
            ));
        command
    }

    fn speaks_x(&self) -> bool {
        true
    }

    fn accounts(&self) -> &'static [Account] {
        &ACCOUNTS
    }
}

fn mysqld(root: &Root) -> Command {
    let mut command = root.command(&root.path("usr/sbin/mysqld"));
    let path = |option: &str, below: &str| format!("--{option}={}", root.path(below).display());
    command
        .args(["--no-defaults", "--user=root", "--secure-file-priv="])
        .arg(path("basedir", "usr"))
        .arg(path("lc-messages-dir", "usr/share/mysql"))
        .arg(path("character-sets-dir", "usr/share/mysql/charsets"))
        .arg(path("plugin-dir", "usr/lib/mysql/plugin"));
    command
}
