use std::fmt::Debug;

use bytes::Bytes;
use mynah_net::ConnectionTls;
use mynah_session::observe::{Direction, LoginAttempt};

use crate::trace::record::{Column, Packet, Record};
use crate::trace::shown::Shown;
use crate::{Closed, Connection};

/// A form of the trace. An event for which it has no line is left out.
pub(in crate::trace) trait Format: Debug + Send + Sync {
    /// A time in UTC: its second, as in `2024-02-29T23:59:59`, and the microseconds behind it.
    fn time(&self, second: &str, micros: u32) -> String;

    /// Where lines could not be written.
    fn lines_lost(&self, time: &str, lines: u64, why: &str) -> String;

    /// Where more lines of a command wait for a filter than are held.
    fn lines_cut(&self) -> &'static str {
        ""
    }

    /// Whether it is a recording: each message as it came, whatever level and filter say, and
    /// nothing that is explained. Where it goes to a path, each connection has a file of its own.
    fn is_recording(&self) -> bool {
        false
    }

    /// Marks lines as those of a connection, if they don't say so themselves.
    fn mark(&self, _lines: &mut String, _connection: u32) {}

    /// The connection is there.
    fn connected(&self, line: Line<'_>);

    /// The connection is gone.
    fn closed(&self, _line: Line<'_>, _closed: &Closed) {}

    /// A side has closed the connection, or was lost with this error.
    fn side_ended(&self, _line: Line<'_>, _side: Direction, _lost: Option<&str>) {}

    /// An error that is no answer to a command.
    fn error(&self, _line: Line<'_>, _error: &UnansweredError<'_>) {}

    /// The proxy has ended TLS on a side.
    fn encrypted(&self, _line: Line<'_>, _side: Direction, _tls: ConnectionTls) {}

    /// The server has greeted, with its version and the connection's number there.
    fn greeting(&self, _line: Line<'_>, _version: &[u8], _thread_id: u32) {}

    /// The client has named its user.
    fn login(&self, _line: Line<'_>, _login: &LoginAttempt) {}

    /// Something about the connection: the event's name, the same in words, and more of it.
    fn note(&self, _line: Line<'_>, _event: &str, _words: &str, _more: &[u8]) {}

    /// A command starts, and `sql` says what it is about; gives whether it was written.
    fn started(&self, _line: Line<'_>, _name: &str, _sql: &dyn Fn() -> Option<Bytes>) -> bool {
        false
    }

    /// A command and its answer.
    fn command(&self, _line: Line<'_>, _record: &Record<'_>) {}

    /// A message.
    fn packet(&self, line: Line<'_>, packet: &Packet<'_>);

    /// A column of the result of this command.
    fn column(&self, _line: Line<'_>, _number: u64, _column: &Column<'_>) {}

    /// A row of it.
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
