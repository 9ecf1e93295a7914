use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::error_code;
use mynah_classic::response::ErrPacket;
use mynah_wire::{Assembler, EncodeError, Message, Packet, PacketError, Splitter};

use crate::{Failure, RawPacket};

/// The packets of a conversation: one numbering for both directions, and what is to be sent.
#[derive(Debug)]
pub(crate) struct PacketExchange {
    assembler: Assembler,
    splitter: Splitter,
    pub(crate) output: BytesMut,
}

impl PacketExchange {
    /// At the start of a conversation; messages of more than `limit` bytes are refused.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            assembler: Assembler::new(limit),
            splitter: Splitter::new(0),
            output: BytesMut::new(),
        }
    }

    /// Changes how many bytes a message may have.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.assembler.set_limit(limit);
    }

    /// The next packet of either side is the first of a command.
    pub(crate) fn start_command(&mut self) {
        self.splitter = Splitter::new(0);
        self.assembler.expect_sequence_id(0);
    }

    /// Takes a packet, and gives the message's payload once it is complete.
    pub(crate) fn receive(&mut self, packet: Packet) -> Result<Option<Bytes>, PacketError> {
        self.check_header(packet.sequence_id, packet.payload.len())?;
        self.assembler.push(packet)
    }

    /// Checks what is known of a packet before its payload is there. An error about it has the
    /// sequence id behind it, or, if it has another than was due, the one that was due: so do servers.
    pub(crate) fn check_header(&mut self, sequence_id: u8, len: usize) -> Result<(), PacketError> {
        let due = self.assembler.next_sequence_id();
        let answer = match sequence_id == due {
            true => due.wrapping_add(1),
            false => due,
        };
        // The answer to a packet has the number that follows it, even if it is an error about the packet.
        self.splitter = Splitter::new(answer);
        self.assembler.check_header(sequence_id, len)
    }

    pub(crate) fn send<M: Message>(
        &mut self,
        message: &M,
        cx: M::Context,
    ) -> Result<(), EncodeError> {
        self.splitter.message(&mut self.output, message, cx)?;
        self.sent();
        Ok(())
    }

    /// Sends what `encode` writes as one message.
    pub(crate) fn write<E>(
        &mut self,
        encode: impl FnOnce(&mut BytesMut) -> Result<(), E>,
    ) -> Result<(), E> {
        self.splitter.write(&mut self.output, encode)?;
        self.sent();
        Ok(())
    }

    /// Takes back all that was written since the output had this length and this number was next.
    pub(crate) fn take_back(&mut self, len: usize, sequence_id: u8) {
        // The caller has made sure that nothing since then was flushed.
        self.output.truncate(len);
        self.splitter = Splitter::new(sequence_id);
        self.sent();
    }

    /// The number of the next packet to send.
    pub(crate) fn next_sequence_id(&self) -> u8 {
        self.splitter.next_sequence_id()
    }

    /// Sends a payload as it is.
    pub(crate) fn send_payload(&mut self, payload: &[u8]) {
        self.splitter.payload(&mut self.output, payload);
        self.sent();
    }

    /// Sends packets of this protocol as they are.
    ///
    /// # Errors
    /// Why one can't be sent; those in front of it are.
    pub(crate) fn send_raw(&mut self, packets: &[RawPacket]) -> Result<(), Failure> {
        for packet in packets {
            match packet {
                RawPacket::Packet {
                    sequence_id,
                    payload,
                } => {
                    if let Some(id) = sequence_id {
                        self.splitter = Splitter::new(*id);
                    }
                    self.send_payload(payload);
                }
                RawPacket::Bytes(bytes) => self.output.extend_from_slice(bytes),
                RawPacket::Message { .. } => return Err(a_message()),
            }
        }
        Ok(())
    }

    pub(crate) fn send_failure(
        &mut self,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<(), EncodeError> {
        let packet = ErrPacket {
            error_code: failure.code,
            sql_state: Some(failure.sql_state),
            error_message: failure.message,
        };
        self.send(&packet, shared)
    }

    fn sent(&mut self) {
        // Both directions share one numbering: the client's next packet follows what was sent last.
        let next = self.splitter.next_sequence_id();
        self.assembler.expect_sequence_id(next);
    }
}

fn a_message() -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_ERROR,
        "packets: a packet with a type is a message of the X Protocol; leave the type out",
    )
}
