use std::{env, fs, path::PathBuf, process::Command};

use mynah_testkit::servers::{self, Reason};

use crate::{
    client::{Client, NotHere, Program, source},
    families::libmariadb::Library,
};

/// A program of the project in `clients/rust`.
#[derive(Debug)]
struct Rust(&'static str);

pub(crate) fn clients() -> Vec<Client> {
    let client = |name, about, bin| Client::new("rust", name, about, Rust(bin));
    vec![
        client("rust-mysql", "mysql 28.0.4", "mysql"),
        client("rust-mysql_async", "mysql_async 0.37.1", "mysql_async"),
        client("rust-sqlx", "sqlx 0.9.0", "sqlx"),
        client("rust-diesel", "Diesel 2.3.14 on libmariadb", "diesel"),
    ]
}

impl Program for Rust {
    fn command(&self) -> Result<Command, NotHere> {
        let library = Library::fetch()?;
        let target = target()?;
        let cargo = |arguments: &[&str]| {
            let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo
                .args(arguments)
                .args(["--quiet", "--locked", "--manifest-path"])
                .arg(source("rust/Cargo.toml"));
            cargo
        };
        servers::run(&mut cargo(&["fetch"]))?;
        let mut build = cargo(&["build", "--offline"]);
        build
            .arg("--target-dir")
            .arg(&target)
            .env("MYSQLCLIENT_LIB_DIR", &library.alone)
            // The library counts by itself.
            .env("MYSQLCLIENT_VERSION", "3.3.14")
            .env("MYSQLCLIENT_LIBNAME", "mariadb")
            // The machine's own is another one.
            .env("MYSQLCLIENT_NO_PKG_CONFIG", "1")
            .env("LIBMARIADB_NO_PKG_CONFIG", "1")
            .env("RUSTFLAGS", "-C link-arg=-Wl,--allow-shlib-undefined");
        servers::run(&mut build).map_err(NotHere::of_building)?;
        let mut command = Command::new(target.join("debug").join(self.0));
        command
            .env("LD_LIBRARY_PATH", library.alone)
            .env("MARIADB_PLUGIN_DIR", library.plugins);
        Ok(command)
    }
}

/// Where they are built: beside the rest of what is kept, so that a second run is quick.
fn target() -> Result<PathBuf, Reason> {
    let target = servers::cache_folder()?.join("rust-target");
    fs::create_dir_all(&target).map_err(|source| Reason::Io {
        path: target.clone(),
        source,
    })?;
    Ok(target)
}
