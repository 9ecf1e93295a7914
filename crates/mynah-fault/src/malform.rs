use bytes::{BufMut, BytesMut};
use mynah_wire::MAX_PAYLOAD_LEN;

use crate::frames::{FramePart, Frames};
use crate::{Framing, Malformation, Malformed};

/// Breaks one packet of an answer, while it passes in pieces.
#[derive(Debug)]
pub(crate) struct Malformer {
    malformed: Malformed,
    frames: Frames,
    /// How many packets have ended.
    ended: u64,
}

impl Malformer {
    pub(crate) fn new(malformed: Malformed, framing: Framing) -> Self {
        Self {
            malformed,
            frames: Frames::new(framing),
            ended: 0,
        }
    }

    /// Appends the bytes that are sent for `piece`.
    pub(crate) fn pass(&mut self, mut piece: &[u8], out: &mut BytesMut) {
        while self.ended < self.malformed.packet.get() {
            let is_it = self.ended + 1 == self.malformed.packet.get();
            let Some(part) = self.frames.next(&mut piece) else {
                return;
            };
            match is_it {
                true => broken(self.malformed.kind, &part, out),
                false => intact(&part, out),
            }
            self.ended += u64::from(part.is_last);
        }
        // Behind the broken packet nothing needs to be followed.
        out.put_slice(piece);
    }
}

fn intact(part: &FramePart<'_>, out: &mut BytesMut) {
    if part.offset == 0 {
        header(part.len, part.sequence_id, out);
    }
    out.put_slice(part.payload);
}

fn broken(kind: Malformation, part: &FramePart<'_>, out: &mut BytesMut) {
    let (len, id) = (part.len, part.sequence_id);
    let is_first = part.offset == 0;
    match kind {
        Malformation::CutShort => {
            let kept = len / 2;
            if is_first {
                header(kept, id, out);
            }
            let left = kept.saturating_sub(part.offset);
            out.put_slice(part.payload.get(..left).unwrap_or(part.payload));
        }
        Malformation::WrongSequenceId => {
            if is_first && id.is_none() {
                header(1, None, out);
                out.put_u8(FETCH_DONE);
            }
            if is_first {
                header(len, id.map(|id| id.wrapping_add(1)), out);
            }
            out.put_slice(part.payload);
        }
        Malformation::WrongLength => {
            if is_first {
                let most = if id.is_some() {
                    MAX_PAYLOAD_LEN
                } else {
                    MAX_MESSAGE
                };
                let wrong = if len < most {
                    len + 1
                } else {
                    len.saturating_sub(1)
                };
                header(wrong, id, out);
            }
            out.put_slice(part.payload);
        }
        Malformation::Junk => {
            // A message keeps its type.
            let kept = usize::from(id.is_none()).min(len);
            let junk_len = len.max(kept + JUNK.len());
            if is_first {
                header(junk_len, id, out);
            }
            let end = part.offset + part.payload.len();
            let end = if part.is_last { junk_len.max(end) } else { end };
            let kept_here = kept.saturating_sub(part.offset).min(part.payload.len());
            out.put_slice(part.payload.get(..kept_here).unwrap_or_default());
            let places = (part.offset + kept_here).saturating_sub(kept)..end.saturating_sub(kept);
            let cycle = JUNK.iter().copied().cycle();
            out.extend(cycle.skip(places.start % JUNK.len()).take(places.len()));
        }
    }
}

fn header(len: usize, sequence_id: Option<u8>, out: &mut BytesMut) {
    let len = u32::try_from(len).unwrap_or(u32::MAX);
    match (sequence_id, len.to_le_bytes()) {
        (Some(id), [a, b, c, _]) => out.put_slice(&[a, b, c, id]),
        (None, len) => out.put_slice(&len),
    }
}

const JUNK: [u8; 4] = [0xde, 0xad, 0xbe, 0xef];
/// The type of Mysqlx.Resultset.FetchDone.
const FETCH_DONE: u8 = 14;
const MAX_MESSAGE: usize = 0xffff_ffff;
