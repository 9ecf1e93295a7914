//! Which connections there are, and how to end them.

mod connection;
mod idle;
mod info;
mod lost;
mod summons;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

pub use connection::ClientConnection;
pub(crate) use idle::IdleWatch;
pub use info::{ConnectionInfo, ConnectionTls};
pub(crate) use summons::Summoned;

use crate::listener::Peer;
use crate::{ListenAddress, LostWorkers, Protocol};

/// The connections of a [`Server`](crate::Server), of all its listeners. A clone is another handle
/// to the same ones.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    started: Instant,
    last_id: AtomicU32,
    ending: CancellationToken,
    open: Mutex<HashMap<u32, Arc<ClientConnection>>>,
    lost_workers: LostWorkers,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            last_id: AtomicU32::default(),
            ending: CancellationToken::new(),
            open: Mutex::default(),
            lost_workers: LostWorkers::default(),
        }
    }
}

impl Connections {
    /// For how long clients have been able to connect.
    pub(crate) fn uptime(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// What is known of each connection, the oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<ConnectionInfo> {
        let mut connections: Vec<_> = self.open().values().map(Arc::clone).collect();
        connections.sort_unstable_by_key(|connection| connection.id());
        connections
            .iter()
            .map(|connection| connection.info())
            .collect()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.open().len()
    }

    /// Closes a connection, whatever it is doing; one that is inside its handler is closed as soon
    /// as that returns. Says whether there was one of this id.
    pub fn close(&self, id: u32) -> bool {
        let connection = self.open().get(&id).map(Arc::clone);
        connection.is_some_and(|connection| connection.close())
    }

    /// Ends the statement whose answer a connection waits for, if it does. Says whether there is a
    /// connection of this id.
    pub fn interrupt(&self, id: u32) -> bool {
        let connection = self.open().get(&id).map(Arc::clone);
        connection.is_some_and(|connection| {
            connection.interrupt();
            true
        })
    }

    /// Closes every connection; says how many there were.
    pub fn close_all(&self) -> usize {
        let connections: Vec<_> = self.open().values().map(Arc::clone).collect();
        connections
            .iter()
            .filter(|connection| connection.close())
            .count()
    }

    /// Counts a client in that no listener has accepted: one of a test, with a stream
    /// [`in memory`](crate::Stream::in_memory).
    #[must_use]
    pub fn admit(&self, listener: &Arc<ListenAddress>, protocol: Protocol) -> Admitted {
        self.add(listener, protocol, Peer::Local)
    }

    /// Has every connection end with what its protocol has for that.
    pub fn end(&self) {
        self.0.ending.cancel();
        for connection in self.open().values() {
            connection.summons.end();
        }
    }

    /// Whether they are to end.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.0.ending.is_cancelled()
    }

    /// Until they are to end.
    pub fn ending(&self) -> WaitForCancellationFutureOwned {
        self.0.ending.clone().cancelled_owned()
    }

    /// Gives a client that has connected its id.
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
            // After four billion clients it starts again.
            if id != 0 && !open.contains_key(&id) {
                break id;
            }
        };
        let connection = Arc::new(ClientConnection::new(
            id,
            Arc::clone(listener),
            protocol,
            peer,
        ));
        open.insert(id, Arc::clone(&connection));
        drop(open);
        self.summon_if_ending(&connection);
        Admitted {
            connections: self.clone(),
            connection,
        }
    }

    /// For a connection that came when all others had been told that the server ends.
    fn summon_if_ending(&self, connection: &ClientConnection) {
        if self.is_ending() {
            connection.summons.end();
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u32, Arc<ClientConnection>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that counts among the [`Connections`] until this is dropped.
#[derive(Debug)]
pub struct Admitted {
    connections: Connections,
    connection: Arc<ClientConnection>,
}

impl Admitted {
    /// The connection, as others see it.
    #[must_use]
    pub fn connection(&self) -> &Arc<ClientConnection> {
        &self.connection
    }

    /// It and all others.
    #[must_use]
    pub fn connections(&self) -> &Connections {
        &self.connections
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
        self.connections.open().remove(&self.connection.id());
        if self.connection.is_closed() {
            log::info!(listener:% = self.connection.log_name();
                "connection {}: closed by request", self.connection.id());
        }
    }
}
