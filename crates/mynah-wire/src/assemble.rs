use bytes::{Bytes, BytesMut};

use crate::{Packet, PacketError};

/// Joins packets that continue each other, and checks their sequence ids and the length of each message.
///
/// A message that fits one packet, as nearly all do, is returned without a copy.
#[derive(Debug)]
pub struct Assembler {
    next_sequence_id: u8,
    limit: usize,
    /// Payload of a message whose last packet hasn't come. At most `limit` bytes; empty between
    /// messages.
    joined: BytesMut,
}

impl Assembler {
    /// An assembler that expects sequence id 0 and refuses messages of more than `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            next_sequence_id: 0,
            limit,
            joined: BytesMut::new(),
        }
    }

    /// Takes the next packet, and returns the message's payload once it is complete.
    ///
    /// # Errors
    /// [`PacketError::OutOfOrder`] and [`PacketError::TooLarge`]. The connection can't continue
    /// after either.
    pub fn push(&mut self, packet: Packet) -> Result<Option<Bytes>, PacketError> {
        let checked = self.check_header(packet.sequence_id, packet.payload.len());
        if let Err(error) = checked {
            // An error ends the connection, so what was joined isn't needed any more.
            self.joined = BytesMut::new();
            return Err(error);
        }
        // Numbers wrap around from 255 to 0 ("Sequence ID").
        self.next_sequence_id = self.next_sequence_id.wrapping_add(1);
        if packet.is_continued() {
            self.joined.extend_from_slice(&packet.payload);
            return Ok(None);
        }
        // Nearly all messages are one packet, which needs no copy.
        if self.joined.is_empty() {
            return Ok(Some(packet.payload));
        }
        self.joined.extend_from_slice(&packet.payload);
        Ok(Some(std::mem::take(&mut self.joined).freeze()))
    }

    /// Checks the sequence id and the length of the next packet's payload, which needn't have arrived; nothing is
    /// taken or counted.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn check_header(&self, sequence_id: u8, len: usize) -> Result<(), PacketError> {
        if sequence_id != self.next_sequence_id {
            return Err(PacketError::OutOfOrder {
                expected: self.next_sequence_id,
                found: sequence_id,
            });
        }
        // The limit is for the joined message, and is checked before a packet is added.
        if len > self.limit.saturating_sub(self.joined.len()) {
            return Err(PacketError::TooLarge { limit: self.limit });
        }
        Ok(())
    }

    /// The sequence id of the next packet of the exchange, in either direction.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Sets the sequence id that comes next: 0 where a command starts, or the one after the last
    /// packet sent in the other direction.
    pub fn expect_sequence_id(&mut self, next: u8) {
        self.next_sequence_id = next;
    }

    /// Changes how many bytes the payload of a message may have. Servers allow more after the login than before it.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_PAYLOAD_LEN;

    fn packet(sequence_id: u8, len: usize) -> Packet {
        Packet {
            sequence_id,
            payload: Bytes::from(vec![b'x'; len]),
        }
    }

    #[test]
    fn a_message_of_just_the_longest_payload_ends_with_an_empty_packet() {
        let mut assembler = Assembler::new(usize::MAX);
        assert_eq!(assembler.push(packet(0, MAX_PAYLOAD_LEN)), Ok(None));
        let message = assembler.push(packet(1, 0)).unwrap().unwrap();
        assert_eq!(message.len(), MAX_PAYLOAD_LEN);
        assert_eq!(assembler.next_sequence_id(), 2);
    }

    #[test]
    fn a_packet_out_of_order_is_named() {
        let error = Assembler::new(usize::MAX).push(packet(3, 1)).unwrap_err();
        let message = "packet out of order: its sequence id is 3, expected 0";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_message_over_the_limit_is_refused_before_it_is_joined() {
        let mut assembler = Assembler::new(MAX_PAYLOAD_LEN + 1);
        assert_eq!(assembler.push(packet(0, MAX_PAYLOAD_LEN)), Ok(None));
        let limit = MAX_PAYLOAD_LEN + 1;
        assert_eq!(
            assembler.push(packet(1, 2)),
            Err(PacketError::TooLarge { limit })
        );
    }

    #[test]
    fn sequence_ids_wrap() {
        let mut assembler = Assembler::new(10);
        assembler.expect_sequence_id(255);
        assert!(assembler.push(packet(255, 1)).unwrap().is_some());
        assert!(assembler.push(packet(0, 1)).unwrap().is_some());
    }
}
