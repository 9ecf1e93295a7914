use mynah_wire::MAX_PAYLOAD_LEN;

use crate::frames::FramePart;

/// Recognises the rows of an answer.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    state: State,
    /// The first bytes of the current packet.
    start: Vec<u8>,
    /// Whether the current packet is a row, or begins one.
    is_row: bool,
    /// Whether the current packet continues the one before.
    is_continuation: bool,
}

/// What comes next in an answer of the classic protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// OK, an error, or the number of columns.
    #[default]
    Result,
    /// So many columns, at least one.
    Columns(u16),
    /// A row, the end of the columns, or the end of the rows.
    FirstRow,
    /// A row, or the end of the rows.
    Rows,
}

impl Rows {
    /// Takes a part of the answer; returns whether it is the end of a row.
    pub(crate) fn ends_row(&mut self, part: &FramePart<'_>) -> bool {
        if part.offset == 0 {
            self.start.clear();
        }
        let missing = START.saturating_sub(self.start.len());
        self.start.extend(part.payload.iter().take(missing));
        if !part.is_last {
            return false;
        }
        if part.sequence_id.is_none() {
            return self.start.first() == Some(&ROW_MESSAGE);
        }
        // What a packet is, its first part says; it ends with its last.
        if !self.is_continuation {
            (self.state, self.is_row) = self.state.after(&self.start, part.len);
        }
        self.is_continuation = part.len == MAX_PAYLOAD_LEN;
        self.is_row && !self.is_continuation
    }
}

impl State {
    /// The state after a packet, and whether the packet is a row.
    fn after(self, start: &[u8], len: usize) -> (Self, bool) {
        let first = start.first().copied();
        // A row that begins with 0xfe has a value that needs several packets.
        let is_end = first == Some(EOF) && len < MAX_PAYLOAD_LEN;
        match self {
            _ if first == Some(ERR) => (Self::Result, false),
            Self::Result => (columns(start, len), false),
            Self::Columns(0..=1) => (Self::FirstRow, false),
            Self::Columns(left) => (Self::Columns(left - 1), false),
            // Only an EOF packet is so short. An OK packet in its place ends the rows.
            Self::FirstRow if is_end && len <= EOF_LEN => (Self::Rows, false),
            Self::FirstRow | Self::Rows if is_end => (Self::Result, false),
            Self::FirstRow | Self::Rows => (Self::Rows, true),
        }
    }
}

/// What follows the first packet of a result.
fn columns(start: &[u8], len: usize) -> State {
    // With CLIENT_OPTIONAL_RESULTSET_METADATA a byte in front says whether columns follow.
    let (follow, count) = match (len, start) {
        (2 | 4, [follow, count @ ..]) => (*follow, count),
        _ => (1, start),
    };
    let count = match *count {
        [count @ 1..=250] => u16::from(count),
        [0xfc, a, b] => u16::from_le_bytes([a, b]),
        _ => return State::Result,
    };
    match follow {
        0 => State::FirstRow,
        _ => State::Columns(count),
    }
}

/// How many bytes of a packet say what it is.
const START: usize = 8;
const EOF: u8 = 0xfe;
const ERR: u8 = 0xff;
/// The length of an EOF packet.
const EOF_LEN: usize = 5;
/// The type of Mysqlx.Resultset.Row.
const ROW_MESSAGE: u8 = 13;
