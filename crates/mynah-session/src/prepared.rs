use std::sync::Arc;
use std::time::Duration;

use mynah_classic::resultset::ColumnDefinition41;

/// What the server answers to a client that prepares a statement. The X Protocol has only an OK for an answer, so its
/// sessions use neither the columns nor the warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// How long to wait before the answer is sent.
    pub exec_time: Duration,
    /// The columns that the answer announces for the result. If empty or `None`, it announces none; the client gets the
    /// columns of a result with each execution.
    pub columns: Option<Arc<[ColumnDefinition41]>>,
    /// How many placeholders the statement has; if `None`, the session counts the `?` in its text. It has no effect on
    /// a CRUD message of the X Protocol.
    pub params: Option<u16>,
    /// How many warnings preparing the statement left.
    pub warning_count: u16,
}
