//! The open connections, and how to end them.

mod connection;
mod idle;
mod info;
mod lost;
mod open;
mod wake;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use connection::ClientConnection;
pub(crate) use idle::IdleWatch;
pub use info::{ConnectionInfo, ConnectionTls};
pub(crate) use wake::WakeReason;

use open::Open;

use crate::listener::Peer;
use crate::{ListenAddress, LostWorkers, Protocol};

/// The connections of all listeners of a [`Server`](crate::Server). A clone is another handle to
/// them.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    started: Instant,
    last_id: AtomicU32,
    is_ending: AtomicBool,
    open: Mutex<Open>,
    lost_workers: LostWorkers,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            last_id: AtomicU32::default(),
            is_ending: AtomicBool::new(false),
            open: Mutex::default(),
            lost_workers: LostWorkers::default(),
        }
    }
}

impl Connections {
    /// How long clients have been able to connect.
    pub(crate) fn uptime(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// The facts about each open connection, ordered by id, which is the order of their beginning.
    #[must_use]
    pub fn list(&self) -> Vec<ConnectionInfo> {
        // The lock is for the map only; connections are looked at without it.
        let mut connections: Vec<_> = self.open().all().map(Arc::clone).collect();
        connections.sort_unstable_by_key(|connection| connection.id());
        connections
            .iter()
            .map(|connection| connection.info())
            .collect()
    }

    /// The facts about the open connection with this id.
    pub(crate) fn info(&self, id: u32) -> Option<ConnectionInfo> {
        let connection = self.open().get(id).map(Arc::clone)?;
        Some(connection.info())
    }

    /// How many connections are open at present.
    #[must_use]
    pub fn count(&self) -> usize {
        self.open().len()
    }

    /// How many statements clients have sent (see [`ConnectionInfo::statements`]), also those of connections that are
    /// closed.
    pub(crate) fn statements(&self) -> u64 {
        self.open().statements()
    }

    /// Closes a connection, whatever it is doing; one that is inside its handler closes when that returns. Returns
    /// whether there is a connection with this id: one that is being closed already is there until it is closed.
    pub fn close(&self, id: u32) -> bool {
        let connection = self.open().get(id).map(Arc::clone);
        connection.is_some_and(|connection| {
            connection.close();
            true
        })
    }

    /// Cancels the answer to a connection's statement or command, if the handler waits for something, the answer is
    /// being delayed, or more of its rows or of a bulk execution is to be asked for: the client gets error 1317 instead, or after the rows that it has got already. Returns whether
    /// there is a connection with this id.
    pub fn interrupt(&self, id: u32) -> bool {
        let connection = self.open().get(id).map(Arc::clone);
        connection.is_some_and(|connection| {
            connection.interrupt();
            true
        })
    }

    /// Ends the delay of an answer on the connection with this id, if there is one: the answer is sent now or, if a
    /// fault ends the connection in its place, the connection ends now.
    pub fn end_delay(&self, id: u32) {
        if let Some(connection) = self.open().get(id) {
            connection.release();
        }
    }

    /// Closes every connection; returns how many there were that weren't being closed already.
    pub fn close_all(&self) -> usize {
        let connections: Vec<_> = self.open().all().map(Arc::clone).collect();
        connections
            .iter()
            .filter(|connection| connection.close())
            .count()
    }

    /// Adds a connection that no listener has accepted, for tests with a stream [`in
    /// memory`](crate::Stream::in_memory).
    #[must_use]
    pub fn admit(&self, listener: &Arc<ListenAddress>, protocol: Protocol) -> Admitted {
        self.add(listener, protocol, Peer::Local)
    }

    /// Ends every connection, with the error for a shutdown (1053) to clients that are logged in where the protocol
    /// has a place for it.
    // The flag is set first: a connection that is added meanwhile sees it in `wake_if_ending`.
    pub fn end(&self) {
        self.0.is_ending.store(true, Ordering::SeqCst);
        for connection in self.open().all() {
            connection.wake_requests.end();
        }
    }

    /// Whether [`end`](Self::end) was called: every connection is to end, also a new one.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.0.is_ending.load(Ordering::SeqCst)
    }

    /// Gives a new client its id.
    pub(crate) fn add(
        &self,
        listener: &Arc<ListenAddress>,
        protocol: Protocol,
        peer: Peer,
    ) -> Admitted {
        let mut open = self.open();
        let id = loop {
            let id = self
                .0
                .last_id
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_add(1);
            // After four billion clients the ids start again.
            if id != 0 && open.get(id).is_none() {
                break id;
            }
        };
        let connection = Arc::new(ClientConnection::new(
            id,
            Arc::clone(listener),
            protocol,
            peer,
        ));
        open.insert(Arc::clone(&connection));
        drop(open);
        self.wake_if_ending(&connection);
        Admitted {
            connections: self.clone(),
            connection,
        }
    }

    /// Wakes a connection that was added after [`end`](Self::end) had woken all others.
    fn wake_if_ending(&self, connection: &ClientConnection) {
        if self.is_ending() {
            connection.wake_requests.end();
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that is one of the [`Connections`] until this is dropped.
#[derive(Debug)]
pub struct Admitted {
    connections: Connections,
    connection: Arc<ClientConnection>,
}

impl Admitted {
    /// A handle to the connection, for other threads.
    #[must_use]
    pub fn connection(&self) -> &Arc<ClientConnection> {
        &self.connection
    }

    /// All connections of the server, this client's included.
    #[must_use]
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Whether more than `limit` connections are open, this one included. If so, the caller refuses this one, which
    /// stays open until its client has read the error, but no longer counts towards the limit.
    #[must_use]
    pub fn refuse_beyond(&self, limit: usize) -> bool {
        let mut open = self.connections.open();
        let is_refused = open.counted() > limit;
        if is_refused {
            open.stop_counting(&self.connection);
        }
        is_refused
    }

    /// From here on the connection doesn't count towards the limit of [`refuse_beyond`](Self::refuse_beyond): its
    /// client gets its last message, and has some time to read it.
    pub fn stop_counting(&self) {
        self.connections.open().stop_counting(&self.connection);
    }
}

impl std::ops::Deref for Admitted {
    type Target = ClientConnection;

    fn deref(&self) -> &ClientConnection {
        &self.connection
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.connections.open().remove(self.connection.id());
        if self.connection.is_closed() {
            log::info!(listener:% = self.connection.log_name();
                "connection {}: closed by request", self.connection.id());
        }
    }
}
