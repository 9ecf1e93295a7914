use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::SystemTime;

use mynah_session::Login;
use tokio::task::AbortHandle;

use super::lost::LastResort;
use super::wake::{WakeReason, WakeRequests};
use super::{ConnectionInfo, ConnectionTls};
use crate::listener::Peer;
use crate::{ListenAddress, Protocol};

/// A connection, as other threads see and control it.
#[derive(Debug)]
pub struct ClientConnection {
    id: u32,
    listener: Arc<ListenAddress>,
    protocol: Protocol,
    pub(crate) peer: Peer,
    /// The client's own address, if the peer is a load balancer that has stated it.
    client_address: OnceLock<SocketAddr>,
    since: SystemTime,
    pub(super) statements: AtomicU64,
    /// Whether it counts towards a limit of connections; changed only under the lock of the open connections.
    pub(super) is_counted: AtomicBool,
    user: Mutex<User>,
    task: OnceLock<AbortHandle>,
    closed: AtomicBool,
    /// Requests by other threads to wake the session while it waits.
    pub(super) wake_requests: WakeRequests,
    pub(super) last_resort: LastResort,
}

#[derive(Debug, Default)]
struct User {
    username: Option<String>,
    schema: Option<String>,
    server: Option<Arc<str>>,
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
            client_address: OnceLock::new(),
            since: SystemTime::now(),
            statements: AtomicU64::new(0),
            is_counted: AtomicBool::new(true),
            user: Mutex::default(),
            task: OnceLock::new(),
            closed: AtomicBool::new(false),
            wake_requests: WakeRequests::default(),
            last_resort: LastResort::default(),
        }
    }

    /// The same connection with the state of a new one.
    pub(super) fn as_new(&self) -> Self {
        Self::new(
            self.id,
            Arc::clone(&self.listener),
            self.protocol,
            self.peer,
        )
    }

    /// The connection's id. No other open connection of the server has the same one.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The address of the listener that accepted the connection.
    #[must_use]
    pub fn listener(&self) -> &ListenAddress {
        &self.listener
    }

    /// The protocol of the connection: classic or X.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The client's address and port, or those of a load balancer that hasn't stated the client's; `localhost` for a
    /// Unix socket.
    #[must_use]
    pub fn peer(&self) -> String {
        match self.client_address.get() {
            Some(client) => client.to_string(),
            None => self.peer.to_string(),
        }
    }

    /// The address of the load balancer from whose PROXY protocol header the client's address was read; `None` if none
    /// was read.
    #[must_use]
    pub fn via(&self) -> Option<String> {
        self.client_address.get().map(|_| self.peer.to_string())
    }

    /// Sets the client's own address, for a connection whose peer is a load balancer. Only the first call
    /// counts.
    pub fn set_client_address(&self, client: SocketAddr) {
        let client = self.client_address.get_or_init(|| client);
        log::info!(listener:% = self.log_name();
            "connection {}: comes from {client}, by {}", self.id, self.peer);
    }

    /// The address that the connection comes from: the client's, or that of a load balancer before it; `None` for a
    /// Unix socket.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self.peer {
            Peer::Tcp(address) => Some(address),
            Peer::Local => None,
        }
    }

    /// Whether the client uses a Unix socket.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.peer == Peer::Local
    }

    /// The listener's name in log records: its TCP port, or the path of its Unix socket.
    #[must_use]
    pub fn log_name(&self) -> String {
        self.listener.log_name()
    }

    /// Adds one to the number of statements in lists of connections.
    pub fn count_statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// Stores the user that has logged in and the schema of the login, for lists of connections.
    pub fn set_login(&self, login: &Login) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut user = self.user();
        user.username = Some(text(&login.username));
        user.schema = login.schema.as_deref().map(text);
    }

    /// Stores the schema in use, for lists of connections; `None` if there is none.
    pub fn set_schema(&self, schema: Option<&[u8]>) {
        self.user().schema = schema.map(|name| String::from_utf8_lossy(name).into_owned());
    }

    /// Stores the address of the server that the connection is forwarded to, for lists of connections.
    pub fn set_server(&self, server: Arc<str>) {
        self.user().server = Some(server);
    }

    /// Stores the version and cipher by which the connection is encrypted, for lists of connections.
    pub fn set_tls(&self, tls: ConnectionTls) {
        self.user().tls = Some(tls);
    }

    /// Stores which side has closed the connection, in words, for lists of connections.
    pub fn set_ended(&self, words: &str) {
        self.user().ended = Some(words.to_owned());
    }

    /// Sets the task that serves the connection.
    pub(crate) fn set_task(&self, task: AbortHandle) {
        // A request to close may come before the task is known: whichever comes second aborts it.
        let task = self.task.get_or_init(|| task);
        if self.closed.load(Ordering::SeqCst) {
            task.abort();
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Closes the connection; returns whether this call was the first to do so.
    pub(super) fn close(&self) -> bool {
        let first = !self.closed.swap(true, Ordering::SeqCst);
        if let Some(task) = self.task.get() {
            task.abort();
        }
        first
    }

    /// Cancels the answer that the client waits for, if there is one.
    pub(super) fn interrupt(&self) {
        self.wake_requests.interrupt();
    }

    /// Sends the answer that the client waits for now, if there is one.
    pub(super) fn release(&self) {
        self.wake_requests.release();
    }

    /// Marks the start of a wait that another client may interrupt.
    pub(crate) fn begin_interruptible(&self) {
        self.wake_requests.begin_interruptible();
    }

    /// Whether the connection is to be closed, or to end because the server shuts down.
    pub(crate) fn is_to_end(&self) -> bool {
        self.is_closed() || self.wake_requests.is_ending()
    }

    /// Whether another client has ended the statement.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.wake_requests.is_interrupted()
    }

    /// Marks whether the session waits for its client.
    pub(crate) fn set_waiting(&self, is_waiting: bool) {
        self.wake_requests.set_waiting(is_waiting);
    }

    /// Whether a waiting session is to continue, and why; if not, its task is woken when it is.
    pub(crate) fn poll_wake_reason(&self, cx: &Context<'_>) -> Poll<WakeReason> {
        self.wake_requests.poll(cx)
    }

    /// Completes when the connection is to end, because the server shuts down. Only one task at a time can
    /// wait for this.
    pub async fn ending(&self) {
        poll_fn(|cx| self.wake_requests.poll_ending(cx)).await;
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
            server: user.server.as_deref().map(ToOwned::to_owned),
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
