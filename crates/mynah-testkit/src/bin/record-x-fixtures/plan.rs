//! The recordings.

/// One fixture.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) what: &'static str,
    pub(crate) client: Client,
}

/// The client to run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Client {
    /// A topic of `record/x_messages.py`.
    Messages(&'static str),
    /// Its topic `behind`: a message, and the extra bytes after it.
    Behind(&'static str, &'static str),
    /// `record/x_connector_python.py`.
    Connector(&'static [&'static str]),
    /// The test client of the protocol.
    Mysqlxtest(&'static [&'static str]),
}

pub(crate) fn all() -> Vec<Asked> {
    let messages = MESSAGES.iter().map(|(topic, what)| Asked {
        name: topic.replace('_', "-"),
        what,
        client: Client::Messages(topic),
    });
    let clients = CLIENTS.iter().map(|(name, what, client)| Asked {
        name: (*name).to_owned(),
        what,
        client: *client,
    });
    let behind = BEHIND.iter().flat_map(|&message| {
        REST.iter().map(move |&(rest, what)| Asked {
            name: format!("behind-{}-{rest}", message.replace('_', "-")),
            what,
            client: Client::Behind(message, rest),
        })
    });
    messages.chain(clients).chain(behind).collect()
}

/// Messages that are sent with extra bytes after them.
const BEHIND: [&str; 27] = [
    "capabilities_set",
    "capabilities_get",
    "close",
    "authenticate_start",
    "authenticate_continue",
    "reset",
    "session_close",
    "stmt_execute",
    "find",
    "insert",
    "update",
    "delete",
    "expect_open",
    "expect_close",
    "create_view",
    "modify_view",
    "drop_view",
    "prepare",
    "prepare_execute",
    "deallocate",
    "cursor_open",
    "cursor_close",
    "cursor_fetch",
    "compression",
    "compression_lz4",
    "compression_zstd",
    "compression_unagreed",
];

/// The extra bytes.
const REST: [(&str, &str); 4] = [
    ("0", "a message with nothing behind it"),
    ("1", "a message with one byte behind it"),
    ("5", "a message with five bytes behind it"),
    (
        "field",
        "a message with a field behind it that no message has",
    ),
];

const MESSAGES: [(&str, &str); 24] = [
    (
        "capabilities",
        "what the server can do, and sets that are taken",
    ),
    (
        "capabilities_refused",
        "sets that are refused, each for another reason",
    ),
    ("login_refused", "three logins with a wrong password"),
    ("login_mechanism", "a mechanism that isn't there"),
    ("login_schema", "a schema that isn't there, then a login"),
    ("too_early", "a statement before the login"),
    ("unreadable", "a message that isn't one"),
    ("results", "rows, in several results too, and compact ones"),
    ("completions", "statements without rows"),
    ("failures", "statements that fail"),
    ("integers", "all types of integers"),
    ("numbers", "all types of other numbers"),
    ("moments", "all types of moments"),
    ("texts", "all types of texts and bytes"),
    ("commands", "commands of the X Plugin"),
    (
        "collections",
        "collections are made, listed, changed and dropped",
    ),
    ("expectations", "blocks with conditions, met and not met"),
    (
        "documents",
        "documents are inserted, found, changed and deleted",
    ),
    (
        "rows",
        "rows of a table are inserted and found; views of them",
    ),
    ("prepared", "statements are prepared, run and given up"),
    ("cursors", "results are fetched some rows at a time"),
    (
        "session_close",
        "a session is closed, and another one begun on the connection",
    ),
    ("reset", "a session is reset, with and without a new login"),
    (
        "pipelined",
        "messages sent before the answers to those before them",
    ),
];

const SELECT: &str = "--sql=SELECT REPEAT('long ', 500), 1 UNION SELECT REPEAT('x', 2000), 2";

const CLIENTS: [(&str, &str, Client); 8] = [
    (
        "client-connector-python",
        "documents and statements",
        Client::Connector(&[]),
    ),
    (
        "client-connector-python-deflate",
        "documents and statements, compressed",
        Client::Connector(&["deflate_stream"]),
    ),
    (
        "client-connector-python-lz4",
        "documents and statements, compressed",
        Client::Connector(&["lz4_message"]),
    ),
    (
        "client-connector-python-zstd",
        "documents and statements, compressed",
        Client::Connector(&["zstd_stream"]),
    ),
    (
        "client-mysqlxtest",
        "a statement",
        Client::Mysqlxtest(&["--cached-auth", SELECT]),
    ),
    (
        "client-mysqlxtest-deflate",
        "a statement, compressed",
        Client::Mysqlxtest(&[
            "--cached-auth",
            "--compression-mode=REQUIRED",
            "--compression-algorithm=DEFLATE_STREAM",
            SELECT,
        ]),
    ),
    (
        "client-mysqlxtest-zstd-unmixed",
        "a statement, compressed, messages of one type together",
        Client::Mysqlxtest(&[
            "--cached-auth",
            "--compression-mode=REQUIRED",
            "--compression-algorithm=ZSTD_STREAM",
            "--compression-combine-mixed-messages=0",
            SELECT,
        ]),
    ),
    (
        "client-mysqlxtest-lz4-one",
        "a statement, compressed, each message alone",
        Client::Mysqlxtest(&[
            "--cached-auth",
            "--compression-mode=REQUIRED",
            "--compression-algorithm=LZ4_MESSAGE",
            "--compression-max-combine-messages=1",
            SELECT,
        ]),
    ),
];
