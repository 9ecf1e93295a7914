use std::io;

use bytes::{Bytes, BytesMut};
use mynah_net::Stream;
use mynah_wire::{HEADER_LEN, Packet, PacketCodec, Splitter};
use tokio::io::AsyncWriteExt;
use tokio_util::codec::Decoder;
use tokio_util::io::read_buf;

/// One side of a login, packet by packet.
#[derive(Debug)]
pub(crate) struct Wire<'a> {
    pub(crate) stream: &'a mut Stream,
    pub(crate) input: BytesMut,
    /// The sequence id that comes next, whoever sends it.
    pub(crate) next: u8,
}

impl<'a> Wire<'a> {
    pub(crate) fn new(stream: &'a mut Stream, input: BytesMut, next: u8) -> Self {
        Self {
            stream,
            input,
            next,
        }
    }

    /// The next packet; nothing at the end of the stream.
    pub(crate) async fn receive(&mut self) -> io::Result<Option<Packet>> {
        loop {
            if let Some(packet) = PacketCodec.decode(&mut self.input)? {
                self.next = packet.sequence_id.wrapping_add(1);
                return Ok(Some(packet));
            }
            if self.input.len() > MAX_PACKET {
                return Err(io::Error::other("a packet of the login is too long"));
            }
            if read_buf(self.stream, &mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// As [`receive`](Self::receive), where an end is an error.
    pub(crate) async fn expect(&mut self) -> io::Result<Packet> {
        let packet = self.receive().await?;
        packet.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Sends a payload under the next sequence id; gives what was sent.
    pub(crate) async fn send(&mut self, payload: &[u8]) -> io::Result<Bytes> {
        let mut wire = BytesMut::with_capacity(HEADER_LEN + payload.len());
        let mut splitter = Splitter::new(self.next);
        splitter.payload(&mut wire, payload);
        self.next = splitter.next_sequence_id();
        let wire = wire.freeze();
        self.stream.write_all(&wire).await?;
        Ok(wire)
    }
}

/// A packet as it crossed the wire.
pub(crate) fn wire(packet: &Packet) -> Bytes {
    let mut wire = BytesMut::with_capacity(HEADER_LEN + packet.payload.len());
    Splitter::new(packet.sequence_id).payload(&mut wire, &packet.payload);
    wire.freeze()
}

/// Attributes and tickets make a login long; not so long.
const MAX_PACKET: usize = 1024 * 1024;
