use std::fmt::Debug;

use bytes::Bytes;
use mynah_net::ConnectionTls;
use mynah_session::observe::{Direction, LoginAttempt};

use crate::trace::record::{Column, Packet, Record};
use crate::trace::shown::Shown;
use crate::{Closed, Connection, PlayedFault};

/// A form of the trace. An event for which it has no line is left out.
pub(in crate::trace) trait Format: Debug + Send + Sync {
    /// Formats a time. `second` is in UTC, as in `2024-02-29T23:59:59`; `micros` are the microseconds after
    /// it.
    fn time(&self, second: &str, micros: u32) -> String;

    /// The line that stands where lines could not be written.
    fn lines_lost(&self, time: &str, lines: u64, why: &str) -> String;

    /// The line that stands where a command has more lines than are kept for a filter.
    fn lines_cut(&self) -> &'static str {
        ""
    }

    /// Whether the form is a recording: every message as it was received, whatever level and filter say, and
    /// nothing explained. Each connection then has a file of its own, in the folder of the path.
    fn is_recording(&self) -> bool {
        false
    }

    /// Adds the connection's id to lines that don't have it.
    fn mark(&self, _lines: &mut String, _connection: u32) {}

    /// The line for a new connection.
    fn connected(&self, line: Line<'_>);

    /// The line for an upstream that couldn't be used, so that another was tried.
    fn passed_over(&self, _line: Line<'_>, _server: &str, _why: &str) {}

    /// The line for a closed connection.
    fn closed(&self, _line: Line<'_>, _closed: &Closed) {}

    /// The line for a side that closed the connection, or was lost with this error.
    fn side_ended(&self, _line: Line<'_>, _side: Direction, _lost: Option<&str>) {}

    /// The line for a fault that the proxy plays at a command.
    fn fault(&self, _line: Line<'_>, _played: &PlayedFault) {}

    /// The line for an error that is no answer to a command.
    fn error(&self, _line: Line<'_>, _error: &UnansweredError<'_>) {}

    /// The line for TLS that was established with a side.
    fn encrypted(&self, _line: Line<'_>, _side: Direction, _tls: ConnectionTls) {}

    /// The line for the server's greeting, with its version and its id of the connection.
    fn greeting(&self, _line: Line<'_>, _version: &[u8], _thread_id: u32) {}

    /// The line for a login.
    fn login(&self, _line: Line<'_>, _login: &LoginAttempt) {}

    /// A line about the connection: the event's name, the same in words, and details.
    fn note(&self, _line: Line<'_>, _event: &str, _words: &str, _more: &[u8]) {}

    /// The line for a command that starts; `sql` describes it. Returns whether a line was written.
    fn started(&self, _line: Line<'_>, _name: &str, _sql: &dyn Fn() -> Option<Bytes>) -> bool {
        false
    }

    /// The line for a command and its answer.
    fn command(&self, _line: Line<'_>, _record: &Record<'_>) {}

    /// The lines for a message.
    fn packet(&self, line: Line<'_>, packet: &Packet<'_>);

    /// The line for a column of a command's result.
    fn column(&self, _line: Line<'_>, _number: u64, _column: &Column<'_>) {}

    /// The line for a row of a command's result.
    fn row(&self, _line: Line<'_>, _number: u64, _row: &[Shown]) {}
}

/// A line that is to be written: where to, when it happened, and on which connection.
pub(in crate::trace) struct Line<'a> {
    pub(in crate::trace) out: &'a mut String,
    pub(in crate::trace) time: &'a str,
    pub(in crate::trace) about: &'a Connection,
}

/// An error that is no answer to a command.
pub(in crate::trace) struct UnansweredError<'a> {
    /// Its name in JSON.
    pub(in crate::trace) event: &'static str,
    /// The side that says it, in text.
    pub(in crate::trace) words: &'static str,
    pub(in crate::trace) code: u32,
    /// Empty if there is none.
    pub(in crate::trace) sql_state: &'a [u8],
    pub(in crate::trace) message: &'a [u8],
}
