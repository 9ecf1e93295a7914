use std::sync::Arc;

use mynah_session::observe::{self, Direction};

use super::{Event, Seen, Subscriber};
use crate::counters::Counters;
use crate::statement::{StatementFacts, is_execution};

/// Adds a connection's events to the counters of all connections.
#[derive(Debug)]
pub(crate) struct Metrics {
    counters: Arc<Counters>,
    /// Whether the server or the proxy has refused the client.
    refused: bool,
    logged_in: bool,
    /// Whether the last event is a command that failed: by the X Protocol a login is refused by the
    /// answer to one, which counts once.
    has_failed: bool,
}

impl Metrics {
    pub(crate) fn new(counters: &Arc<Counters>) -> Self {
        Self {
            counters: Arc::clone(counters),
            refused: false,
            logged_in: false,
            has_failed: false,
        }
    }

    fn observed(&mut self, event: &observe::Event, statement: Option<&StatementFacts>) {
        let had_failed = std::mem::take(&mut self.has_failed);
        match event {
            observe::Event::LoggedIn => self.logged_in = true,
            observe::Event::Refused(error) => {
                self.refused = true;
                if !had_failed {
                    self.counters.failed(error.code);
                }
            }
            observe::Event::Completed(answer) => {
                let error = answer.error().map(|error| error.code);
                self.has_failed = error.is_some();
                let name = answer.command.kind.name();
                self.counters
                    .completed(name, answer.rows, error, answer.timing);
                if let Some(statement) = statement.filter(|_| is_execution(answer.command.kind)) {
                    self.counters.executed(statement.kind);
                }
            }
            _ => {}
        }
    }
}

impl Subscriber for Metrics {
    fn on_event(&mut self, seen: Seen<'_>) {
        match seen.event {
            Event::Connected => self.counters.connected(),
            Event::Observed(event) => self.observed(event, seen.statement),
            Event::ProxyError(error) => {
                self.refused = true;
                self.counters.failed(error.code);
            }
            Event::Closed(_) if self.refused && !self.logged_in => self.counters.refused(),
            _ => {}
        }
    }

    #[inline]
    fn on_bytes(&mut self, from: Direction, bytes: usize) {
        self.counters.passed(from, bytes);
    }
}
