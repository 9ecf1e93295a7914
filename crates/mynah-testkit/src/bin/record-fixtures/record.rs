use std::{
    fs, io,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, Output},
    time::Duration,
};

use mynah_testkit::{
    Fixture, Tap, TapError, fixtures_folder,
    servers::{Reason, Server},
};

use crate::{
    asked::{Asked, STRANGER},
    client::{Client, LIBMARIADB, LIBMYSQLCLIENT},
    clients::{ClientError, Clients},
};

/// Records the traffic between clients and one server.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    server: &'a Server,
    clients: &'a Clients<'a>,
}

/// Why a fixture can't be recorded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Tap(#[from] TapError),
    #[error("the client {ended}: {said}")]
    Ended { ended: &'static str, said: String },
    #[error("{found} connections, not one")]
    Connections { found: usize },
    #[error("{len} bytes are too much for a fixture")]
    TooLong { len: usize },
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl<'a> Recorder<'a> {
    pub(crate) const fn new(server: &'a Server, clients: &'a Clients<'a>) -> Self {
        Self { server, clients }
    }

    /// Removes earlier recordings, so that a fixture that can no longer be recorded doesn't stay.
    pub(crate) fn remove_old(&self) {
        let _ = fs::remove_dir_all(self.folder());
    }

    /// Runs a client, and writes the fixture.
    pub(crate) fn record(&self, asked: &Asked) -> Result<(), RecordError> {
        if !asked.before.is_empty() {
            let library = if self.server.kind().product() == "MySQL" {
                LIBMYSQLCLIENT
            } else {
                LIBMARIADB
            };
            let before =
                Asked::new("before", "", Client::C(library, "query.c")).with(asked.before.clone());
            self.run(&before, self.server.address())?;
        }
        let tap = Tap::start(self.server.address()).map_err(|source| RecordError::Io {
            path: "tap".into(),
            source,
        })?;
        let printed = self.run(asked, tap.address())?;
        let recordings = tap.finish(TIMEOUT)?;
        let mut connections: Vec<_> = recordings
            .into_iter()
            .map(|recording| recording.lines)
            .collect();
        connections.retain(|lines| !lines.is_empty() && asked.connection.is(lines));
        let found = connections.len();
        let (Some(lines), true) = (
            connections.pop(),
            found == 1 || asked.connection.may_be_many(),
        ) else {
            return Err(RecordError::Connections { found });
        };
        self.write(
            asked,
            Fixture {
                comments: self.comments(asked, &printed),
                lines,
            },
        )
    }

    /// Runs the client; returns its output.
    fn run(&self, asked: &Asked, address: SocketAddr) -> Result<String, RecordError> {
        let command = self.clients.command(asked, address)?;
        let mut limited = Command::new("timeout");
        limited
            .arg(TIMEOUT.as_secs().to_string())
            .arg(command.get_program())
            .args(command.get_args());
        limited.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        if let Some(folder) = command.get_current_dir() {
            limited.current_dir(folder);
        }
        let program = "timeout".to_owned();
        let output = limited
            .output()
            .map_err(|source| ClientError::Program(Reason::CannotRun { program, source }))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        match (output.status.success(), asked.fails) {
            (true, false) | (false, true) => Ok(printed),
            (true, true) => Err(RecordError::Ended {
                ended: "should have failed",
                said: said(&output),
            }),
            (false, false) => Err(RecordError::Ended {
                ended: "failed",
                said: said(&output),
            }),
        }
    }

    fn comments(&self, asked: &Asked, printed: &str) -> Vec<String> {
        let version = self.server.version().trim_start_matches("5.5.5-");
        let account = self
            .server
            .kind()
            .accounts()
            .iter()
            .find(|account| account.user == asked.user);
        let plugin = match account {
            Some(account) => account.plugin,
            None if asked.user == STRANGER => "no such account",
            None => "made for it",
        };
        let password = if asked.password.is_empty() {
            "no password"
        } else {
            asked.password
        };
        let client = match asked.client {
            Client::Cli(of) => format!("{} command line client of {of}", of.product()),
            client => format!(
                "{client}{}",
                printed.lines().next().unwrap_or("an unknown version")
            ),
        };
        vec![
            format!("server: {} {version}", self.server.kind().product()),
            format!("client: {client}"),
            format!("asked: {}", asked.what),
            format!("account: {}, {password} ({plugin})", asked.user),
        ]
    }

    fn folder(&self) -> PathBuf {
        fixtures_folder("classic").join(self.server.kind().name())
    }

    fn write(&self, asked: &Asked, fixture: Fixture) -> Result<(), RecordError> {
        let text = fixture.to_string();
        if text.len() > LONGEST {
            return Err(RecordError::TooLong { len: text.len() });
        }
        let folder = self.folder();
        let file = folder.join(format!("{}.hex", asked.name));
        let io = |path: &PathBuf| {
            let path = path.clone();
            move |source| RecordError::Io { path, source }
        };
        fs::create_dir_all(&folder).map_err(io(&folder))?;
        fs::write(&file, text).map_err(io(&file))
    }
}

fn said(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{} {}", err.trim(), out.trim())
}

/// How long a client may take, and then the server to close the connection.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The longest text of a fixture in bytes.
const LONGEST: usize = 150_000;
