use std::io;

use bytes::BytesMut;
use tokio_util::codec::{Decoder, Encoder};

use crate::Packet;

/// Reads packets from a byte stream, and writes packets: [`Packet::take`] and [`Packet::put`] as a codec of
/// `tokio_util`.
#[derive(Clone, Copy, Debug, Default)]
pub struct PacketCodec;

impl Decoder for PacketCodec {
    type Item = Packet;
    /// Any four bytes are a header, so only reading itself can fail.
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Packet>> {
        Ok(Packet::take(src))
    }
}

impl Encoder<Packet> for PacketCodec {
    type Error = io::Error;

    /// As [`Packet::put`].
    ///
    /// # Errors
    /// `InvalidInput` for a payload longer than [`MAX_PAYLOAD_LEN`](crate::MAX_PAYLOAD_LEN).
    fn encode(&mut self, packet: Packet, dst: &mut BytesMut) -> io::Result<()> {
        let put = packet.put(dst);
        put.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }
}
