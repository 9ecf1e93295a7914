//! A server of our own, for a proxy in front of it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use mynah_classic::Capabilities;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_net::{
    Listener, Protocol, Server, ServerOptions, Service, TlsMode, TlsOptions, TlsServer, Worker,
};
use mynah_session::{
    Account, Completion, Connection, Failure, Greeting, Handler, Login, Outcome, Reply, ResultSet,
    Statement,
};
use mynah_testkit::fixtures_folder;

/// Accepts clients with the password, by a method if there is one, and answers OK to everything but `rows`.
#[derive(Clone)]
struct Answers {
    method: Option<&'static str>,
    seen: Statements,
}

/// The statements that a server has run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Service for Answers {
    type Worker = Self;

    fn worker(&self) -> Self {
        self.clone()
    }
}

impl Worker for Answers {
    type Handler = Self;

    fn open(&self, _connection: Connection) -> Self {
        self.clone()
    }
}

impl Handler for Answers {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Ok(Greeting::default())
    }

    fn login(&mut self, _login: &Login) -> Result<Account, Failure> {
        Ok(Account {
            username: Some("ada".into()),
            password: Some(PASSWORD.into()),
            auth_method_name: self.method.map(Into::into),
            ..Account::default()
        })
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        let text = String::from_utf8_lossy(&statement.text).into_owned();
        let has_rows = text == "rows";
        self.seen.0.lock().unwrap().push(text);
        if has_rows {
            let result = ResultSet {
                columns: [ColumnDefinition41::default()].into(),
                rows: [[Some(&b"1"[..])], [Some(b"2")], [Some(b"3")]]
                    .into_iter()
                    .collect(),
                end: Completion::default(),
                is_out_parameters: false,
            };
            return Outcome::Rows(result).into();
        }
        let completion = Completion {
            affected_rows: statement.text.len() as u64,
            ..Completion::default()
        };
        Outcome::Ok(completion).into()
    }
}

pub(crate) fn server(method: &'static str, mode: TlsMode) -> Server {
    start(Protocol::Classic, Some(method), mode).0
}

/// The same for clients of the X Protocol.
pub(crate) fn x_server(mode: TlsMode) -> Server {
    start(Protocol::X, None, mode).0
}

/// A server, and the statements that it runs.
pub(crate) fn start(
    protocol: Protocol,
    method: Option<&'static str>,
    mode: TlsMode,
) -> (Server, Statements) {
    start_at(0, protocol, method, mode)
}

/// The same at this port.
pub(crate) fn start_at(
    port: u16,
    protocol: Protocol,
    method: Option<&'static str>,
    mode: TlsMode,
) -> (Server, Statements) {
    let listener = Listener::bind("127.0.0.1", port).unwrap();
    let listener = listener.speaking(protocol);
    let tls = TlsServer::new(&TlsOptions {
        mode,
        cert: Some(certificate("server.pem")),
        key: Some(certificate("server-key.pem")),
        ..TlsOptions::default()
    });
    let options = ServerOptions {
        tls: (mode != TlsMode::Disabled).then(|| tls.unwrap()),
        workers: 1,
        capabilities: Capabilities::COMPRESS | Capabilities::ZSTD_COMPRESSION_ALGORITHM,
        ..ServerOptions::default()
    };
    let seen = Statements::default();
    let answers = Answers {
        method,
        seen: seen.clone(),
    };
    let server = Server::start(vec![listener], answers, options).unwrap();
    (server, seen)
}

pub(crate) fn certificate(name: &str) -> PathBuf {
    fixtures_folder("tls").join(name)
}

pub(crate) const PASSWORD: &str = "throw-away";
