use crate::{Failure, RowSource};

/// How far sending rows has come.
#[derive(Debug)]
pub(crate) enum Progress {
    /// There are no more.
    Sent,
    /// As many as were wanted are sent; there may be more.
    Enough,
    /// The output is full.
    Full,
    /// More are to be had.
    NeedsRows(RowSource),
    /// A row can't be sent.
    Failed(Failure),
}
