use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

/// The client's data in an authentication exchange after its handshake response or COM_CHANGE_USER.
///
/// Documentation page: Protocol::AuthSwitchResponse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthSwitchResponse {
    /// The data, as the authentication method computes it, up to the end of the packet.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub data: Bytes,
}

impl Message for AuthSwitchResponse {
    type Context = ();
    const NAME: &'static str = "AuthSwitchResponse";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let data = r.rest_string();
        Ok(Self { data })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_slice(&self.data);
        Ok(())
    }
}
