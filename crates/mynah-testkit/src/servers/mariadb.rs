//! Code for all versions of MariaDB.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

use super::{
    Account, Root,
    account::{PASSWORD, SCHEMA},
    program::run,
    unavailable::{Reason, io_at},
};

/// Makes the system tables: the server reads its own scripts, one statement a line.
pub(crate) fn initialise(
    root: &Root,
    dir: &Path,
    share: &str,
    scripts: &[&str],
) -> Result<(), Reason> {
    let data = dir.join("data");
    let (schema, bootstrap) = (data.join("mysql"), dir.join("bootstrap.sql"));
    fs::create_dir_all(&schema).map_err(io_at(&schema))?;
    let mut sql = "USE mysql;\n".to_owned();
    for script in scripts {
        let path = root.path(share).join(script);
        sql += &fs::read_to_string(&path).map_err(io_at(path))?;
    }
    fs::write(&bootstrap, sql).map_err(io_at(&bootstrap))?;
    let input = File::open(&bootstrap).map_err(io_at(&bootstrap))?;
    let mut command = mariadbd(root, share);
    command
        .arg("--bootstrap")
        .arg(format!("--datadir={}", data.display()))
        // Otherwise two servers that are made at once remove each other's temporary tables.
        .arg(format!("--tmpdir={}", dir.display()))
        .stdin(Stdio::from(input));
    run(&mut command).map(drop)
}

pub(crate) fn mariadbd(root: &Root, share: &str) -> Command {
    let mut command = root.command(&root.path("usr/sbin/mariadbd"));
    let path = |option: &str, below: &str| format!("--{option}={}", root.path(below).display());
    command
        .args(["--no-defaults", "--user=root"])
        .arg(path("basedir", "usr"))
        .arg(path("lc-messages-dir", share))
        .arg(path("character-sets-dir", &format!("{share}/charsets")))
        .arg(path("plugin-dir", "usr/lib/mysql/plugin"));
    command
}

/// The statements that load plugins and make the schema and the accounts.
pub(crate) fn statements(plugins: &[&str], accounts: &[Account]) -> String {
    let mut sql = format!("CREATE DATABASE IF NOT EXISTS {SCHEMA};\n");
    for plugin in plugins {
        sql += &format!("INSTALL SONAME '{plugin}';\n");
    }
    for Account {
        user,
        password,
        plugin,
    } in accounts
    {
        let secret = if password.is_empty() {
            String::new()
        } else {
            format!(" USING PASSWORD('{PASSWORD}')")
        };
        sql += &format!("CREATE USER IF NOT EXISTS {user} IDENTIFIED VIA {plugin}{secret};\n");
        sql += &format!("GRANT ALL ON *.* TO {user} WITH GRANT OPTION;\n");
    }
    sql
}

/// Options for all versions.
pub(crate) const OPTIONS: [&str; 4] = [
    "--server-id=1",
    "--log-bin=binlog",
    "--local-infile=ON",
    "--secure-auth=OFF",
];
