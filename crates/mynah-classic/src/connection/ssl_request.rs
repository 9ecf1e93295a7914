use bytes::BytesMut;
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::handshake_response41::ClientFlags;
use super::handshake_response320::{OldClientFlags, no_place};
use crate::Capabilities;

/// The client's request to continue under TLS. It is sent in place of the handshake response, which
/// then follows inside TLS.
///
/// Without PROTOCOL_41 it is the short form of 4.0: 16 bits of capabilities, 24 of the packet size,
/// and no more.
///
/// Documentation page: Protocol::SSLRequest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SslRequest {
    /// The client's capabilities, including SSL.
    pub capabilities: Capabilities,
    /// The longest packet the client accepts, in bytes.
    pub max_packet_size: u32,
    /// The lower 8 bits of the client's collation id; 0 without PROTOCOL_41.
    pub character_set: u8,
}

impl SslRequest {
    /// The payload's length in bytes with PROTOCOL_41. A handshake response is longer.
    pub const LEN: usize = 32;

    /// The payload's length in bytes without PROTOCOL_41.
    pub const SHORT_LEN: usize = 5;

    /// The payload's length in bytes, for these capabilities of the client.
    #[must_use]
    pub fn len(capabilities: Capabilities) -> usize {
        if capabilities.contains(Capabilities::PROTOCOL_41) {
            Self::LEN
        } else {
            Self::SHORT_LEN
        }
    }
}

impl Message for SslRequest {
    type Context = ();
    const NAME: &'static str = "SSLRequest";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let flags = OldClientFlags::decode(&mut r.clone())?;
        if !flags.capabilities.contains(Capabilities::PROTOCOL_41) {
            r.skip("client_flag", Self::SHORT_LEN)?;
            return Ok(Self {
                capabilities: flags.capabilities,
                max_packet_size: flags.max_packet_size,
                character_set: 0,
            });
        }
        let flags = ClientFlags::decode(r)?;
        Ok(Self {
            capabilities: flags.capabilities,
            max_packet_size: flags.max_packet_size,
            character_set: flags.character_set,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        let Self {
            capabilities,
            max_packet_size,
            character_set,
        } = *self;
        if capabilities.contains(Capabilities::PROTOCOL_41) {
            let flags = ClientFlags {
                capabilities,
                max_packet_size,
                character_set,
            };
            flags.encode(w);
            return Ok(());
        }
        if character_set != 0 {
            return Err(no_place("character_set"));
        }
        let flags = OldClientFlags {
            capabilities,
            max_packet_size,
        };
        flags.encode(w)
    }
}
