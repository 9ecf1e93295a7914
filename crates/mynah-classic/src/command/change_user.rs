use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use super::CommandCode;
use crate::Capabilities;
use crate::connection::ConnectAttributes;

/// Logs in again, as another user or the same, and resets the session. The server answers as to a
/// handshake response: OK, an error, or a packet that continues the authentication.
///
/// The fields after the schema's name may be missing; each then has the value documented for it.
/// Some clients send attributes without CONNECT_ATTRS. Servers ignore these, as
/// [`from_payload_lenient`](Message::from_payload_lenient) does.
///
/// Documentation page: COM_CHANGE_USER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComChangeUser {
    /// The name of the user to log in as.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub user: Bytes,
    /// The client's first data for the authentication method, such as its response to the nonce: up to 255 bytes, or
    /// up to a NUL if SECURE_CONNECTION isn't shared.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub auth_response: Bytes,
    /// The schema to use; empty for none.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub schema_name: Bytes,
    /// The id of the collation that the client wants for its session; 0 (none) if it is missing.
    pub character_set: u16,
    /// Name of the method that computed `auth_response`; empty without PLUGIN_AUTH, or if it is missing.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub auth_plugin_name: Bytes,
    /// The connection attributes of the client; empty without CONNECT_ATTRS, or if they are missing.
    pub attributes: ConnectAttributes,
}

impl Message for ComChangeUser {
    type Context = Capabilities;
    const NAME: &'static str = "COM_CHANGE_USER";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::CHANGE_USER.0)?;
        let user = r.nul_string("user")?;
        let auth_response = if shared.contains(Capabilities::SECURE_CONNECTION) {
            let len = r.u8("auth_plugin_data_len")?;
            r.string("auth_plugin_data", len.into())?
        } else {
            r.nul_string("auth_plugin_data")?
        };
        let mut message = Self {
            user,
            auth_response,
            schema_name: r.nul_string("database")?,
            ..Self::default()
        };
        if r.remaining() > 0 {
            message.character_set = r.u16("character_set")?;
        }
        if shared.contains(Capabilities::PLUGIN_AUTH) && r.remaining() > 0 {
            message.auth_plugin_name = r.nul_string("auth_plugin_name")?;
        }
        if shared.contains(Capabilities::CONNECT_ATTRS) && r.remaining() > 0 {
            message.attributes = ConnectAttributes::from_bytes(r.lenenc_string("attributes")?);
        }
        Ok(message)
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::CHANGE_USER.0);
        w.put_nul_string("user", &self.user)?;
        if shared.contains(Capabilities::SECURE_CONNECTION) {
            w.put_u8_string("auth_plugin_data", &self.auth_response)?;
        } else {
            w.put_nul_string("auth_plugin_data", &self.auth_response)?;
        }
        w.put_nul_string("database", &self.schema_name)?;
        let (name, attributes) = (&self.auth_plugin_name, &self.attributes);
        // The shortest form, which ends after the schema: decoding restores the same empty fields.
        if self.character_set == 0 && name.is_empty() && attributes.is_empty() {
            return Ok(());
        }
        w.put_u16_le(self.character_set);
        if shared.contains(Capabilities::PLUGIN_AUTH) {
            w.put_nul_string("auth_plugin_name", name)?;
        } else if !name.is_empty() {
            return Err(no_place("auth_plugin_name"));
        }
        if shared.contains(Capabilities::CONNECT_ATTRS) {
            w.put_lenenc_string(attributes.as_bytes());
        } else if !attributes.is_empty() {
            return Err(no_place("attributes"));
        }
        Ok(())
    }
}

fn no_place(field: &'static str) -> EncodeError {
    EncodeError {
        field,
        kind: EncodeErrorKind::NoPlace,
    }
}
