use std::sync::Arc;
use std::time::Duration;

use mynah_classic::resultset::ColumnDefinition41;

/// What the server answers to a client that prepares a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// How long to wait before the answer is sent.
    pub exec_time: Duration,
    /// The columns that the result will have; empty if it has none. If `None`, the answer announces no columns, and
    /// the client learns them with each execution.
    pub columns: Option<Arc<[ColumnDefinition41]>>,
    /// How many placeholders the statement has; if `None`, the session counts the `?` in its text.
    pub params: Option<u16>,
    /// How many warnings preparing the statement left.
    pub warning_count: u16,
}
