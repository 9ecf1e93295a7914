use std::{fs, process::Command};

use mynah_testkit::servers::{self, Packages, Reason};

use crate::{
    client::{Client, NotHere, Program, source},
    column::Place,
};

/// A version of MariaDB Connector/J, run by the machine's own Java.
#[derive(Clone, Copy, Debug)]
struct Jdbc(Packages);

pub(crate) fn clients() -> Vec<Client> {
    let packages = |name, suite| Packages {
        name,
        suite,
        complete: &[],
        alone: &["libmariadb-java"],
    };
    let old = Jdbc(packages("jdbc-mariadb-2.7", "bookworm"));
    let new = Jdbc(packages("jdbc-mariadb-3.5", "sid"));
    vec![
        Client::new("java", "jdbc-mariadb-2.7", "MariaDB Connector/J 2.7.6", old).skip(
            Place::is_router,
            "MySQL Router now and then loses commands sent ahead, with MySQL 9.7 behind it, too",
        ),
        Client::new(
            "java",
            "jdbc-mariadb-3.5",
            "MariaDB Connector/J 3.5.10",
            new,
        ),
    ]
}

impl Program for Jdbc {
    fn command(&self) -> Result<Command, NotHere> {
        let jar = self
            .0
            .unpacked()?
            .join("usr/share/java/mariadb-java-client.jar");
        let file = source(SOURCE);
        let wanted = fs::read_to_string(&file).map_err(|source| Reason::Io {
            path: file.clone(),
            source,
        })?;
        let classes = servers::cached("jdbc-mariadb-program", &wanted, |folder| {
            let mut javac = Command::new("javac");
            javac
                .args(["-encoding", "UTF-8", "-d"])
                .arg(folder)
                .arg(&file);
            servers::run(&mut javac).map(drop)
        })
        .map_err(NotHere::of_building)?;
        let mut java = Command::new("java");
        // It's run for a moment: nothing is worth being compiled well.
        java.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"])
            .arg(format!("{}:{}", classes.display(), jar.display()))
            .arg(SOURCE.trim_end_matches(".java"));
        Ok(java)
    }
}

const SOURCE: &str = "JdbcMariaDb.java";
