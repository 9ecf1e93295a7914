use bytes::BytesMut;
use mynah_wire::compress::{Algorithm, CompressError, Frame, Inflator};
use mynah_wire::{Assembler, PacketCodec};
use tokio_util::codec::Decoder;

use crate::{Direction, Fixture, Line};

impl Fixture {
    /// The messages of a conversation in the classic protocol, in order: frames are inflated and continued packets
    /// joined. Each is a line with the sequence id of its first packet.
    ///
    /// # Errors
    /// For a frame that doesn't inflate to what its header says.
    pub fn messages(&self) -> Result<Vec<Line>, CompressError> {
        let (mut client, mut server) = (Side::new(), Side::new());
        let mut messages = Vec::new();
        for line in &self.lines {
            let side = match line.direction {
                Direction::Client => &mut client,
                Direction::Server => &mut server,
            };
            side.take(line)?;
            while let Some(message) = side.next(line.direction) {
                messages.push(message);
            }
        }
        Ok(messages)
    }
}

/// The bytes of one side that haven't become messages yet.
struct Side {
    stream: BytesMut,
    assembler: Assembler,
    /// The sequence id of the first packet, in the middle of a continued message.
    first: Option<u8>,
}

impl Side {
    fn new() -> Self {
        Self {
            stream: BytesMut::new(),
            assembler: Assembler::new(usize::MAX),
            first: None,
        }
    }

    fn take(&mut self, line: &Line) -> Result<(), CompressError> {
        let Some(uncompressed_len) = line.uncompressed_len else {
            self.stream.extend_from_slice(&line.wire());
            return Ok(());
        };
        // The handshake determines the algorithm, but so does the content of every zstd frame.
        let algorithm = if line.payload.starts_with(ZSTD_MAGIC) {
            Algorithm::Zstd(0)
        } else {
            Algorithm::Zlib
        };
        let frame = Frame {
            sequence_id: line.sequence_id,
            uncompressed_len,
            payload: line.payload.clone(),
        };
        Inflator::new(algorithm).inflate(&frame, &mut self.stream)
    }

    fn next(&mut self, direction: Direction) -> Option<Line> {
        loop {
            let packet = PacketCodec.decode(&mut self.stream).ok()??;
            let first = *self.first.get_or_insert(packet.sequence_id);
            self.assembler.expect_sequence_id(packet.sequence_id);
            if let Some(payload) = self.assembler.push(packet).ok()? {
                self.first = None;
                return Some(Line {
                    direction,
                    sequence_id: first,
                    uncompressed_len: None,
                    payload,
                });
            }
        }
    }
}

const ZSTD_MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
