use crate::{Failure, RowSource};

/// How far sending rows has come.
#[derive(Debug)]
pub(crate) enum Progress {
    /// All rows are sent.
    Sent,
    /// As many rows as were asked for are sent (COM_STMT_FETCH); there may be more.
    Enough,
    /// The output buffer is full: send it before more rows.
    Full,
    /// The rows at hand are sent; the handler has to be asked for more.
    NeedsRows(RowSource),
    /// A row can't be encoded.
    Failed(Failure),
}
