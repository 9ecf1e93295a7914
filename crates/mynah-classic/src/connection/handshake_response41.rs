use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use super::ConnectAttributes;
use crate::Capabilities;

/// The answer of a client since 4.1 to the greeting: user, schema, authentication response and capabilities.
///
/// The client's own capabilities, which are part of the message, determine which fields it has.
/// They may include capabilities that the server doesn't share.
///
/// Old clients write more: a NUL for a missing schema, a second NUL after the method's name,
/// attributes without their flag. Servers ignore these, as
/// [`from_payload_lenient`](Message::from_payload_lenient) does.
///
/// Documentation page: Protocol::HandshakeResponse41.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HandshakeResponse41 {
    /// The client's capability flags.
    pub capabilities: Capabilities,
    /// The longest packet the client accepts, in bytes.
    pub max_packet_size: u32,
    /// The lower 8 bits of the client's collation id.
    pub character_set: u8,
    /// The name of the user who logs in.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub username: Bytes,
    /// The client's first data for the authentication method, such as its response to the nonce.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub auth_response: Bytes,
    /// The schema to use; empty without CONNECT_WITH_DB.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub database: Bytes,
    /// Name of the method that computed `auth_response`; empty without PLUGIN_AUTH.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub client_plugin_name: Bytes,
    /// The connection attributes of the client; empty without CONNECT_ATTRS.
    pub attributes: ConnectAttributes,
    /// Level of zstd compression from 1 to 22; 0 without ZSTD_COMPRESSION_ALGORITHM, or if the packet ends
    /// before it.
    pub zstd_compression_level: u8,
}

impl Message for HandshakeResponse41 {
    type Context = ();
    const NAME: &'static str = "HandshakeResponse41";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let ClientFlags {
            capabilities,
            max_packet_size,
            character_set,
        } = ClientFlags::decode(r)?;
        let has = |capability| capabilities.contains(capability);
        let username = r.nul_string("username")?;
        // Three forms of the same field, the most recent first; the client's flags choose one.
        let auth_response = if has(Capabilities::PLUGIN_AUTH_LENENC_CLIENT_DATA) {
            r.lenenc_string("auth_response")?
        } else if has(Capabilities::SECURE_CONNECTION) {
            let len = r.u8("auth_response_length")?;
            r.string("auth_response", len.into())?
        } else {
            r.nul_string("auth_response")?
        };
        // A client may end the packet where all remaining fields would be empty (seen: mysqlnd and
        // Connector/NET omit an empty schema), and may omit the NUL of the last field (accepted by
        // MySQL 9.7 and MariaDB 10.11).
        let mut database = Bytes::new();
        if has(Capabilities::CONNECT_WITH_DB) {
            database = r.nul_or_rest_string();
        }
        let mut client_plugin_name = Bytes::new();
        if has(Capabilities::PLUGIN_AUTH) {
            client_plugin_name = r.nul_or_rest_string();
        }
        let mut attributes = ConnectAttributes::default();
        if has(Capabilities::CONNECT_ATTRS) && r.remaining() > 0 {
            attributes = ConnectAttributes::from_bytes(r.lenenc_string("attributes")?);
        }
        let mut zstd_compression_level = 0;
        if has(Capabilities::ZSTD_COMPRESSION_ALGORITHM) && r.remaining() > 0 {
            zstd_compression_level = r.u8("zstd_compression_level")?;
        }
        Ok(Self {
            capabilities,
            max_packet_size,
            character_set,
            username,
            auth_response,
            database,
            client_plugin_name,
            attributes,
            zstd_compression_level,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        let has = |capability| self.capabilities.contains(capability);
        let flags = ClientFlags {
            capabilities: self.capabilities,
            max_packet_size: self.max_packet_size,
            character_set: self.character_set,
        };
        flags.encode(w);
        w.put_nul_string("username", &self.username)?;
        if has(Capabilities::PLUGIN_AUTH_LENENC_CLIENT_DATA) {
            w.put_lenenc_string(&self.auth_response);
        } else if has(Capabilities::SECURE_CONNECTION) {
            w.put_u8_string("auth_response", &self.auth_response)?;
        } else {
            w.put_nul_string("auth_response", &self.auth_response)?;
        }
        // Whether the flags have a place for a field. A value without its place is an error, as it
        // would be lost.
        let place = |field, capability, empty: bool| match (has(capability), empty) {
            (false, false) => Err(EncodeError {
                field,
                kind: EncodeErrorKind::NoPlace,
            }),
            (place, _) => Ok(place),
        };
        if place(
            "database",
            Capabilities::CONNECT_WITH_DB,
            self.database.is_empty(),
        )? {
            w.put_nul_string("database", &self.database)?;
        }
        if place(
            "client_plugin_name",
            Capabilities::PLUGIN_AUTH,
            self.client_plugin_name.is_empty(),
        )? {
            w.put_nul_string("client_plugin_name", &self.client_plugin_name)?;
        }
        if place(
            "attributes",
            Capabilities::CONNECT_ATTRS,
            self.attributes.is_empty(),
        )? {
            w.put_lenenc_string(self.attributes.as_bytes());
        }
        if place(
            "zstd_compression_level",
            Capabilities::ZSTD_COMPRESSION_ALGORITHM,
            self.zstd_compression_level == 0,
        )? {
            w.put_u8(self.zstd_compression_level);
        }
        Ok(())
    }
}

/// The first fields of an SSL request and of a handshake response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientFlags {
    pub(super) capabilities: Capabilities,
    pub(super) max_packet_size: u32,
    pub(super) character_set: u8,
}

impl ClientFlags {
    pub(super) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let standard = r.u32("client_flag")?;
        let max_packet_size = r.u32("max_packet_size")?;
        let character_set = r.u8("character_set")?;
        r.skip("filler", FILLER)?;
        let mariadb = r.u32("mariadb_extended_capabilities")?;
        Ok(Self {
            capabilities: Capabilities::from_halves(standard, mariadb),
            max_packet_size,
            character_set,
        })
    }

    pub(super) fn encode(&self, w: &mut BytesMut) {
        w.put_u32_le(self.capabilities.standard());
        w.put_u32_le(self.max_packet_size);
        w.put_u8(self.character_set);
        w.put_bytes(0, FILLER);
        w.put_u32_le(self.capabilities.mariadb());
    }
}

// The documentation has 23 bytes; MariaDB uses the last four of them.
const FILLER: usize = 19;
