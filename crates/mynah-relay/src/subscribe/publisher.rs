use std::sync::Arc;
use std::time::SystemTime;

use mynah_session::observe::{self, Direction};

use super::{Connection, Event, Seen, Subscriber};
use crate::statement::Statements;
use crate::watch::Watching;

/// Gives the events of a connection to all that subscribe.
#[derive(Debug)]
pub(crate) struct Publisher {
    connection: Connection,
    subscribers: Vec<Box<dyn Subscriber>>,
    /// Whether one of them uses the time.
    is_timed: bool,
    /// Absent if the facts of statements aren't asked for.
    statements: Option<Statements>,
    /// Whether the answer whose events come is a gate's.
    is_of_gate: bool,
    /// Absent if there is nothing to watch the connection by.
    watching: Option<Box<Watching>>,
}

impl Publisher {
    pub(crate) fn new(
        connection: Connection,
        subscribers: Vec<Box<dyn Subscriber>>,
        is_timed: bool,
        statements: Option<Statements>,
        watching: Option<Box<Watching>>,
    ) -> Self {
        Self {
            connection,
            subscribers,
            is_timed,
            statements,
            is_of_gate: false,
            watching,
        }
    }

    /// The connection's watchers, if they have changed.
    #[inline]
    pub(crate) fn changed_watching(&mut self) -> Option<&mut Watching> {
        let watching = self.watching.as_deref_mut();
        watching.filter(|watching| watching.is_changed())
    }

    /// Says whether the events from here on are those of a gate's answer.
    pub(crate) fn set_answered_by_gate(&mut self, is_of_gate: bool) {
        self.is_of_gate = is_of_gate;
    }

    /// What is known of the connection.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The server that the connection is forwarded to is known only now.
    pub(crate) fn set_server(&mut self, server: Arc<str>) {
        self.connection.server = server;
    }

    /// Something has happened.
    pub(crate) fn publish(&mut self, event: &Event) {
        if let Event::Observed(observe::Event::Identified { user, schema }) = event {
            self.connection.user = user.clone();
            self.connection.schema = schema.clone();
        }
        let watching = self.watching.as_deref_mut();
        let watching = watching.filter(|watching| watching.has_some());
        let at = match self.is_timed || watching.is_some() {
            true => SystemTime::now(),
            false => SystemTime::UNIX_EPOCH,
        };
        let facts = match (&mut self.statements, event) {
            (Some(statements), Event::Observed(observe::Event::Completed(answer))) => {
                statements.completed(answer)
            }
            _ => None,
        };
        let seen = Seen {
            connection: &self.connection,
            event,
            at,
            statement: facts.as_deref(),
            is_of_gate: self.is_of_gate,
        };
        for subscriber in &mut self.subscribers {
            subscriber.on_event(seen);
        }
        if let Some(watching) = watching {
            watching.see(seen);
        }
    }

    /// Bytes have passed.
    #[inline]
    pub(crate) fn bytes(&mut self, from: Direction, bytes: usize) {
        for subscriber in &mut self.subscribers {
            subscriber.on_bytes(from, bytes);
        }
    }
}
