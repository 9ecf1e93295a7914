use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use mynah_testkit::servers::{self, RealServer, Reason, Root, Unavailable};

use crate::asked::Asked;
use crate::client::{Client, Library};

/// Why a client can't be run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error(transparent)]
    Library(#[from] Unavailable),
    #[error(transparent)]
    Program(#[from] Reason),
}

/// Compiles and downloads clients when they are first needed.
#[derive(Debug)]
pub(crate) struct Clients<'a> {
    /// The folder for compiled programs.
    folder: &'a Path,
    compiled: Mutex<HashMap<(Library, &'static str), PathBuf>>,
}

impl<'a> Clients<'a> {
    pub(crate) fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            compiled: Mutex::default(),
        }
    }

    /// The command that carries out a task at an address.
    pub(crate) fn command(
        &self,
        asked: &Asked,
        address: SocketAddr,
    ) -> Result<Command, ClientError> {
        let mut command = self.program(asked.client)?;
        let host = address.ip().to_string();
        let port = address.port().to_string();
        // The folder with the files that LOAD DATA LOCAL sends.
        command.current_dir(source_file("."));
        if let Client::Cli(of) = asked.client {
            let plugins = servers::client_plugins(of, &of.fetch()?);
            let no_tls = if of == RealServer::MySql97 {
                "--ssl-mode=DISABLED"
            } else {
                "--skip-ssl"
            };
            command
                .args([
                    "--no-defaults",
                    &format!("--plugin-dir={}", plugins.display()),
                    "--protocol=TCP",
                    "--host",
                    &host,
                    "--port",
                    &port,
                ])
                .args([
                    "--user",
                    asked.user,
                    &format!("--password={}", asked.password),
                    no_tls,
                ])
                .args(asked.options.iter().map(|option| format!("--{option}")))
                .args(asked.schema);
            for statement in &asked.arguments {
                command.arg("--execute").arg(statement);
            }
            return Ok(command);
        }
        let options = self.options(asked)?;
        command
            .args([
                host.as_str(),
                &port,
                asked.user,
                or_dash(asked.password),
                asked.schema.unwrap_or("-"),
            ])
            .arg(or_dash(&options))
            .args(&asked.arguments);
        Ok(command)
    }

    fn program(&self, client: Client) -> Result<Command, ClientError> {
        Ok(match client {
            Client::C(library, source) => {
                let root = library.0.fetch()?;
                root.command(&self.compiled(library, &root, source)?)
            }
            Client::Python(script) => {
                let packages = servers::cached("python", &PYTHON.join("\n"), |folder| {
                    let mut pip = Command::new("python3");
                    pip.args(["-m", "pip", "install", "--quiet", "--target"])
                        .arg(folder)
                        .args(PYTHON);
                    servers::run(&mut pip).map(drop)
                })?;
                let mut python = Command::new("python3");
                python.env("PYTHONPATH", packages).arg(source_file(script));
                python
            }
            Client::Node(script) => {
                let packages = servers::cached("node", &NODE.join("\n"), |folder| {
                    let mut npm = Command::new("npm");
                    npm.args([
                        "install",
                        "--ignore-scripts",
                        "--no-audit",
                        "--no-fund",
                        "--prefix",
                    ]);
                    servers::run(npm.arg(folder).args(NODE)).map(drop)
                })?;
                let mut node = Command::new("node");
                node.env("NODE_PATH", packages.join("node_modules"))
                    .arg(source_file(script));
                node
            }
            Client::Cli(of) => {
                let root = of.fetch()?;
                let name = if of.product() == "MySQL" {
                    "usr/bin/mysql"
                } else {
                    "usr/bin/mariadb"
                };
                root.command(&root.path(name))
            }
        })
    }

    /// Options for our own programs, separated by commas. Libraries also get the folder of their
    /// plugins.
    fn options(&self, asked: &Asked) -> Result<String, ClientError> {
        let mut options = asked.options.clone();
        if let Client::C(library, _) = asked.client {
            let root = library.0.fetch()?;
            let plugins = servers::client_plugins(library.0, &root);
            options.push(format!("plugins={}", plugins.display()));
        }
        Ok(options.join(","))
    }

    fn compiled(
        &self,
        library: Library,
        root: &Root,
        source: &'static str,
    ) -> Result<PathBuf, Reason> {
        let mut compiled = self
            .compiled
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(program) = compiled.get(&(library, source)) {
            return Ok(program.clone());
        }
        let name = source.trim_end_matches(".c");
        let program = self.folder.join(format!("{name}-{}", library.0));
        servers::compile(library.0, root, &source_file(source), &program)?;
        compiled.insert((library, source), program.clone());
        Ok(program)
    }
}

fn source_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("record")
        .join(name)
}

const fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

const PYTHON: [&str; 3] = [
    "pymysql[rsa,ed25519]==1.2.4",
    "mysql-connector-python==26.10.0",
    "mysql-replication==1.0.17",
];
const NODE: [&str; 3] = ["mysql@2.18.1", "mysql2@3.24.5", "mariadb@3.5.4"];
