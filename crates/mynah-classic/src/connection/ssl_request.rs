use bytes::BytesMut;
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::handshake_response41::ClientFlags;
use crate::Capabilities;

/// The client's wish to go on under TLS. It sends it in place of its handshake response, which
/// follows inside TLS.
///
/// Documentation page: Protocol::SSLRequest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SslRequest {
    /// What the client can do, SSL among it.
    pub capabilities: Capabilities,
    /// The longest packet the client takes, in bytes.
    pub max_packet_size: u32,
    /// Id of the client's collation, the lower 8 bits of it.
    pub character_set: u8,
}

impl SslRequest {
    /// Length of the payload, by which it is told from a handshake response.
    pub const LEN: usize = 32;
}

impl Message for SslRequest {
    type Context = ();
    const NAME: &'static str = "SSLRequest";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let flags = ClientFlags::decode(r)?;
        Ok(Self {
            capabilities: flags.capabilities,
            max_packet_size: flags.max_packet_size,
            character_set: flags.character_set,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        let flags = ClientFlags {
            capabilities: self.capabilities,
            max_packet_size: self.max_packet_size,
            character_set: self.character_set,
        };
        flags.encode(w);
        Ok(())
    }
}
