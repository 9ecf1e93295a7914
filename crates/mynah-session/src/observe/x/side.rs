use bytes::{Bytes, BytesMut};
use mynah_wire::{Header, Scanner};
use mynah_x::FrameHeader;
use mynah_x::compress::Decompressor;

/// What one side has sent, cut into messages.
#[derive(Default)]
pub(super) struct Side {
    frames: Scanner<FrameHeader>,
    /// The type of the message that has begun, once it is there.
    message_type: Option<u8>,
    held: BytesMut,
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
        self.frames.is_inside()
    }

    /// Cuts the next message off what came, or takes all of it in if none is complete. `hold` says
    /// how many bytes of a message of this type are held.
    pub(super) fn next(
        &mut self,
        input: &mut &[u8],
        hold: impl Fn(u8) -> usize,
    ) -> Result<Option<Cut>, NoType> {
        while let Some(part) = self.frames.next(input) {
            let (message_type, payload) = match self.message_type {
                Some(message_type) => (message_type, part.payload),
                None => {
                    let (message_type, payload) = part.payload.split_first().ok_or(NoType)?;
                    (*message_type, payload)
                }
            };
            let room = hold(message_type).saturating_sub(self.held.len());
            let held = payload.get(..room).unwrap_or(payload);
            self.held.extend_from_slice(held);
            self.message_type = (!part.is_last).then_some(message_type);
            if part.is_last {
                return Ok(Some(Cut {
                    message_type,
                    payload: std::mem::take(&mut self.held).freeze(),
                    len: u64::from(part.header.len.saturating_sub(1)),
                }));
            }
        }
        Ok(None)
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
    let (_, frame) = FrameHeader::cut(rest)?;
    let (&message_type, payload) = frame.split_first()?;
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
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

/// Four bytes of length, one of type.
pub(super) const HEADER: usize = 5;
