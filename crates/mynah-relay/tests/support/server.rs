//! A server of our own, for a proxy in front of it.

use std::path::PathBuf;

use mynah_classic::Capabilities;
use mynah_net::{
    Listener, Protocol, Server, ServerOptions, Service, TlsMode, TlsOptions, TlsServer, Worker,
};
use mynah_session::{
    Account, Completion, Connection, Failure, Greeting, Handler, Login, Outcome, Reply, Statement,
};
use mynah_testkit::fixtures_folder;

/// Accepts clients with the password, by this method if there is one, and answers OK to everything.
#[derive(Clone)]
struct Answers(Option<&'static str>);

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
            auth_method_name: self.0.map(Into::into),
            ..Account::default()
        })
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        let completion = Completion {
            affected_rows: statement.text.len() as u64,
            ..Completion::default()
        };
        Outcome::Ok(completion).into()
    }
}

pub(crate) fn server(method: &'static str, mode: TlsMode) -> Server {
    start(Protocol::Classic, Some(method), mode)
}

/// The same for clients of the X Protocol.
pub(crate) fn x_server(mode: TlsMode) -> Server {
    start(Protocol::X, None, mode)
}

fn start(protocol: Protocol, method: Option<&'static str>, mode: TlsMode) -> Server {
    let listener = Listener::bind("127.0.0.1", 0).unwrap().speaking(protocol);
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
    Server::start(vec![listener], Answers(method), options).unwrap()
}

pub(crate) fn certificate(name: &str) -> PathBuf {
    fixtures_folder("tls").join(name)
}

pub(crate) const PASSWORD: &str = "throw-away";
