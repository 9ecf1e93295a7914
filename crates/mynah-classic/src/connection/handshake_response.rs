use bytes::BytesMut;
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::{HandshakeResponse41, HandshakeResponse320, SslRequest};
use crate::Capabilities;

/// The client's answer to the greeting: a handshake response since or before 4.1, or a request for TLS,
/// which a handshake response follows. The capabilities at its start and its length determine which.
///
/// Documentation page: Protocol::HandshakeResponse.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum HandshakeResponse {
    /// A request for TLS: SSL is set, and the packet ends before the user's name.
    Ssl(SslRequest),
    /// A handshake response since 4.1: PROTOCOL_41 is set.
    V41(HandshakeResponse41),
    /// A handshake response before 4.1: PROTOCOL_41 isn't set.
    V320(HandshakeResponse320),
}

impl HandshakeResponse {
    /// The client's capability flags.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        match self {
            Self::Ssl(request) => request.capabilities,
            Self::V41(response) => response.capabilities,
            Self::V320(response) => response.capabilities,
        }
    }
}

impl Message for HandshakeResponse {
    type Context = ();
    const NAME: &'static str = "HandshakeResponse";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let lower = r.clone().u16("client_flag")?;
        let capabilities = Capabilities::from_halves(lower.into(), 0);
        if capabilities.contains(Capabilities::SSL)
            && r.remaining() == SslRequest::len(capabilities)
        {
            SslRequest::decode(r, ()).map(Self::Ssl)
        } else if capabilities.contains(Capabilities::PROTOCOL_41) {
            HandshakeResponse41::decode(r, ()).map(Self::V41)
        } else {
            HandshakeResponse320::decode(r, ()).map(Self::V320)
        }
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        match self {
            Self::Ssl(request) => request.encode(w, ()),
            Self::V41(response) => response.encode(w, ()),
            Self::V320(response) => response.encode(w, ()),
        }
    }
}
