use std::{path::PathBuf, process::Command};

use mynah_testkit::servers::{self, RealServer, Reason};

use crate::{
    client::{Client, DOWNLOAD_TIMEOUT, NotHere, Program, source},
    column::Place,
};

/// A Node.js program, and the packages that npm installs for it into a separate folder.
#[derive(Debug)]
struct Node {
    script: &'static str,
    packages: &'static [&'static str],
}

pub(crate) fn clients() -> Vec<Client> {
    let client =
        |name, about, script, packages| Client::new("node", name, about, Node { script, packages });
    vec![
        client(
            "node-mysql",
            "mysql 2.18.1",
            "node-mysql.js",
            &["mysql@2.18.1"],
        )
        .skip(
            wants_caching_sha2,
            "the client doesn't have the method caching_sha2_password",
        ),
        client(
            "node-mysql2",
            "mysql2 3.24.5",
            "node-mysql2.js",
            &["mysql2@3.24.5"],
        ),
        client(
            "node-mariadb",
            "mariadb 3.5.4",
            "node-mariadb.js",
            &["mariadb@3.5.4"],
        ),
        client(
            "node-knex",
            "Knex 3.3.0 on mysql2",
            "node-knex.js",
            &["knex@3.3.0", "mysql2@3.24.5"],
        ),
        client(
            "node-sequelize",
            "Sequelize 6.37.8 on mysql2",
            "node-sequelize.js",
            &["sequelize@6.37.8", "mysql2@3.24.5"],
        ),
        client(
            "node-typeorm",
            "TypeORM 1.1.1 on mysql2",
            "node-typeorm.js",
            &["typeorm@1.1.1", "mysql2@3.24.5"],
        ),
    ]
}

/// A program that isn't a row of the table of classic clients.
pub(crate) fn program(script: &'static str, packages: &'static [&'static str]) -> impl Program {
    Node { script, packages }
}

/// Places where clients have to log in by that method.
pub(crate) fn wants_caching_sha2(place: Place) -> bool {
    matches!(
        place,
        Place::MockTls
            | Place::Router
            | Place::Direct(RealServer::MySql97)
            | Place::Proxy(RealServer::MySql97)
    )
}

impl Program for Node {
    fn command(&self) -> Result<Command, NotHere> {
        let name = self.script.trim_end_matches(".js").replace('/', "-");
        let packages = installed(&name, self.packages)?;
        let mut node = Command::new("node");
        node.env("NODE_PATH", packages.join("node_modules"))
            .arg(source(self.script));
        Ok(node)
    }
}

/// A folder with these packages.
pub(crate) fn installed(name: &str, packages: &[&str]) -> Result<PathBuf, Reason> {
    servers::cached(name, &packages.join("\n"), |folder| {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--fetch-timeout=30000",
            "--fetch-retries=2",
            "--prefix",
        ])
        .arg(folder)
        .args(packages);
        servers::run_within(DOWNLOAD_TIMEOUT, &npm).map(drop)
    })
}
