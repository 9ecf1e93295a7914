use std::collections::HashMap;

use bytes::Bytes;
use mynah_x::resultset::FieldType;

/// What is known of a connection of the X Protocol.
#[derive(Debug, Default)]
pub(in crate::trace) struct State {
    /// The statements that are prepared.
    pub(super) prepared: HashMap<u32, Bytes>,
    /// The columns of the result that comes.
    pub(super) columns: Vec<Option<FieldType>>,
    /// Whether its rows have begun.
    pub(super) has_rows: bool,
    /// Lines whose fate isn't decided.
    pub(super) held: String,
}
