use bytes::{Bytes, BytesMut};
use mynah_x::compress::Decompressor;

/// What one side has sent, cut into messages.
#[derive(Default)]
pub(super) struct Side {
    header: [u8; HEADER],
    header_len: usize,
    left: u64,
    held: BytesMut,
    len: u64,
    /// For what the other side's compressed messages hold.
    pub(super) inflate: Option<Box<Decompressor>>,
}

/// A whole message.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) message_type: u8,
    pub(super) payload: Bytes,
    pub(super) len: u64,
}

/// A length of 0 leaves no room for a type.
#[derive(Debug)]
pub(super) struct NoType;

impl Side {
    /// Whether a message has begun and not ended.
    pub(super) fn is_inside(&self) -> bool {
        self.header_len > 0
    }

    /// Cuts the next message off what came, or takes all of it in if none is complete. `hold` says
    /// how many bytes of a message of this type are held.
    pub(super) fn next(
        &mut self,
        input: &mut &[u8],
        hold: impl Fn(u8) -> usize,
    ) -> Result<Option<Cut>, NoType> {
        while self.header_len < HEADER {
            let Some((&byte, rest)) = input.split_first() else {
                return Ok(None);
            };
            if let Some(place) = self.header.get_mut(self.header_len) {
                *place = byte;
            }
            self.header_len += 1;
            *input = rest;
            if self.header_len == HEADER {
                let [a, b, c, d, _] = self.header;
                let len = u32::from_le_bytes([a, b, c, d])
                    .checked_sub(1)
                    .ok_or(NoType)?;
                (self.left, self.len) = (len.into(), len.into());
            }
        }
        let [.., message_type] = self.header;
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let (part, rest) = input.split_at(left.min(input.len()));
        let room = hold(message_type).saturating_sub(self.held.len());
        self.held
            .extend_from_slice(part.get(..room).unwrap_or(part));
        self.left -= part.len() as u64;
        *input = rest;
        if self.left > 0 {
            return Ok(None);
        }
        self.header_len = 0;
        Ok(Some(Cut {
            message_type,
            payload: std::mem::take(&mut self.held).freeze(),
            len: self.len,
        }))
    }

    /// How much room what has begun takes.
    #[cfg(feature = "fuzz")]
    pub(super) fn held(&self) -> usize {
        self.held.capacity()
    }
}

/// Cuts the next message off those that came in one compressed piece; none if it isn't whole. What
/// is held of it is a copy: a slice would hold all of the piece.
pub(super) fn whole(rest: &mut &[u8], hold: impl Fn(u8) -> usize) -> Option<Cut> {
    let (&[a, b, c, d, message_type], after) = rest.split_first_chunk::<HEADER>()?;
    let len = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
    let (payload, after) = after.split_at_checked(len.checked_sub(1)?)?;
    *rest = after;
    let held = payload.get(..hold(message_type)).unwrap_or(payload);
    Some(Cut {
        message_type,
        payload: Bytes::copy_from_slice(held),
        len: payload.len() as u64,
    })
}

impl std::fmt::Debug for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Side")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// Four bytes of length, one of type.
pub(super) const HEADER: usize = 5;
