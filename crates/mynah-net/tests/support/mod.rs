//! A server in this process with simple answers, and a client of our own.

#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod authority;
pub(crate) mod client;

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;
use std::time::Duration;

use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_net::{
    ListenAddress, Listener, Server, ServerOptions, Service, TlsMode, TlsOptions, TlsServer, Worker,
};
use mynah_session::{
    Account, Completion, Connection, Failure, Greeting, Handler, Login, Outcome, Reply, ResultSet,
    Rows, Statement,
};

/// A service with simple answers, and a record of its logins and statements.
#[derive(Clone, Default)]
pub(crate) struct Answers {
    pub(crate) account: Account,
    pub(crate) greeting: Greeting,
    /// How long the handler takes to find an account.
    pub(crate) login_takes: Duration,
    pub(crate) seen: Arc<Mutex<Seen>>,
    pub(crate) gate: Gate,
    /// The thread that counts as stuck.
    pub(crate) stuck: Arc<Mutex<Option<ThreadId>>>,
}

#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) connections: Vec<(Connection, ThreadId)>,
    pub(crate) logins: Vec<Login>,
}

/// Blocks a handler until the test opens the gate.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<(usize, bool)>, Condvar)>);

impl Gate {
    fn pass(&self) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        state.0 += 1;
        changed.notify_all();
        let _open = changed.wait_while(state, |(_, open)| !*open).unwrap();
    }

    pub(crate) fn wait_for_handler(&self) {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap();
        let _here = changed
            .wait_while(state, |(waiting, _)| *waiting == 0)
            .unwrap();
    }

    pub(crate) fn open(&self) {
        let (state, changed) = &*self.0;
        state.lock().unwrap().1 = true;
        changed.notify_all();
    }
}

impl Answers {
    pub(crate) fn start(&self, listeners: Vec<Listener>, options: ServerOptions) -> Server {
        Server::start(listeners, self.clone(), options).unwrap()
    }

    /// Listens on a free port of the loopback interface.
    pub(crate) fn start_tcp(&self, options: ServerOptions) -> Server {
        self.start(vec![Listener::bind("127.0.0.1", 0).unwrap()], options)
    }

    pub(crate) fn start_tls(&self, tls: &TlsOptions) -> Server {
        self.start_tcp(ServerOptions {
            tls: Some(TlsServer::new(tls).unwrap()),
            ..ServerOptions::default()
        })
    }

    pub(crate) fn last_login(&self) -> Login {
        self.seen.lock().unwrap().logins.last().unwrap().clone()
    }
}

impl Service for Answers {
    type Worker = Self;

    fn worker(&self) -> Self {
        self.clone()
    }

    fn is_stuck(&self, thread: ThreadId) -> bool {
        *self.stuck.lock().unwrap() == Some(thread)
    }
}

impl Worker for Answers {
    type Handler = Self;

    fn open(&self, connection: Connection) -> Self {
        let thread = std::thread::current().id();
        self.seen
            .lock()
            .unwrap()
            .connections
            .push((connection, thread));
        self.clone()
    }
}

impl Handler for Answers {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Ok(self.greeting.clone())
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.seen.lock().unwrap().logins.push(login.clone());
        Ok(self.account.clone())
    }

    async fn login_async(&mut self, login: &Login) -> Result<Account, Failure> {
        if !self.login_takes.is_zero() {
            tokio::time::sleep(self.login_takes).await;
        }
        self.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        let ok = || Reply::from(Outcome::Ok(Completion::default()));
        match &statement.text[..] {
            text if text.starts_with(b"sleep") => Reply {
                exec_time: Duration::from_secs(3600),
                ..ok()
            },
            b"block" => {
                self.gate.pass();
                ok()
            }
            b"many rows" => Outcome::Rows(rows(100_000)).into(),
            _ => ok(),
        }
    }
}

fn rows(count: usize) -> ResultSet {
    let cell = [b'x'; 1000];
    let rows: Rows = std::iter::repeat_n([Some(&cell[..])], count).collect();
    let column = ColumnDefinition41 {
        names: ColumnNames::new(&NameParts::default()),
        ..ColumnDefinition41::default()
    };
    ResultSet {
        columns: [column].into(),
        rows,
        end: Completion::default(),
        is_out_parameters: false,
    }
}

pub(crate) fn tcp_address(server: &Server) -> SocketAddr {
    server
        .addresses()
        .iter()
        .find_map(|address| match address {
            ListenAddress::Tcp(address) => Some(*address),
            _ => None,
        })
        .unwrap()
}

pub(crate) fn tls_options(authority: &authority::Authority, mode: TlsMode) -> TlsOptions {
    TlsOptions {
        mode,
        cert: Some(authority.file("server.pem")),
        key: Some(authority.file("server-key.pem")),
        ..TlsOptions::default()
    }
}
