use bytes::{BufMut, BytesMut};

use crate::packet::header;
use crate::{EncodeError, HEADER_LEN, MAX_PAYLOAD_LEN, Message};

/// Writes messages as packets, split at [`MAX_PAYLOAD_LEN`] and numbered.
///
/// Messages are encoded directly into the buffer that is sent, after the place of their header; only those that take
/// several packets are copied.
#[derive(Debug, Default)]
pub struct Splitter {
    next_sequence_id: u8,
}

impl Splitter {
    /// A splitter whose first packet has sequence id `next`.
    #[must_use]
    pub fn new(next: u8) -> Self {
        Self {
            next_sequence_id: next,
        }
    }

    /// The sequence id of the next packet.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Appends one message to `dst`, as one or more packets with headers.
    ///
    /// # Errors
    /// As [`Message::encode`]; `dst` and the numbering are then unchanged.
    pub fn message<M: Message>(
        &mut self,
        dst: &mut BytesMut,
        message: &M,
        cx: M::Context,
    ) -> Result<(), EncodeError> {
        self.write(dst, |w| message.encode(w, cx))
    }

    /// Appends one message with this payload, of any length, to `dst`, as one or more packets.
    pub fn payload(&mut self, dst: &mut BytesMut, payload: &[u8]) {
        let mut rest = payload;
        loop {
            let (part, after) = rest.split_at(rest.len().min(MAX_PAYLOAD_LEN));
            dst.reserve(HEADER_LEN + part.len());
            dst.put_slice(&self.next_header(part.len()));
            dst.put_slice(part);
            // A message that fills its last packet needs an empty one after it, as a full packet
            // says that the next one continues it.
            if part.len() < MAX_PAYLOAD_LEN {
                break;
            }
            rest = after;
        }
    }

    /// Appends the bytes that `encode` writes as the payload of one message.
    ///
    /// # Errors
    /// The error of `encode`; `dst` and the numbering are then unchanged.
    pub fn write<E>(
        &mut self,
        dst: &mut BytesMut,
        encode: impl FnOnce(&mut BytesMut) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = dst.len();
        // The header is written when the length is known; until then its place is kept.
        dst.put_bytes(0, HEADER_LEN);
        if let Err(error) = encode(dst) {
            dst.truncate(start);
            return Err(error);
        }
        let payload = start + HEADER_LEN;
        let len = dst.len() - payload;
        // Of messages this long there are few, so they are copied rather than encoded in pieces.
        if len >= MAX_PAYLOAD_LEN {
            let whole = dst.split_off(payload);
            dst.truncate(start);
            self.payload(dst, &whole);
        } else {
            let header = self.next_header(len);
            if let Some(place) = dst.get_mut(start..payload) {
                place.copy_from_slice(&header);
            }
        }
        Ok(())
    }

    fn next_header(&mut self, len: usize) -> [u8; HEADER_LEN] {
        let header = header(len, self.next_sequence_id).unwrap_or_default();
        self.next_sequence_id = self.next_sequence_id.wrapping_add(1);
        header
    }
}
