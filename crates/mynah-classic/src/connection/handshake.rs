use bytes::BytesMut;
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::{HandshakeV9, HandshakeV10};

/// The server's greeting, of either version; the first byte determines which.
///
/// Documentation page: Protocol::Handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Handshake {
    /// The greeting of servers before 3.21.
    V9(HandshakeV9),
    /// The greeting of servers since 3.21.
    V10(HandshakeV10),
}

impl Message for Handshake {
    type Context = ();
    const NAME: &'static str = "Handshake";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        match r.peek() {
            Some(HandshakeV9::PROTOCOL_VERSION) => HandshakeV9::decode(r, ()).map(Self::V9),
            _ => HandshakeV10::decode(r, ()).map(Self::V10),
        }
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        match self {
            Self::V9(handshake) => handshake.encode(w, ()),
            Self::V10(handshake) => handshake.encode(w, ()),
        }
    }
}
