use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

/// The server's request to authenticate by one more method, after the method before has passed. The server sends it in
/// place of OK if the account has another factor and MULTI_FACTOR_AUTHENTICATION is shared. The client answers as to
/// an [`AuthSwitchRequest`](super::AuthSwitchRequest).
///
/// Documentation page: Protocol::AuthNextFactor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthNextFactor {
    /// The name of the next authentication method.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub plugin_name: Bytes,
    /// The authentication method's first data, such as a nonce with its closing NUL.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub plugin_provided_data: Bytes,
}

impl AuthNextFactor {
    /// The message's first byte.
    pub const HEADER: u8 = 0x02;
}

impl Message for AuthNextFactor {
    type Context = ();
    const NAME: &'static str = "AuthNextFactor";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("packet_type", Self::HEADER)?;
        Ok(Self {
            plugin_name: r.nul_string("plugin_name")?,
            plugin_provided_data: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(Self::HEADER);
        w.put_nul_string("plugin_name", &self.plugin_name)?;
        w.put_slice(&self.plugin_provided_data);
        Ok(())
    }
}
