/// A key of a script.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// Its place in the list of all keys.
    pub(crate) place: usize,
}

/// A set of keys.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keys(u128);

impl Keys {
    pub(crate) const fn contains(self, key: Key) -> bool {
        self.0 & (1 << key.place) != 0
    }

    #[cfg_attr(
        not(feature = "javascript"),
        expect(dead_code, reason = "for scripts only")
    )]
    pub(crate) const fn insert(&mut self, key: Key) {
        self.0 |= 1 << key.place;
    }
}

/// Passes a macro the list of every key that means something.
macro_rules! every_key {
    ($with:ident) => {
        $with! {
            AFFECTED_ROWS = "affected_rows",
            ANSWER = "answer",
            AUTH = "auth",
            AUTH_METHOD = "auth_method",
            AUTH_METHOD_NAME = "auth_method_name",
            BASE64 = "base64",
            BINLOG = "binlog",
            CAPABILITIES = "capabilities",
            CATALOG = "catalog",
            CERTIFICATE = "certificate",
            CHARACTER_SET = "character_set",
            CODE = "code",
            LEVEL = "level",
            COLUMNS = "columns",
            CONNECTION_ID = "connection_id",
            DECIMALS = "decimals",
            DEFAULTS = "defaults",
            ERROR = "error",
            EXPECTATIONS = "expectations",
            EXEC_TIME = "exec_time",
            EXTENDED = "extended",
            FAULT = "fault",
            FILENAME = "filename",
            FLAGS = "flags",
            FORMAT = "format",
            FOUND_ROWS = "found_rows",
            FULL = "full",
            GENERATED_IDS = "generated_ids",
            GREETING = "greeting",
            GTID = "gtid",
            HANDSHAKE = "handshake",
            HEX = "hex",
            ISSUER = "issuer",
            LAST_INSERT_ID = "last_insert_id",
            LENGTH = "length",
            LIMIT = "limit",
            LOCAL_INFILE = "local_infile",
            LOOP = "loop",
            MESSAGE = "message",
            NAME = "name",
            NONCE = "nonce",
            NUMBER = "number",
            NOTICES = "notices",
            OK = "ok",
            ORIG_NAME = "orig_name",
            ORIG_TABLE = "orig_table",
            PACKETS = "packets",
            OUT_PARAMETERS = "out_parameters",
            PARAMS = "params",
            PASSWORD = "password",
            PAYLOAD = "payload",
            PREPARED = "prepared",
            PUBLIC_KEY = "public_key",
            RAW = "raw",
            REPEAT = "repeat",
            RESULT = "result",
            RESULTS = "results",
            ROWS = "rows",
            SCHEMA = "schema",
            SCOPE = "scope",
            SEND_OFFSET = "send_offset",
            SEQUENCE_ID = "sequence_id",
            SERVER_VERSION = "server_version",
            SESSION_TRACKERS = "session_trackers",
            SQL_STATE = "sql_state",
            STATE = "state",
            STATUS = "status",
            STATUS_FLAGS = "status_flags",
            STMT = "stmt",
            STMTS = "stmts",
            STMT_DOT_REGEX = "stmt.regex",
            STMT_REGEX = "stmt_regex",
            STRICT = "strict",
            SUBJECT = "subject",
            TABLE = "table",
            TRX_STMT = "trx_stmt",
            TYPE = "type",
            USERNAME = "username",
            VALUE = "value",
            VIEW_ID = "view-id",
            WARNINGS = "warnings",
            WARNING_COUNT = "warning_count",
        }
    };
}

macro_rules! constants {
    ($($ident:ident = $name:literal,)*) => {
        /// Every key that means something.
        pub(crate) mod keys {
            use super::Key;

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "names of keys")]
            enum Place {
                $($ident,)*
            }

            $(pub(crate) const $ident: Key = Key {
                name: $name,
                place: Place::$ident as usize,
            };)*
        }
    };
}

every_key!(constants);

pub(crate) use every_key;
