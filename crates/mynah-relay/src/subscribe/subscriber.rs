use std::fmt::Debug;
use std::time::SystemTime;

use mynah_session::observe::Direction;

use super::{Connection, Event};
use crate::statement::StatementFacts;

/// Receives the events of one connection, after their bytes have passed, on the worker that serves the
/// connection, and can change nothing.
pub(crate) trait Subscriber: Debug {
    /// Handles the next event.
    fn on_event(&mut self, seen: Seen<'_>);

    /// Counts bytes of a side that were forwarded.
    fn on_bytes(&mut self, _from: Direction, _bytes: usize) {}
}

/// An event, where and when it happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) event: &'a Event,
    pub(crate) at: SystemTime,
    /// What is known of the statement of a command that is complete, if that is asked for.
    pub(crate) statement: Option<&'a StatementFacts>,
    /// Whether it is of a gate's answer, and not of the server's.
    pub(crate) is_of_gate: bool,
}
