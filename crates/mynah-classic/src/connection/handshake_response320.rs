use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use crate::Capabilities;

/// The answer of a client before 4.1 to the greeting: user, response to the nonce, schema and capabilities.
///
/// Documentation page: Protocol::HandshakeResponse320.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HandshakeResponse320 {
    /// The lower 16 bits of the client's capabilities.
    pub capabilities: Capabilities,
    /// The longest packet the client accepts, in bytes; less than 2²⁴.
    pub max_packet_size: u32,
    /// The name of the user who logs in.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub username: Bytes,
    /// The response to the nonce: 8 bytes, or none for an empty password. With CONNECT_WITH_DB it
    /// ends at a NUL; without, it extends to the end of the packet and includes a NUL if there is one.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub auth_response: Bytes,
    /// The schema to use; empty without CONNECT_WITH_DB.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub database: Bytes,
}

impl Message for HandshakeResponse320 {
    type Context = ();
    const NAME: &'static str = "HandshakeResponse320";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let OldClientFlags {
            capabilities,
            max_packet_size,
        } = OldClientFlags::decode(r)?;
        let username = r.nul_string("username")?;
        let (auth_response, database);
        // Without a schema, the response is the last field and has no end of its own.
        if capabilities.contains(Capabilities::CONNECT_WITH_DB) {
            auth_response = nul_string_or_rest(r, "auth_response");
            database = nul_string_or_rest(r, "database");
        } else {
            auth_response = r.rest_string();
            database = Bytes::new();
        }
        Ok(Self {
            capabilities,
            max_packet_size,
            username,
            auth_response,
            database,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        let flags = OldClientFlags {
            capabilities: self.capabilities,
            max_packet_size: self.max_packet_size,
        };
        flags.encode(w)?;
        w.put_nul_string("username", &self.username)?;
        if self.capabilities.contains(Capabilities::CONNECT_WITH_DB) {
            w.put_nul_string("auth_response", &self.auth_response)?;
            w.put_nul_string("database", &self.database)?;
        } else if self.database.is_empty() {
            w.put_slice(&self.auth_response);
        } else {
            return Err(no_place("database"));
        }
        Ok(())
    }
}

/// The first fields of an SSL request and of a handshake response before 4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OldClientFlags {
    pub(super) capabilities: Capabilities,
    pub(super) max_packet_size: u32,
}

impl OldClientFlags {
    pub(super) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let capabilities = Capabilities::from_halves(r.u16("client_flag")?.into(), 0);
        let [a, b, c] = r.array("max_packet_size")?;
        Ok(Self {
            capabilities,
            max_packet_size: u32::from_le_bytes([a, b, c, 0]),
        })
    }

    pub(super) fn encode(&self, w: &mut BytesMut) -> Result<(), EncodeError> {
        let lower = u16::try_from(self.capabilities.bits());
        w.put_u16_le(lower.map_err(|_| no_place("client_flag"))?);
        w.put_u24("max_packet_size", self.max_packet_size)
    }
}

/// The documentation ends these strings with a NUL; clients of that time omit the last one.
fn nul_string_or_rest(r: &mut Reader<'_>, field: &'static str) -> Bytes {
    let mut ahead = r.clone();
    match ahead.nul_string(field) {
        Ok(string) => {
            *r = ahead;
            string
        }
        Err(_) => r.rest_string(),
    }
}

pub(super) fn no_place(field: &'static str) -> EncodeError {
    EncodeError {
        field,
        kind: EncodeErrorKind::NoPlace,
    }
}
