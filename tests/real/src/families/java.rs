use std::{fs, process::Command};

use mynah_testkit::servers::{self, Packages, Reason};

use crate::{
    client::{Client, NotHere, Program, source},
    column::Place,
};

/// A program with a version of MariaDB Connector/J, run by the machine's own Java.
#[derive(Clone, Copy, Debug)]
struct Jdbc {
    packages: Packages,
    /// The file of its only class.
    source: &'static str,
}

pub(crate) fn clients() -> Vec<Client> {
    let old = Jdbc {
        packages: packages("jdbc-mariadb-2.7", "bookworm"),
        source: "JdbcMariaDb.java",
    };
    let new = of_today("JdbcMariaDb.java");
    vec![
        Client::new("java", "jdbc-mariadb-2.7", "MariaDB Connector/J 2.7.6", old).skip(
            Place::is_router,
            "MySQL Router sometimes loses commands that the client sends ahead, even in front of MySQL 9.7",
        ),
        Client::new(
            "java",
            "jdbc-mariadb-3.5",
            "MariaDB Connector/J 3.5.10",
            new,
        ),
    ]
}

/// A program that isn't a row of the table.
pub(crate) fn program(source: &'static str) -> impl Program {
    of_today(source)
}

const fn of_today(source: &'static str) -> Jdbc {
    Jdbc {
        packages: packages("jdbc-mariadb-3.5", "sid"),
        source,
    }
}

const fn packages(name: &'static str, suite: &'static str) -> Packages {
    Packages {
        name,
        suite,
        complete: &[],
        alone: &["libmariadb-java"],
    }
}

impl Program for Jdbc {
    fn command(&self) -> Result<Command, NotHere> {
        let jar = self
            .packages
            .unpacked()?
            .join("usr/share/java/mariadb-java-client.jar");
        let file = source(self.source);
        let stem = file.file_stem().unwrap_or_default();
        let wanted = fs::read_to_string(&file).map_err(|source| Reason::Io {
            path: file.clone(),
            source,
        })?;
        let name = format!("java-{}", stem.display());
        let classes = servers::cached(&name, &wanted, |folder| {
            let mut javac = Command::new("javac");
            javac
                .args(["-encoding", "UTF-8", "-d"])
                .arg(folder)
                .arg(&file);
            servers::run(&mut javac).map(drop)
        })
        .map_err(NotHere::of_building)?;
        let mut java = Command::new("java");
        // The program runs for a moment, so compiling it well isn't worth it.
        java.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"])
            .arg(format!("{}:{}", classes.display(), jar.display()))
            .arg(stem);
        Ok(java)
    }
}
