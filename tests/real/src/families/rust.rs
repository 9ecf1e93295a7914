use std::{env, fs, os::unix::fs::symlink, path::PathBuf, process::Command};

use mynah_testkit::servers::{self, RealServer, Reason, Root};

use crate::client::{Client, DOWNLOAD_TIMEOUT, NotHere, Program, source};

/// A program of the project in `clients/rust`.
#[derive(Debug)]
struct Rust(&'static str);

pub(crate) fn clients() -> Vec<Client> {
    let client = |name, about, bin| Client::new("rust", name, about, Rust(bin));
    vec![
        client("rust-mysql", "mysql 28.0.4", "mysql"),
        client("rust-mysql_async", "mysql_async 0.37.1", "mysql_async"),
        client("rust-sqlx", "sqlx 0.9.0", "sqlx"),
        client(
            "rust-diesel",
            "Diesel 2.3.14 on libmysqlclient 9.7",
            "diesel",
        ),
    ]
}

/// A program that isn't a row of the table.
pub(crate) fn program(bin: &'static str) -> impl Program {
    Rust(bin)
}

impl Program for Rust {
    fn command(&self) -> Result<Command, NotHere> {
        let root = RealServer::MySql97.fetch()?;
        let library = library(&root)?;
        let target = target()?;
        let cargo = |arguments: &[&str]| {
            let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo
                .args(arguments)
                .args(["--quiet", "--locked", "--manifest-path"])
                .arg(source("rust/Cargo.toml"));
            cargo
        };
        servers::run_within(DOWNLOAD_TIMEOUT, &cargo(&["fetch"]))?;
        let mut build = cargo(&["build", "--offline"]);
        build
            .arg("--target-dir")
            .arg(&target)
            .env("MYSQLCLIENT_LIB_DIR", &library)
            // The newest version that it knows; the interface is the same.
            .env("MYSQLCLIENT_VERSION", "9.5.0")
            // The machine's own library has another version.
            .env("MYSQLCLIENT_NO_PKG_CONFIG", "1")
            .env("LIBMARIADB_NO_PKG_CONFIG", "1")
            .env("RUSTFLAGS", "-C link-arg=-Wl,--allow-shlib-undefined");
        servers::run(&mut build).map_err(NotHere::of_building)?;
        let program = target.join("debug").join(self.0);
        // Only Diesel needs the library, which in turn needs the libraries and the loader it was
        // built with.
        Ok(match self.0 {
            "diesel" => {
                let mut diesel = root.command(&program);
                let plugins = servers::client_plugins(RealServer::MySql97, &root);
                diesel.env("LIBMYSQL_PLUGIN_DIR", plugins);
                diesel
            }
            _ => Command::new(program),
        })
    }
}

/// A folder with only MySQL's client library.
fn library(root: &Root) -> Result<PathBuf, Reason> {
    let name = "libmysqlclient.so";
    let libraries = root
        .libraries()
        .ok_or_else(|| Reason::Missing(root.path("usr/lib")))?;
    let real = libraries.join(name);
    servers::cached("libmysqlclient", &real.display().to_string(), |folder| {
        let link = folder.join(name);
        symlink(&real, &link).map_err(|source| Reason::Io { path: link, source })
    })
}

/// The build folder: next to the downloads, so that a second run is fast.
fn target() -> Result<PathBuf, Reason> {
    let target = servers::cache_folder()?.join("rust-target");
    fs::create_dir_all(&target).map_err(|source| Reason::Io {
        path: target.clone(),
        source,
    })?;
    Ok(target)
}
