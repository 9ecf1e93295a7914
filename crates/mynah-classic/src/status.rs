use bitflags::bitflags;

bitflags! {
    /// The state of a session as the greeting, OK and EOF packets carry it, such as whether a transaction is open
    /// and whether more results follow.
    ///
    /// Documentation page: Protocol::StatusFlags (SERVER_STATUS_flags_enum).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct StatusFlags: u16 {
        /// A transaction is open.
        const IN_TRANS = 0x0001;
        /// Autocommit is on: outside an explicit transaction, each statement is a transaction of its own.
        const AUTOCOMMIT = 0x0002;
        /// Another result follows this one.
        const MORE_RESULTS_EXISTS = 0x0008;
        /// The statement found no good index.
        const NO_GOOD_INDEX_USED = 0x0010;
        /// The statement used no index.
        const NO_INDEX_USED = 0x0020;
        /// A cursor is open; its rows are read by COM_STMT_FETCH.
        const CURSOR_EXISTS = 0x0040;
        /// The cursor has returned its last row.
        const LAST_ROW_SENT = 0x0080;
        /// The statement dropped a schema.
        const DB_DROPPED = 0x0100;
        /// `\` isn't an escape character in strings.
        const NO_BACKSLASH_ESCAPES = 0x0200;
        /// The server prepared the prepared statement again, and its columns changed.
        const METADATA_CHANGED = 0x0400;
        /// The statement was slower than `long_query_time`.
        const QUERY_WAS_SLOW = 0x0800;
        /// The result set carries the OUT parameters of a procedure.
        const PS_OUT_PARAMS = 0x1000;
        /// The open transaction is read-only.
        const IN_TRANS_READONLY = 0x2000;
        /// The OK packet carries changes of session state.
        const SESSION_STATE_CHANGED = 0x4000;
        /// MariaDB: `"` quotes identifiers.
        const ANSI_QUOTES = 0x8000;
    }
}
