use std::sync::Arc;
use std::time::Duration;

use mynah_classic::resultset::ColumnDefinition41;

/// What is known of a statement once it is prepared. What is absent, the session finds out, or the
/// execution says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// How long to wait before it is sent.
    pub exec_time: Duration,
    /// The columns its result will have.
    pub columns: Option<Arc<[ColumnDefinition41]>>,
    /// How many placeholders it has; else those that are found in its text.
    pub params: Option<u16>,
    /// How many warnings preparing it left.
    pub warning_count: u16,
}
