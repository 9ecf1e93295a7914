use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

/// The greeting of a server before 3.21, its first packet.
///
/// Documentation page: Protocol::HandshakeV9.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HandshakeV9 {
    /// The server's version. It is meant for display, but clients derive features from it.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub server_version: Bytes,
    /// The id that the server gave the connection.
    pub thread_id: u32,
    /// The nonce of the only authentication method that this handshake has; 8 bytes, none of them NUL.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub scramble: Bytes,
}

impl HandshakeV9 {
    /// The message's first byte. A greeting with another one isn't of version 9.
    pub const PROTOCOL_VERSION: u8 = 9;
}

impl Message for HandshakeV9 {
    type Context = ();
    const NAME: &'static str = "HandshakeV9";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("protocol_version", Self::PROTOCOL_VERSION)?;
        Ok(Self {
            server_version: r.nul_string("server_version")?,
            thread_id: r.u32("thread_id")?,
            scramble: r.nul_string("scramble")?,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(Self::PROTOCOL_VERSION);
        w.put_nul_string("server_version", &self.server_version)?;
        w.put_u32_le(self.thread_id);
        w.put_nul_string("scramble", &self.scramble)
    }
}
