/// The role that a server's packet has in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An OK packet that doesn't end rows, or the EOF packet that answers a command such as COM_SET_OPTION.
    Ok,
    /// An ERR packet; it ends the answer.
    Err,
    /// A progress report of MariaDB: how far a statement has come. The answer continues after it.
    Progress,
    /// The number of columns, which starts a result set.
    ColumnCount,
    /// The definition of a column, of a result set, a prepared statement or a table (COM_FIELD_LIST).
    ColumnDefinition,
    /// The EOF packet after column or parameter definitions, or the OK packet after those of COM_FIELD_LIST.
    ColumnsEnd,
    /// A row in the text format, as after COM_QUERY.
    TextRow,
    /// A row in the binary format, as after COM_STMT_EXECUTE.
    BinaryRow,
    /// The end of rows or of a binary log: an EOF packet, or an OK packet with DEPRECATE_EOF.
    RowsEnd,
    /// A LOCAL INFILE request: the client sends the file next.
    LocalInfile,
    /// The answer to COM_STMT_PREPARE: statement id and counts.
    Prepared,
    /// The definition of a prepared statement's parameter.
    Parameter,
    /// The text that answers COM_STATISTICS.
    Statistics,
    /// A packet of a binary log.
    BinlogEvent,
    /// A packet of the authentication exchange that answers COM_CHANGE_USER, before its OK or ERR.
    Authentication,
}
