use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

/// The server's request to authenticate by another method. The server can send it in answer to a handshake response or
/// COM_CHANGE_USER, before OK or an error. A client that knows the method answers with an
/// [`AuthSwitchResponse`](super::AuthSwitchResponse).
///
/// Documentation page: Protocol::AuthSwitchRequest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthSwitchRequest {
    /// The name of the authentication method to switch to.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub plugin_name: Bytes,
    /// The authentication method's first data, such as a nonce with its closing NUL.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub plugin_provided_data: Bytes,
}

impl AuthSwitchRequest {
    /// The message's first byte.
    pub const HEADER: u8 = 0xfe;
}

impl Message for AuthSwitchRequest {
    type Context = ();
    const NAME: &'static str = "AuthSwitchRequest";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("status_tag", Self::HEADER)?;
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
