use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

/// Data that the server sends to the client as its authentication method requires, before it accepts or
/// refuses the login.
///
/// Documentation page: Protocol::AuthMoreData.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthMoreData {
    /// The method's data, up to the end of the packet.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub authentication_method_data: Bytes,
}

impl AuthMoreData {
    /// The first byte of the message.
    pub const HEADER: u8 = 0x01;
}

impl Message for AuthMoreData {
    type Context = ();
    const NAME: &'static str = "AuthMoreData";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("status_tag", Self::HEADER)?;
        Ok(Self {
            authentication_method_data: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(Self::HEADER);
        w.put_slice(&self.authentication_method_data);
        Ok(())
    }
}
