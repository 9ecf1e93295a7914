/// What a packet of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An OK that is no end of rows.
    Ok,
    /// An error; it ends the answer.
    Err,
    /// MariaDB's report of how far a statement has come.
    Progress,
    /// How many columns there are.
    ColumnCount,
    /// A column of a result set or of a prepared statement.
    ColumnDefinition,
    /// The end of columns or parameters.
    ColumnsEnd,
    /// A row of strings.
    TextRow,
    /// A row of typed values.
    BinaryRow,
    /// The end of rows: EOF, or OK where that takes its place.
    RowsEnd,
    /// A file is asked for; the client sends it next.
    LocalInfile,
    /// A statement is prepared.
    Prepared,
    /// A parameter of a prepared statement.
    Parameter,
    /// A line of text.
    Statistics,
    /// A piece of a binary log.
    BinlogEvent,
    /// A step of an authentication exchange.
    Authentication,
}
