use thiserror::Error;

use super::Kind;

/// How a value of a script isn't what it must be. The texts are part of the script format.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum Misfit {
    #[error("expected statement handler to return an object, got {0}")]
    NoScript(Kind),
    #[error("expected 'stmts' to be one of callable, thread or array, got {0}")]
    Statements(Kind),
    #[error("expected 'notices' to be one of callable, thread or array, got {0}")]
    Notices(Kind),
    #[error("notices has to be an array!")]
    NoticesNoArray,
    #[error("send_offset must be a number, if set, got {0}")]
    SendOffset(Kind),
    #[error("send_offset must be a non-negative number")]
    NegativeSendOffset,
    #[error("scope must be LOCAL or GLOBAL was: '{0}'")]
    Scope(String),
    #[error("level must be NOTE, WARNING or ERROR was: '{0}'")]
    WarningLevel(String),
    #[error("Unsupported notice id: {0}")]
    NoticeId(u32),
    #[error("auth.{key} must be one of {}, if set. Is '{found}'", .allowed.join(", "))]
    OneOf {
        key: &'static str,
        allowed: Vec<&'static str>,
        found: String,
    },
    #[error("loop must be a boolean, if set. Is {0}")]
    Loop(Kind),
    #[error("expected 'stmts' to return an 'object', got {0}")]
    Entry(Kind),
    #[error("expected 'error', 'ok' or 'result'")]
    NoOutcome,
    #[error("results: expected array, get {0}")]
    Results(Kind),
    #[error("results: expected one at least")]
    NoResults,
    #[error("out_parameters: expected one row, get {0}")]
    OutParameters(usize),
    #[error("column '{column}', row {row}: {wrong}")]
    Cell {
        column: String,
        row: u64,
        wrong: CellMisfit,
    },
    #[error("binlog: expected array, get {0}")]
    Binlog(Kind),
    #[error("binlog: event {0}: {1}")]
    Event(u64, CellMisfit),
    #[error("a binlog answers nothing but a request for a binary log")]
    BinlogToStatement,
    #[error("params: expected array or number, get {0}")]
    Params(Kind),
    #[error("params: {0}: {1}")]
    Param(u64, CellMisfit),
    #[error("local_infile.answer must be a function or an object, if set. Is {0}")]
    Answer(Kind),
    #[error("{0}: not a regular expression: {1}")]
    Regex(&'static str, String),
    #[error("strict must be a boolean, if set. Is {0}")]
    Strict(Kind),
    #[error("expect an object")]
    ExpectObject,
    #[error("Wrong statements document structure: missing field \"{0}\"")]
    Missing(&'static str),
    #[error("value out-of-range for field \"{0}\"")]
    OutOfRange(&'static str),
    #[error("wrong type for field \"{0}\", expected unsigned number")]
    NotUnsigned(&'static str),
    #[error("wrong type for field \"{0}\", expected string")]
    NotString(&'static str),
    #[error("columns: expected one at least; a statement without rows is answered by an ok")]
    NoColumns,
    #[error("Unknown type: \"{0}\"")]
    UnknownType(String),
    #[error("repeat is not supported")]
    Repeat,
    #[error("rows: expected array or undefined, get {0}")]
    Rows(Kind),
    #[error("row: expected array, get {0}")]
    Row(Kind),
    #[error("rows: without columns, expected an array of objects, get {0}")]
    RowsWithoutColumns(Kind),
    #[error("row {0}: without columns, expected an object, get {1}")]
    RowWithoutColumns(u64, Kind),
    #[error("rows: types of columns come from an array of rows, get {0}; give the columns types")]
    RowsWithoutTypes(Kind),
    #[error(
        "rows: without columns, the first row's keys name them, but there are none; name them: columns: [\"id\", \"name\"]"
    )]
    NoFirstRow,
    #[error("row {row}: there is no column '{key}'")]
    UnknownColumn { row: u64, key: String },
    #[error(
        "column '{column}', row {row}: the value is of another kind than those above; give the result columns with types"
    )]
    Mixed { column: String, row: u64 },
    #[error("row: expected {max} cells at most, get {0}", max = u16::MAX)]
    RowLength(u64),
    #[error("expected generated_ids to be an array")]
    GeneratedIds,
    #[error("expected .session_tracker to be an array")]
    Trackers,
    #[error("unknown session_tracket.type = {0}")]
    UnknownTracker(String),
    #[error("expected the hex of a session tracker to be bytes in hex")]
    TrackerHex,
    #[error("session_tracket.{field} must be size=={expected}, is {found}")]
    TrackerSize {
        field: &'static str,
        expected: usize,
        found: usize,
    },
    #[error("sql_state must be 5 characters, is {0}")]
    SqlState(usize),
    #[error("{name} must be ASCII, is '{found}'")]
    NotAscii { name: String, found: String },
    #[error("exec_time must be a number, if set, got {0}")]
    ExecTime(Kind),
    #[error("exec_time must be a number, if set. Is {0}")]
    GreetingExecTime(Kind),
    #[error("exec_time must be a non-negative number")]
    NegativeExecTime,
    #[error("handshake must be an object, if set. Is {0}")]
    Handshake(Kind),
    #[error("handshake-function must return an object, if set")]
    HandshakeReturn,
    #[error("handshake.greeting must be an object, if set. Is {0}")]
    Greeting(Kind),
    #[error("handshake.greeting.capabilities: unknown capability '{0}'")]
    UnknownCapability(String),
    #[error("handshake.greeting.nonce must be 8 bytes or more, is {0}")]
    Nonce(usize),
    #[error("Invalid argument")]
    Auth,
    #[error("handshake.auth needs one account at least; without auth, any user may log in")]
    NoAccounts,
    #[error("{0}")]
    Fault(String),
    #[error("handshake has both error and fault; leave one out")]
    FaultOfRefused,
    #[error("packets: expected array, get {0}")]
    Packets(Kind),
    #[error("packets: packet {0}: {1}")]
    Packet(u64, PacketMisfit),
}

impl Misfit {
    /// The text under this name has characters that take more than one byte.
    pub(super) fn not_ascii(name: &str, found: &[u8]) -> Self {
        Self::NotAscii {
            name: name.to_owned(),
            found: String::from_utf8_lossy(found).into_owned(),
        }
    }
}

/// How a packet isn't one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum PacketMisfit {
    #[error("expected an object, such as {{hex: \"0a00\"}}, get {0}")]
    NoObject(Kind),
    #[error("needs one of hex, for what is behind the header, and raw, for all bytes")]
    NoBytes,
    #[error("{0} must be an even number of hexadecimal digits")]
    Hex(&'static str),
    #[error("has raw and {0}; leave one out")]
    RawAnd(&'static str),
    #[error(
        "has a sequence_id, which packets of the classic protocol have, and a type, which messages of the X Protocol have; leave one out"
    )]
    BothProtocols,
}

/// How a cell's value isn't one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum CellMisfit {
    #[error("hex must be an even number of hexadecimal digits")]
    Hex,
    #[error("base64 must be base64, with its padding")]
    Base64,
    #[error("{0} must be a string, is {1}")]
    NoText(&'static str, Kind),
    #[error("Invalid Date")]
    InvalidDate,
    #[error("a number of bits must be whole and not negative")]
    Bits,
}
