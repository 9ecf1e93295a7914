use std::collections::HashMap;

use bytes::{Bytes, BytesMut};
use mynah_classic::command::ComStmtSendLongData;
use mynah_wire::Message as _;

/// The values of parameters that were sent in pieces, before the execution that they are of.
#[derive(Debug, Default)]
pub(super) struct LongData {
    by_place: HashMap<(u32, u16), BytesMut>,
    held: usize,
    /// Whether a piece was left out, since there were more than are held.
    pub(super) is_cut: bool,
}

impl LongData {
    /// A piece, as COM_STMT_SEND_LONG_DATA sends it.
    pub(super) fn add(&mut self, payload: &Bytes, len: u64) {
        let Ok((piece, _)) = ComStmtSendLongData::from_payload_lenient(payload, ()) else {
            return;
        };
        let is_cut = (payload.len() as u64) < len;
        if is_cut || self.held + piece.data.len() > MOST_HELD {
            self.is_cut = true;
            return;
        }
        self.held += piece.data.len();
        let place = (piece.statement_id, piece.param_id);
        self.by_place
            .entry(place)
            .or_default()
            .extend_from_slice(&piece.data);
    }

    /// What was sent for a statement; an execution uses it up.
    pub(super) fn take(&mut self, statement: u32) -> HashMap<u16, Bytes> {
        if self.by_place.is_empty() {
            return HashMap::new();
        }
        let all = std::mem::take(&mut self.by_place);
        let mut taken = HashMap::new();
        for ((id, param), bytes) in all {
            if id == statement {
                self.held = self.held.saturating_sub(bytes.len());
                taken.insert(param, bytes.freeze());
            } else {
                self.by_place.insert((id, param), bytes);
            }
        }
        taken
    }
}

/// How many bytes of a connection are held.
const MOST_HELD: usize = 64 * 1024 * 1024;
