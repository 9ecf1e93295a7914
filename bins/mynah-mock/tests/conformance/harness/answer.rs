use super::bytes::{Reader, text};
use super::login::capability;

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Ok(Done),
    Error(Refusal),
    Rows(Rows),
    /// No answer: the server closed the connection.
    Closed,
}

/// An OK packet, or the one after the last row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) affected_rows: u64,
    pub(crate) last_insert_id: u64,
    pub(crate) status: u16,
    pub(crate) warnings: u16,
    pub(crate) message: String,
    /// The changes of session state, as bytes.
    pub(crate) trackers: Vec<u8>,
}

/// An ERR packet.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    /// `None` if the packet has no `#` and state.
    pub(crate) state: Option<String>,
    pub(crate) message: String,
}

impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.state.as_deref().unwrap_or("-");
        write!(f, "error {} ({state}): {}", self.code, self.message)
    }
}

/// A result set of the text protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) columns: Vec<Column>,
    /// Cells in text form; `None` is NULL.
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// Warnings and status of the EOF packet after the columns, if there is one.
    pub(crate) middle: Option<(u16, u16)>,
    pub(crate) end: End,
}

/// The packet after the last row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Ok(Done),
    /// Warnings and status.
    Eof(u16, u16),
}

impl Default for End {
    fn default() -> Self {
        Self::Ok(Done::default())
    }
}

/// A column definition; the default is that of a column with only a name and a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) catalog: String,
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) orig_table: String,
    pub(crate) name: String,
    pub(crate) orig_name: String,
    pub(crate) character_set: u16,
    pub(crate) length: u32,
    pub(crate) kind: u8,
    pub(crate) flags: u16,
    pub(crate) decimals: u8,
}

impl Default for Column {
    fn default() -> Self {
        Self {
            catalog: "def".to_owned(),
            schema: String::new(),
            table: String::new(),
            orig_table: String::new(),
            name: String::new(),
            orig_name: String::new(),
            character_set: 255,
            length: 0,
            kind: 0,
            flags: 0,
            decimals: 0,
        }
    }
}

/// An OK with all fields zero or empty.
pub(crate) fn ok() -> Done {
    Done::default()
}

/// An ERR packet with its state.
pub(crate) fn err(code: u16, state: &str, message: &str) -> Refusal {
    Refusal {
        code,
        state: Some(state.to_owned()),
        message: message.to_owned(),
    }
}

impl From<Done> for Answer {
    fn from(done: Done) -> Self {
        Self::Ok(done)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::Error(refusal)
    }
}

impl From<Rows> for Answer {
    fn from(rows: Rows) -> Self {
        Self::Rows(rows)
    }
}

impl Answer {
    pub(crate) fn done(self) -> Done {
        match self {
            Self::Ok(done) => done,
            other => panic!("no OK: {other:?}"),
        }
    }

    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Self::Error(refusal) => refusal,
            other => panic!("no ERR: {other:?}"),
        }
    }

    pub(crate) fn rows(self) -> Rows {
        match self {
            Self::Rows(rows) => rows,
            other => panic!("no rows: {other:?}"),
        }
    }

    /// The message of an OK or of an ERR.
    pub(crate) fn message(self) -> String {
        match self {
            Self::Ok(done) => done.message,
            Self::Error(refusal) => refusal.message,
            other => panic!("no message: {other:?}"),
        }
    }

    /// The only cell of the only row.
    pub(crate) fn cell(self) -> Option<String> {
        let rows = self.rows().rows;
        assert!(rows.len() == 1 && rows[0].len() == 1, "{rows:?}");
        rows[0][0].clone()
    }
}

impl Refusal {
    /// Reads an ERR packet, with or, as before the login, without a state.
    pub(crate) fn read(payload: &[u8]) -> Self {
        let mut reader = Reader(payload);
        assert_eq!(reader.u8(), 0xff, "{payload:?}");
        let code = reader.u16();
        let state = reader.0.starts_with(b"#").then(|| {
            reader.take(1);
            text(reader.take(5))
        });
        Self {
            code,
            state,
            message: text(reader.0),
        }
    }
}

impl Done {
    /// Reads an OK packet of either header: 0, or 0xfe after rows.
    pub(crate) fn read(payload: &[u8], capabilities: u32) -> Self {
        let mut reader = Reader(payload);
        assert!(matches!(reader.u8(), 0 | 0xfe), "{payload:?}");
        let affected_rows = reader.lenenc_int().unwrap();
        let last_insert_id = reader.lenenc_int().unwrap();
        let (status, warnings) = (reader.u16(), reader.u16());
        let mut done = Self {
            affected_rows,
            last_insert_id,
            status,
            warnings,
            ..Self::default()
        };
        if !reader.0.is_empty() {
            done.message = reader.lenenc_text();
        }
        if capabilities & capability::SESSION_TRACK != 0 && status & SESSION_STATE_CHANGED != 0 {
            done.trackers = reader.lenenc().expect("the session's changes").to_vec();
        }
        reader.finish();
        done
    }
}

impl Column {
    pub(crate) fn read(payload: &[u8]) -> Self {
        let mut reader = Reader(payload);
        let column = Self {
            catalog: reader.lenenc_text(),
            schema: reader.lenenc_text(),
            table: reader.lenenc_text(),
            orig_table: reader.lenenc_text(),
            name: reader.lenenc_text(),
            orig_name: reader.lenenc_text(),
            ..Self::default()
        };
        assert_eq!(reader.u8(), 0x0c, "the length of what is fixed");
        let column = Self {
            character_set: reader.u16(),
            length: reader.u32(),
            kind: reader.u8(),
            flags: reader.u16(),
            decimals: reader.u8(),
            ..column
        };
        assert_eq!(reader.u16(), 0, "what is reserved");
        reader.finish();
        column
    }
}

/// The status flag for changes of session state in the packet.
pub(crate) const SESSION_STATE_CHANGED: u16 = 0x4000;
