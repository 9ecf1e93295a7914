use std::{fs, process::Command};

use mynah_testkit::servers::{self, Packages, Reason};

use crate::client::{Client, NotHere, Program, source};

/// The driver of `database/sql`, and the Go that compiles it.
#[derive(Clone, Copy, Debug)]
struct Go {
    packages: Packages,
    /// Go's own folder.
    root: &'static str,
    /// The program's source files.
    files: &'static [&'static str],
}

pub(crate) fn clients() -> Vec<Client> {
    let old = Go {
        packages: Packages {
            name: "go-1.19",
            suite: "bookworm",
            complete: &[],
            alone: &[
                "golang-1.19-go",
                "golang-1.19-src",
                "golang-github-go-sql-driver-mysql-dev",
            ],
        },
        root: "usr/lib/go-1.19",
        files: &["go-sql-driver.go", "go-state-1.5.go"],
    };
    let new = of_today(&["go-sql-driver.go", "go-state-1.10.go"]);
    vec![
        Client::new(
            "go",
            "go-sql-driver-1.5",
            "go-sql-driver/mysql 1.5.0, Go 1.19",
            old,
        )
        .not_by_router(),
        Client::new(
            "go",
            "go-sql-driver-1.10",
            "go-sql-driver/mysql 1.10.1, Go 1.27",
            new,
        ),
    ]
}

/// A program that isn't a row of the table.
pub(crate) fn program(files: &'static [&'static str]) -> impl Program {
    of_today(files)
}

const fn of_today(files: &'static [&'static str]) -> Go {
    Go {
        packages: Packages {
            name: "go-1.27",
            suite: "sid",
            complete: &[],
            alone: &[
                "golang-1.27-go",
                "golang-1.27-src",
                "golang-github-go-sql-driver-mysql-dev",
                "golang-filippo-edwards25519-dev",
            ],
        },
        root: "usr/lib/go-1.27",
        files,
    }
}

impl Program for Go {
    fn command(&self) -> Result<Command, NotHere> {
        let root = self.packages.unpacked()?;
        let files: Vec<_> = self.files.iter().map(|file| source(file)).collect();
        let mut wanted = String::new();
        for path in &files {
            let io = |source| Reason::Io {
                path: path.clone(),
                source,
            };
            wanted += &fs::read_to_string(path).map_err(io)?;
        }
        let stem = self
            .files
            .first()
            .map_or("", |file| file.trim_end_matches(".go"));
        let name = format!("{}-{}", self.packages.name, stem.replace('/', "-"));
        let folder = servers::cached(&name, &wanted, |folder| {
            // The folder contains parts of two packages, which Go needs to have named on one line.
            let mut go = Command::new(root.join(self.root).join("bin/go"));
            go.arg("build")
                .arg("-o")
                .arg(folder.join("program"))
                .args(&files)
                .env("GOROOT", root.join(self.root))
                .env("GOPATH", root.join("usr/share/gocode"))
                .env("GOCACHE", folder.join("cache"))
                .env("GO111MODULE", "off")
                .env("GOTOOLCHAIN", "local")
                .env("CGO_ENABLED", "0");
            servers::run(&mut go)?;
            let cache = folder.join("cache");
            fs::remove_dir_all(&cache).map_err(|source| Reason::Io {
                path: cache,
                source,
            })
        })
        .map_err(NotHere::of_building)?;
        Ok(Command::new(folder.join("program")))
    }
}
