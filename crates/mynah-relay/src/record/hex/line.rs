use bytes::{BufMut as _, Bytes, BytesMut};
use data_encoding::HEXLOWER_PERMISSIVE;
use mynah_session::observe::Direction;

/// A line of a file with packets in hex.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// The packets below are of this connection.
    Connection(String),
    Comment,
    Packet(Packet),
}

/// A packet of the classic protocol, a frame of compressed ones, or a message of the X Protocol.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    pub(super) direction: Direction,
    /// The sequence id; of the X Protocol, the message's type.
    pub(super) id: u8,
    /// Of a frame, the length before compression.
    pub(super) uncompressed_len: Option<u32>,
    pub(super) payload: Bytes,
}

/// Why a line of a hex file can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}; a line is C or S, a sequence id and a payload, in hex: C 00 0e")]
pub struct NotALine(&'static str);

impl Line {
    pub(super) fn parse(line: &str) -> Result<Self, NotALine> {
        let Some(comment) = line.strip_prefix('#') else {
            return Packet::parse(line).map(Self::Packet);
        };
        let id = comment.trim().strip_prefix("connection:");
        Ok(id.map_or(Self::Comment, |id| Self::Connection(id.trim().to_owned())))
    }
}

impl Packet {
    fn parse(line: &str) -> Result<Self, NotALine> {
        let mut words = line.split_ascii_whitespace();
        let (direction, is_frame) = match words.next() {
            Some("C") => (Direction::Client, false),
            Some("S") => (Direction::Server, false),
            Some("CZ") => (Direction::Client, true),
            Some("SZ") => (Direction::Server, true),
            _ => return Err(NotALine("C, S, CZ or SZ")),
        };
        let id = words.next().and_then(|id| u8::from_str_radix(id, 16).ok());
        let id = id.ok_or(NotALine("a sequence id"))?;
        let uncompressed_len = match is_frame {
            true => {
                let len = words.next().and_then(|len| len.parse().ok());
                Some(len.ok_or(NotALine("the length before compression"))?)
            }
            false => None,
        };
        let payload = match words.next() {
            Some("-") => Bytes::new(),
            Some(digits) => {
                let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes());
                bytes.map_err(|_| NotALine("a payload in hex"))?.into()
            }
            None => return Err(NotALine("a payload")),
        };
        match words.next() {
            None => Ok(Self {
                direction,
                id,
                uncompressed_len,
                payload,
            }),
            Some(_) => Err(NotALine("nothing behind the payload")),
        }
    }

    /// Its bytes with their header.
    pub(super) fn wire(&self, is_x: bool) -> Bytes {
        let mut wire = BytesMut::new();
        let len = self.payload.len() as u64;
        match is_x {
            true => wire.put_uint_le(len + 1, 4),
            false => wire.put_uint_le(len, 3),
        }
        wire.put_u8(self.id);
        if let Some(len) = self.uncompressed_len {
            wire.put_uint_le(len.into(), 3);
        }
        wire.extend_from_slice(&self.payload);
        wire.freeze()
    }
}
