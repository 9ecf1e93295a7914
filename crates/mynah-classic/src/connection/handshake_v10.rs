use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use crate::{Capabilities, StatusFlags};

/// The server's greeting, its first packet.
///
/// Old servers end it after the lower 16 capability flags. It is written in that form, too, if
/// SECURE_CONNECTION is unset and all fields after these flags are empty: no other capability, no
/// collation, no status, no method.
///
/// Some servers write a second NUL after the method's name. Clients ignore it, as
/// [`from_payload_lenient`](Message::from_payload_lenient) does.
///
/// Documentation page: Protocol::HandshakeV10.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HandshakeV10 {
    /// The server's version. It is meant for display, but clients derive features from it.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub server_version: Bytes,
    /// The id that the server gave the connection.
    pub thread_id: u32,
    /// The nonce of the first authentication method, without its closing NUL on the wire. Servers send
    /// 20 bytes (a shorter nonce is padded with NULs), or 8 if neither PLUGIN_AUTH nor
    /// SECURE_CONNECTION is offered.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub auth_plugin_data: Bytes,
    /// The server's capabilities. MariaDB's extended capabilities count only if LONG_PASSWORD is
    /// unset; other servers leave those bytes 0.
    pub capabilities: Capabilities,
    /// The lower 8 bits of the id of the server's default collation.
    pub character_set: u8,
    /// The status flags with which the session begins.
    pub status_flags: StatusFlags,
    /// Name of the first authentication method; empty without PLUGIN_AUTH.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub auth_plugin_name: Bytes,
}

impl HandshakeV10 {
    /// The message's first byte. A greeting with another one isn't of version 10.
    pub const PROTOCOL_VERSION: u8 = 10;
}

impl Message for HandshakeV10 {
    type Context = ();
    const NAME: &'static str = "HandshakeV10";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("protocol_version", Self::PROTOCOL_VERSION)?;
        let server_version = r.nul_string("server_version")?;
        let thread_id = r.u32("thread_id")?;
        let mut auth_plugin_data =
            BytesMut::from(&r.array::<PART_1>("auth-plugin-data-part-1")?[..]);
        r.skip("filler", 1)?;
        let [lower_1, lower_2] = r.array("capability_flags_1")?;
        // The upper flags are in a field that the short form doesn't have.
        let lower = u32::from_le_bytes([lower_1, lower_2, 0, 0]);
        let lower = Capabilities::from_halves(lower, 0);
        // The short form: old servers send nothing after the lower flags.
        if r.remaining() == 0 && !lower.intersects(HAS_PART_2) {
            return Ok(Self {
                server_version,
                thread_id,
                auth_plugin_data: auth_plugin_data.freeze(),
                capabilities: lower,
                character_set: 0,
                status_flags: StatusFlags::empty(),
                auth_plugin_name: Bytes::new(),
            });
        }
        let character_set = r.u8("character_set")?;
        let status_flags = StatusFlags::from_bits_retain(r.u16("status_flags")?);
        let [upper_1, upper_2] = r.array("capability_flags_2")?;
        let standard = u32::from_le_bytes([lower_1, lower_2, upper_1, upper_2]);
        let auth_plugin_data_len = usize::from(r.u8("auth_plugin_data_len")?);
        // MariaDB's capabilities are in the last four of the ten reserved bytes.
        r.skip("reserved", RESERVED - 4)?;
        let mariadb = r.u32("mariadb_extended_capabilities")?;
        let capabilities = Capabilities::from_halves(standard, mariadb);
        let mut auth_plugin_name = Bytes::new();
        if capabilities.intersects(HAS_PART_2) {
            // The length counts both parts. The second part takes at least 13 bytes, with its
            // closing NUL, even if the length says less or 0.
            let len = auth_plugin_data_len.saturating_sub(PART_1).max(PART_2);
            let part_2 = r.string("auth-plugin-data-part-2", len)?;
            auth_plugin_data.put_slice(part_2.strip_suffix(b"\0").unwrap_or(&part_2));
        }
        if capabilities.contains(Capabilities::PLUGIN_AUTH) {
            // Servers before 5.5.10 and 5.6.2 omit the closing NUL.
            auth_plugin_name = r.nul_or_rest_string();
        }
        Ok(Self {
            server_version,
            thread_id,
            auth_plugin_data: auth_plugin_data.freeze(),
            capabilities,
            character_set,
            status_flags,
            auth_plugin_name,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        let (part_1, part_2) = self.split_nonce()?;
        let plugin_auth = self.capabilities.contains(Capabilities::PLUGIN_AUTH);
        w.put_u8(Self::PROTOCOL_VERSION);
        w.put_nul_string("server_version", &self.server_version)?;
        w.put_u32_le(self.thread_id);
        w.put_slice(part_1);
        w.put_u8(0);
        let [lower_1, lower_2, upper_1, upper_2] = self.capabilities.standard().to_le_bytes();
        w.put_slice(&[lower_1, lower_2]);
        if self.is_short() {
            return Ok(());
        }
        w.put_u8(self.character_set);
        w.put_u16_le(self.status_flags.bits());
        w.put_slice(&[upper_1, upper_2]);
        // Without PLUGIN_AUTH the documented length is 0, but a longer nonce can't do without it.
        w.put_u8(if plugin_auth || part_2.len() >= PART_2 {
            nonce_len(self.auth_plugin_data.len() + self.closing_nul())?
        } else {
            0
        });
        w.put_bytes(0, RESERVED - 4);
        w.put_u32_le(self.capabilities.mariadb());
        if self.capabilities.intersects(HAS_PART_2) {
            w.put_slice(part_2);
            // A shorter nonce is padded to the least length of the second part.
            let filler = (PART_2 - 1).saturating_sub(part_2.len());
            w.put_bytes(0, filler + self.closing_nul());
        }
        if plugin_auth {
            w.put_nul_string("auth_plugin_name", &self.auth_plugin_name)?;
        }
        Ok(())
    }
}

impl HandshakeV10 {
    /// Whether the greeting can end after the lower flags: all later fields are empty.
    fn is_short(&self) -> bool {
        u16::try_from(self.capabilities.bits()).is_ok()
            && !self.capabilities.intersects(HAS_PART_2)
            && self.character_set == 0
            && self.status_flags.is_empty()
            && self.auth_plugin_name.is_empty()
    }

    /// How many NULs close the nonce: one, unless the length byte couldn't count it.
    fn closing_nul(&self) -> usize {
        usize::from(self.auth_plugin_data.len() != usize::from(u8::MAX))
    }

    /// The two parts of the nonce, which are apart on the wire for compatibility with clients
    /// before 4.1: those read the first 8 bytes only.
    fn split_nonce(&self) -> Result<(&[u8], &[u8]), EncodeError> {
        let len = self.auth_plugin_data.len();
        let (part_1, part_2) =
            self.auth_plugin_data
                .split_at_checked(PART_1)
                .ok_or(EncodeError {
                    field: "auth-plugin-data-part-1",
                    kind: EncodeErrorKind::TooShort { len, min: PART_1 },
                })?;
        if !self.capabilities.intersects(HAS_PART_2) && !part_2.is_empty() {
            return Err(EncodeError {
                field: "auth-plugin-data-part-2",
                kind: EncodeErrorKind::NoPlace,
            });
        }
        Ok((part_1, part_2))
    }
}

fn nonce_len(len: usize) -> Result<u8, EncodeError> {
    u8::try_from(len).map_err(|_| EncodeError {
        field: "auth_plugin_data_len",
        kind: EncodeErrorKind::TooLong {
            len,
            max: usize::from(u8::MAX),
        },
    })
}

const PART_1: usize = 8;
// The least length of the second part, with its closing NUL.
const PART_2: usize = 13;
const RESERVED: usize = 10;
const HAS_PART_2: Capabilities = Capabilities::PLUGIN_AUTH.union(Capabilities::SECURE_CONNECTION);
