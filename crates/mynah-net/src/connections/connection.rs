use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::SystemTime;

use mynah_session::Login;
use tokio::task::AbortHandle;

use super::lost::LastResort;
use super::summons::{Summoned, Summons};
use super::{ConnectionInfo, ConnectionTls};
use crate::listener::Peer;
use crate::{ListenAddress, Protocol};

/// What others may know of a connection, and do to it.
#[derive(Debug)]
pub struct ClientConnection {
    id: u32,
    listener: Arc<ListenAddress>,
    protocol: Protocol,
    pub(crate) peer: Peer,
    /// Where it comes from in truth, if the peer is a load balancer that has said so.
    brought: OnceLock<SocketAddr>,
    since: SystemTime,
    statements: AtomicU64,
    user: Mutex<User>,
    task: OnceLock<AbortHandle>,
    closed: AtomicBool,
    /// What others want of its session.
    pub(super) summons: Summons,
    pub(super) last_resort: LastResort,
}

#[derive(Debug, Default)]
struct User {
    username: Option<String>,
    schema: Option<String>,
    tls: Option<ConnectionTls>,
    ended: Option<String>,
}

impl ClientConnection {
    pub(super) fn new(
        id: u32,
        listener: Arc<ListenAddress>,
        protocol: Protocol,
        peer: Peer,
    ) -> Self {
        Self {
            id,
            listener,
            protocol,
            peer,
            brought: OnceLock::new(),
            since: SystemTime::now(),
            statements: AtomicU64::new(0),
            user: Mutex::default(),
            task: OnceLock::new(),
            closed: AtomicBool::new(false),
            summons: Summons::default(),
            last_resort: LastResort::default(),
        }
    }

    /// The same connection, of which nothing is known yet.
    pub(super) fn anew(&self) -> Self {
        Self::new(
            self.id,
            Arc::clone(&self.listener),
            self.protocol,
            self.peer,
        )
    }

    /// Its number, which no other connection of the server has.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Where it came in.
    #[must_use]
    pub fn listener(&self) -> &ListenAddress {
        &self.listener
    }

    /// What is spoken on it.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Where it comes from: address and port, or `localhost` for a Unix socket.
    #[must_use]
    pub fn peer(&self) -> String {
        match self.brought.get() {
            Some(client) => client.to_string(),
            None => self.peer.to_string(),
        }
    }

    /// Where the load balancer is that has brought it, if one has said where it comes from.
    #[must_use]
    pub fn via(&self) -> Option<String> {
        self.brought.get().map(|_| self.peer.to_string())
    }

    /// It comes from there in truth; what has connected is a load balancer. Only the first counts.
    pub fn set_brought(&self, client: SocketAddr) {
        let client = self.brought.get_or_init(|| client);
        log::info!(listener:% = self.log_name();
            "connection {}: comes from {client}, by {}", self.id, self.peer);
    }

    /// Where it comes from, unless by a Unix socket.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self.peer {
            Peer::Tcp(address) => Some(address),
            Peer::Local => None,
        }
    }

    /// Whether it comes by a Unix socket.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.peer == Peer::Local
    }

    /// What log records call its listener.
    #[must_use]
    pub fn log_name(&self) -> String {
        self.listener.log_name()
    }

    /// Another statement came.
    pub fn count_statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody has logged in.
    pub fn set_login(&self, login: &Login) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut user = self.user();
        user.username = Some(text(&login.username));
        user.schema = login.schema.as_deref().map(text);
    }

    /// Another schema is in use, or none.
    pub fn set_schema(&self, schema: Option<&[u8]>) {
        self.user().schema = schema.map(|name| String::from_utf8_lossy(name).into_owned());
    }

    /// The connection is encrypted from now on.
    pub fn set_tls(&self, tls: ConnectionTls) {
        self.user().tls = Some(tls);
    }

    /// A side has ended the connection, in these words.
    pub fn set_ended(&self, words: &str) {
        self.user().ended = Some(words.to_owned());
    }

    /// The connection is served by this task from now on.
    pub(crate) fn set_task(&self, task: AbortHandle) {
        let task = self.task.get_or_init(|| task);
        if self.closed.load(Ordering::SeqCst) {
            task.abort();
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Ends the connection; says whether it was the first to do so.
    pub(super) fn close(&self) -> bool {
        let first = !self.closed.swap(true, Ordering::SeqCst);
        if let Some(task) = self.task.get() {
            task.abort();
        }
        first
    }

    /// Ends what the client waits for, if it does.
    pub(super) fn interrupt(&self) {
        self.summons.interrupt();
    }

    /// Its session waits for the time to answer from now on, and may be interrupted.
    pub(crate) fn begin_interruptible(&self) {
        self.summons.begin_interruptible();
    }

    /// Its session waits for the client from now on, or goes on.
    pub(crate) fn set_waiting(&self, is_waiting: bool) {
        self.summons.set_waiting(is_waiting);
    }

    /// Whether anything is wanted of its session that waits; if not, the task is woken when it is.
    pub(crate) fn poll_summoned(&self, cx: &Context<'_>) -> Poll<Summoned> {
        self.summons.poll(cx)
    }

    pub(super) fn info(&self) -> ConnectionInfo {
        let user = self.user();
        ConnectionInfo {
            id: self.id,
            listener: (*self.listener).clone(),
            protocol: self.protocol,
            peer: self.peer(),
            via: self.via(),
            username: user.username.clone(),
            schema: user.schema.clone(),
            tls: user.tls,
            ended: user.ended.clone(),
            statements: self.statements.load(Ordering::Relaxed),
            since: self.since,
        }
    }

    fn user(&self) -> MutexGuard<'_, User> {
        self.user.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
