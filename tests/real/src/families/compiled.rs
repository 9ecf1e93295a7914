//! Programs that are compiled with Debian's packages, and sysbench, which is packaged as a program.

use std::{fs, path::PathBuf, process::Command};

use mynah_testkit::servers::{self, Packages, Reason, Root};

use crate::{
    client::{Client, NotHere, Program, source},
    families::scripting::bookworm,
};

/// A program in C or C++, with the packages it is compiled and run with.
#[derive(Clone, Copy, Debug)]
struct Compiled {
    packages: Packages,
    compiler: &'static str,
    file: &'static str,
    arguments: &'static [&'static str],
    library: &'static str,
    /// The driver that the program loads at run time, relative to the folder of libraries.
    driver: &'static str,
}

/// sysbench with our script.
#[derive(Clone, Copy, Debug)]
struct Sysbench;

/// sysbench with its own script for transactions that only read.
#[derive(Clone, Copy, Debug)]
struct ReadOnly;

/// An Erlang library and its virtual machine.
#[derive(Clone, Copy, Debug)]
struct Erlang;

pub(crate) fn clients() -> Vec<Client> {
    let odbc = Compiled {
        packages: Packages {
            alone: &["unixodbc-dev"],
            ..bookworm("odbc", &["odbc-mariadb", "libodbc2", "libodbcinst2"])
        },
        compiler: "cc",
        file: "odbc.c",
        arguments: &["-Wall", "-O1"],
        library: "libodbc.so.2",
        driver: "odbc/libmaodbc.so",
    };
    let cpp = Compiled {
        packages: Packages {
            alone: &["libmysqlcppconn-dev", "libboost1.74-dev"],
            ..bookworm("connector-cpp", &["libmysqlcppconn7v5", "libstdc++6"])
        },
        compiler: "c++",
        file: "connector-cpp.cc",
        // Its headers declare exceptions in the form before C++17.
        arguments: &["-std=c++14", "-Wno-deprecated", "-O1"],
        library: "libmysqlcppconn.so.7",
        driver: "",
    };
    vec![
        Client::new(
            "cpp",
            "connector-cpp-1.1",
            "Connector/C++ 1.1.12 on libmariadb",
            cpp,
        ),
        Client::new("odbc", "odbc-mariadb", "MariaDB ODBC 3.1.15", odbc),
        Client::new("erlang", "erlang-p1_mysql", "p1_mysql 1.0.21", Erlang)
            .not_by_router()
            .without_tls(),
        Client::new(
            "sysbench",
            "sysbench",
            "sysbench 1.0.20 on libmariadb",
            Sysbench,
        )
        .without_tls(),
    ]
}

impl Program for Compiled {
    fn command(&self) -> Result<Command, NotHere> {
        let root = self.packages.fetch()?;
        let libraries = libraries(&root)?;
        let mut wanted = format!("{self:?}");
        for path in [source(self.file), source("common/steps.h")] {
            wanted += &fs::read_to_string(&path).map_err(|source| Reason::Io { path, source })?;
        }
        let name = format!("{}-program", self.packages.name);
        let folder = servers::cached(&name, &wanted, |folder| {
            let mut compiler = Command::new(self.compiler);
            compiler
                .args(self.arguments)
                .args(["-Wl,--allow-shlib-undefined", "-o"])
                .arg(folder.join("program"))
                .arg("-I")
                .arg(root.path("usr/include"))
                .arg("-I")
                .arg(root.path("usr/include/x86_64-linux-gnu"))
                .arg(source(self.file))
                .arg(libraries.join(self.library));
            servers::run(&mut compiler).map(drop)
        })
        .map_err(NotHere::of_building)?;
        let mut command = root.command(&folder.join("program"));
        command
            .env("MYNAH_DRIVER", libraries.join(self.driver))
            .env("MARIADB_PLUGIN_DIR", libraries.join("libmariadb3/plugin"));
        Ok(command)
    }
}

impl Program for Sysbench {
    fn command(&self) -> Result<Command, NotHere> {
        let root = bookworm("sysbench", &["sysbench"]).fetch()?;
        let plugins = libraries(&root)?.join("libmariadb3/plugin");
        let mut command = Command::new("sh");
        let program = root.command(&root.path("usr/bin/sysbench"));
        // sysbench takes no options from the environment.
        command
            .arg("-c")
            .arg(
                "exec \"$@\" --db-driver=mysql --mysql-host=\"$MYNAH_HOST\" \
                 --mysql-port=\"$MYNAH_PORT\" --mysql-user=\"$MYNAH_USER\" \
                 --mysql-password=\"$MYNAH_PASSWORD\" --mysql-db=test --mysql-ignore-errors= \
                 --events=0 --time=1 --threads=1 run",
            )
            .arg("sysbench")
            .arg(program.get_program())
            .args(program.get_args())
            .arg(source("sysbench.lua"))
            .env("MARIADB_PLUGIN_DIR", plugins);
        Ok(command)
    }
}

/// A program that isn't a row of the table.
pub(crate) fn read_only() -> impl Program {
    ReadOnly
}

impl Program for ReadOnly {
    fn command(&self) -> Result<Command, NotHere> {
        let root = bookworm("sysbench", &["sysbench"]).fetch()?;
        let plugins = libraries(&root)?.join("libmariadb3/plugin");
        let scripts = root.path("usr/share/sysbench");
        let program = root.command(&root.path("usr/bin/sysbench"));
        let mut command = Command::new("sh");
        command
            .arg(source("recorded/oltp_read_only.sh"))
            .arg(program.get_program())
            .args(program.get_args())
            .arg(scripts.join("oltp_read_only.lua"))
            .env("LUA_PATH", scripts.join("?.lua"))
            .env("MARIADB_PLUGIN_DIR", plugins);
        Ok(command)
    }
}

impl Program for Erlang {
    fn command(&self) -> Result<Command, NotHere> {
        let root = bookworm(
            "erlang",
            &["erlang-base", "erlang-crypto", "erlang-p1-mysql"],
        )
        .fetch()?;
        let erlang = root.path("usr/lib/erlang");
        let erts = fs::read_dir(&erlang).into_iter().flatten().flatten();
        let beam = erts
            .map(|entry| entry.path().join("bin/beam.smp"))
            .find(|beam| beam.is_file())
            .ok_or_else(|| Reason::Missing(erlang.join("erts-*/bin/beam.smp")))?;
        // The program that `erl` would start, with the loader that belongs to it.
        let mut command = root.command(&beam);
        command
            .args(["--", "-root"])
            .arg(&erlang)
            .args(["-bindir"])
            .arg(beam.parent().unwrap_or(&erlang))
            .args(["-progname", "erl", "--", "-home", "/", "--"])
            .args(["-noshell", "-boot"])
            .arg(erlang.join("bin/start_clean"))
            .args(["-run", "escript", "start", "-extra"])
            .arg(source("erlang-p1.escript"))
            .env("BINDIR", beam.parent().unwrap_or(&erlang))
            .env("ROOTDIR", &erlang)
            .env("ERL_LIBS", erlang.join("lib"))
            .env("EMU", "beam");
        Ok(command)
    }
}

fn libraries(root: &Root) -> Result<PathBuf, Reason> {
    let libraries = root.libraries().map(PathBuf::from);
    libraries.ok_or_else(|| Reason::Missing(root.path("usr/lib")))
}
