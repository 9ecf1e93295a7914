use std::collections::{HashMap, HashSet};

use bytes::{Bytes, BytesMut};
use mynah_classic::command::ComStmtSendLongData;
use mynah_wire::Message as _;

/// The values of parameters that were sent in pieces, before the execution that they are of.
#[derive(Debug, Default)]
pub(super) struct LongData {
    /// By the statement's number, then the parameter's.
    by_statement: HashMap<u32, HashMap<u16, BytesMut>>,
    /// How many bytes they take.
    held: usize,
    /// The statements of which a piece was left out, since there were more than are held.
    cut: HashSet<u32>,
    /// Whether there are too many of these to know which.
    all_are_cut: bool,
}

/// The values of one execution that were sent in pieces.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// By the parameter's number.
    pub(super) values: HashMap<u16, Bytes>,
    /// Whether one isn't whole.
    pub(super) is_cut: bool,
}

impl LongData {
    /// A piece, as COM_STMT_SEND_LONG_DATA sends it.
    pub(super) fn add(&mut self, payload: &Bytes, len: u64) {
        let Ok((piece, _)) = ComStmtSendLongData::from_payload_lenient(payload, ()) else {
            return;
        };
        let statement = piece.statement_id;
        if self.all_are_cut || self.cut.contains(&statement) {
            return;
        }
        let values = self.by_statement.entry(statement).or_default();
        let overhead = match values.contains_key(&piece.param_id) {
            true => 0,
            false => OVERHEAD,
        };
        let size = piece.data.len() + overhead;
        let is_cut = (payload.len() as u64) < len;
        if is_cut || self.held + size > MOST_HELD {
            // What came before isn't of use without the rest.
            self.take(statement);
            self.cut.insert(statement);
            self.all_are_cut = self.cut.len() > MOST_CUT;
            return;
        }
        self.held += size;
        let value = values.entry(piece.param_id).or_default();
        value.extend_from_slice(&piece.data);
    }

    /// What was sent for a statement; an execution uses it up.
    pub(super) fn take(&mut self, statement: u32) -> Pieces {
        let values = self.by_statement.remove(&statement).unwrap_or_default();
        let sizes = values.values().map(|bytes| bytes.len() + OVERHEAD);
        self.held = self.held.saturating_sub(sizes.sum());
        let values = values
            .into_iter()
            .map(|(param, bytes)| (param, bytes.freeze()));
        Pieces {
            values: values.collect(),
            is_cut: self.cut.remove(&statement) || self.all_are_cut,
        }
    }
}

/// How many bytes of a connection are held.
const MOST_HELD: usize = 64 * 1024 * 1024;

/// How many bytes a value takes besides its own.
const OVERHEAD: usize = 256;

/// Of how many statements it is known that a piece was left out.
const MOST_CUT: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(statement: u8, param: u8, data: &[u8]) -> Bytes {
        [&[0x18, statement, 0, 0, 0, param, 0], data]
            .concat()
            .into()
    }

    #[test]
    fn a_parameter_that_is_too_long_is_missing_only_in_its_own_execution() {
        let mut long_data = LongData::default();
        let add = |long_data: &mut LongData, statement, data: &[u8], more: u64| {
            let payload = piece(statement, 0, data);
            long_data.add(&payload, payload.len() as u64 + more);
        };
        add(&mut long_data, 1, b"a", 0);
        add(&mut long_data, 2, b"b", 0);
        // The rest of this piece isn't there.
        add(&mut long_data, 1, b"c", 1);
        add(&mut long_data, 1, b"d", 0);
        let one = long_data.take(1);
        assert!(one.is_cut && one.values.is_empty(), "{one:?}");
        let two = long_data.take(2);
        assert!(!two.is_cut, "{two:?}");
        assert_eq!(two.values[&0], "b");
        add(&mut long_data, 1, b"e", 0);
        let again = long_data.take(1);
        assert!(!again.is_cut, "{again:?}");
        assert_eq!((&*again.values[&0], long_data.held), (&b"e"[..], 0));
    }

    #[test]
    fn pieces_for_any_number_of_statements_take_bounded_memory() {
        let mut long_data = LongData::default();
        for statement in 0..2_000_000_u32 {
            let id = statement.to_le_bytes();
            let payload: Bytes = [&[0x18][..], &id, &[0, 0]].concat().into();
            long_data.add(&payload, payload.len() as u64);
        }
        assert!(long_data.held <= MOST_HELD);
        assert!(long_data.by_statement.len() <= MOST_HELD / OVERHEAD);
        assert!(long_data.cut.len() <= MOST_CUT + 1);
        assert!(long_data.take(1_999_999).is_cut);
    }
}
