use std::io;

use bytes::{Bytes, BytesMut};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use mynah_wire::{HEADER_LEN, PacketCodec, Splitter};
use tokio::io::AsyncWriteExt;
use tokio_util::codec::Decoder;
use tokio_util::io::read_buf;

use super::turn::Turn;

/// One side of a login, packet by packet.
#[derive(Debug)]
pub(super) struct Wire<'a> {
    pub(super) stream: &'a mut Stream,
    pub(super) input: BytesMut,
    /// The sequence id that comes next, whoever sends it.
    pub(super) next: u8,
    side: Direction,
    pub(super) turn: &'a Turn,
}

/// A packet that was received.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) sequence_id: u8,
    pub(super) payload: Bytes,
    /// As it crossed the wire.
    pub(super) wire: Bytes,
}

impl<'a> Wire<'a> {
    pub(super) fn new(
        stream: &'a mut Stream,
        input: BytesMut,
        next: u8,
        side: Direction,
        turn: &'a Turn,
    ) -> Self {
        Self {
            stream,
            input,
            next,
            side,
            turn,
        }
    }

    /// The next packet; nothing at the end of the stream.
    pub(super) async fn receive(&mut self) -> io::Result<Option<Received>> {
        loop {
            if let Some(packet) = PacketCodec.decode(&mut self.input)? {
                self.next = packet.sequence_id.wrapping_add(1);
                let mut wire = BytesMut::with_capacity(HEADER_LEN + packet.payload.len());
                Splitter::new(packet.sequence_id).payload(&mut wire, &packet.payload);
                return Ok(Some(Received {
                    sequence_id: packet.sequence_id,
                    payload: packet.payload,
                    wire: wire.freeze(),
                }));
            }
            if self.input.len() > MAX_PACKET {
                return Err(io::Error::other("a packet of the login is too long"));
            }
            if read_buf(self.stream, &mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// As [`receive`](Self::receive), where it is this side's turn, and an end is an error.
    pub(super) async fn expect(&mut self) -> io::Result<Received> {
        self.turn.is(self.side);
        let received = self.receive().await?;
        received.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// As [`receive`](Self::receive), but leaves commands where they are: a client may send some
    /// before it knows whether it may come in.
    pub(super) async fn receive_answer(&mut self) -> io::Result<Option<Received>> {
        while self.input.len() < HEADER_LEN {
            if read_buf(self.stream, &mut self.input).await? == 0 {
                return Ok(None);
            }
        }
        if self.input.get(HEADER_LEN - 1) == Some(&0) {
            std::future::pending::<()>().await;
        }
        self.receive().await
    }

    /// Sends a payload under the next sequence id; gives what was sent.
    pub(super) async fn send(&mut self, payload: &[u8]) -> io::Result<Bytes> {
        let mut wire = BytesMut::with_capacity(HEADER_LEN + payload.len());
        let mut splitter = Splitter::new(self.next);
        splitter.payload(&mut wire, payload);
        self.next = splitter.next_sequence_id();
        let wire = wire.freeze();
        self.stream.write_all(&wire).await?;
        Ok(wire)
    }
}

/// Attributes and tickets make a login long; not so long.
const MAX_PACKET: usize = 1024 * 1024;
