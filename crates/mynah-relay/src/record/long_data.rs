use std::collections::{HashMap, HashSet};

use bytes::{Bytes, BytesMut};
use mynah_classic::command::ComStmtSendLongData;
use mynah_wire::Message as _;

/// The values of parameters that were sent in pieces, before the execution that they are of.
#[derive(Debug, Default)]
pub(super) struct LongData {
    by_place: HashMap<(u32, u16), BytesMut>,
    held: usize,
    /// The statements of which a piece was left out, since there were more than are held.
    cut: HashSet<u32>,
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
        if self.cut.contains(&statement) {
            return;
        }
        let is_cut = (payload.len() as u64) < len;
        if is_cut || self.held + piece.data.len() > MOST_HELD {
            // What came before isn't of use without the rest.
            self.take(statement);
            self.cut.insert(statement);
            return;
        }
        self.held += piece.data.len();
        let place = (statement, piece.param_id);
        self.by_place
            .entry(place)
            .or_default()
            .extend_from_slice(&piece.data);
    }

    /// What was sent for a statement; an execution uses it up.
    pub(super) fn take(&mut self, statement: u32) -> Pieces {
        let mut taken = Pieces {
            is_cut: self.cut.remove(&statement),
            ..Pieces::default()
        };
        if self.by_place.is_empty() {
            return taken;
        }
        let all = std::mem::take(&mut self.by_place);
        for ((id, param), bytes) in all {
            if id == statement {
                self.held = self.held.saturating_sub(bytes.len());
                taken.values.insert(param, bytes.freeze());
            } else {
                self.by_place.insert((id, param), bytes);
            }
        }
        taken
    }
}

/// How many bytes of a connection are held.
const MOST_HELD: usize = 64 * 1024 * 1024;

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
}
