use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use super::SessionStateChanges;
use crate::{Capabilities, StatusFlags, scan};

/// The success of a login or a command or, under DEPRECATE_EOF, the end of the rows; a command with several results
/// can get several.
///
/// Documentation page: OK_Packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OkPacket {
    /// The first byte of the packet, which has two possible values.
    pub header: OkHeader,
    /// How many rows the statement changed, inserted or deleted. If FOUND_ROWS is shared, an UPDATE counts all rows
    /// that match its condition, changed or not.
    pub affected_rows: u64,
    /// The first AUTO_INCREMENT value that the statement generated; if it generated none, the value that it set by
    /// `LAST_INSERT_ID(…)`, or the AUTO_INCREMENT value that it gave its last row. 0 for none.
    pub last_insert_id: u64,
    /// The status flags of the session. Empty if neither PROTOCOL_41 nor TRANSACTIONS is shared.
    pub status_flags: StatusFlags,
    /// How many warnings the statement caused. 0 if PROTOCOL_41 isn't shared.
    pub warnings: u16,
    /// A message for display. `None` if the packet ends before the message, which means the same as an empty
    /// message; if changes of session state follow, an empty message is written in place of `None`.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub info: Option<Bytes>,
    /// Changes of session state; empty unless SESSION_TRACK is shared and
    /// [`StatusFlags::SESSION_STATE_CHANGED`] is set.
    pub session_state_changes: SessionStateChanges,
}

/// The first byte of an [`OkPacket`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum OkHeader {
    /// 0x00: a command or a login succeeded.
    #[default]
    Ok,
    /// 0xfe: the rows have ended, or the OK stands for another EOF packet under DEPRECATE_EOF.
    Eof,
}

impl Message for OkPacket {
    type Context = Capabilities;
    const NAME: &'static str = "OK_Packet";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        let at_header = r.clone();
        let header = match r.u8("header")? {
            0x00 => OkHeader::Ok,
            0xfe => OkHeader::Eof,
            found => return Err(at_header.unexpected("header", found.into())),
        };
        let affected_rows = r.lenenc_int("affected_rows")?;
        let last_insert_id = r.lenenc_int("last_insert_id")?;
        let (mut status_flags, mut warnings) = (StatusFlags::empty(), 0);
        if shared.intersects(HAS_STATUS) {
            status_flags = StatusFlags::from_bits_retain(r.u16("status_flags")?);
        }
        if shared.contains(Capabilities::PROTOCOL_41) {
            warnings = r.u16("warnings")?;
        }
        let (mut info, mut session_state_changes) = (None, SessionStateChanges::default());
        if r.remaining() > 0 {
            // In the documentation the info is as long as the packet unless SESSION_TRACK is
            // shared. Servers (MySQL 5.6 to 9.7, MariaDB 10.11 and 11.8) write its length before it
            // in any case.
            info = Some(r.lenenc_string("info")?);
            if Self::has_changes(status_flags, shared) {
                let changes = r.lenenc_string("session_state_info")?;
                session_state_changes = SessionStateChanges::from_bytes(changes);
            }
        }
        Ok(Self {
            header,
            affected_rows,
            last_insert_id,
            status_flags,
            warnings,
            info,
            session_state_changes,
        })
    }

    /// The trait's method, with a fast path for the most frequent OK.
    #[inline]
    fn from_payload(payload: &Bytes, shared: Capabilities) -> Result<Self, DecodeError> {
        if let Some(ok) = Self::short(payload, shared) {
            return Ok(ok);
        }
        let mut r = Reader::new(payload);
        let message = Self::decode(&mut r, shared)?;
        r.finish(Self::NAME)?;
        Ok(message)
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(match self.header {
            OkHeader::Ok => 0x00,
            OkHeader::Eof => 0xfe,
        });
        w.put_lenenc_int(self.affected_rows);
        w.put_lenenc_int(self.last_insert_id);
        if shared.intersects(HAS_STATUS) {
            w.put_u16_le(self.status_flags.bits());
        }
        if shared.contains(Capabilities::PROTOCOL_41) {
            w.put_u16_le(self.warnings);
        }
        let changes = self.session_state_changes.as_bytes();
        let has_changes = Self::has_changes(self.status_flags, shared);
        if !has_changes && !changes.is_empty() {
            return Err(EncodeError {
                field: "session_state_info",
                kind: EncodeErrorKind::NoPlace,
            });
        }
        if self.info.is_some() || !changes.is_empty() {
            w.put_lenenc_string(self.info.as_deref().unwrap_or_default());
            if has_changes {
                w.put_lenenc_string(changes);
            }
        }
        Ok(())
    }
}

impl OkPacket {
    /// The fast path: an OK of protocol 4.1 that ends after its numbers.
    #[inline]
    fn short(payload: &[u8], shared: Capabilities) -> Option<Self> {
        let (&header, rest) = payload.split_first()?;
        let header = match header {
            0x00 => OkHeader::Ok,
            0xfe => OkHeader::Eof,
            _ => return None,
        };
        let rest = &mut &*rest;
        let affected_rows = scan::lenenc_int(rest)?;
        let last_insert_id = scan::lenenc_int(rest)?;
        // Exactly four bytes are left: status and warnings, and no info.
        let [s, t, w, x] = **rest else { return None };
        shared.contains(Capabilities::PROTOCOL_41).then(|| Self {
            header,
            affected_rows,
            last_insert_id,
            status_flags: StatusFlags::from_bits_retain(u16::from_le_bytes([s, t])),
            warnings: u16::from_le_bytes([w, x]),
            info: None,
            session_state_changes: SessionStateChanges::default(),
        })
    }

    /// Whether the packet has changes of session state: the capability is shared, and the status
    /// announces them.
    fn has_changes(status_flags: StatusFlags, shared: Capabilities) -> bool {
        shared.contains(Capabilities::SESSION_TRACK)
            && status_flags.contains(StatusFlags::SESSION_STATE_CHANGED)
    }
}

const HAS_STATUS: Capabilities = Capabilities::PROTOCOL_41.union(Capabilities::TRANSACTIONS);
