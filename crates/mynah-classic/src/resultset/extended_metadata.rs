use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, Reader, Writer};

/// MariaDB: the name of a column's type if the protocol has no number for it, and the format of its values. The
/// entries are kept as bytes and read by an iterator.
///
/// Documentation page: MariaDB, Result Set Packets, Column Definition Packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtendedMetadata(Bytes);

impl ExtendedMetadata {
    /// The kind of an entry that has the name of the column's type: `point`, `uuid`, `inet6`.
    pub const TYPE: u8 = 0;
    /// The kind of an entry that has the format of the column's strings: `json`.
    pub const FORMAT: u8 = 1;

    /// Encodes entries with these kinds and strings, in this order.
    #[must_use]
    pub fn new<'a>(entries: impl IntoIterator<Item = (u8, &'a [u8])>) -> Self {
        let mut w = BytesMut::new();
        for (kind, value) in entries {
            w.put_u8(kind);
            w.put_lenenc_string(value);
        }
        Self(w.freeze())
    }

    /// Takes the bytes of the entries as in a packet, without the length before them.
    #[must_use]
    pub const fn from_bytes(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The bytes of the entries as in a packet, without the length before them.
    #[must_use]
    pub const fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// Whether the column has no extended metadata.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, each of a kind and a string. The iterator ends after the first invalid entry.
    pub fn iter(&self) -> impl Iterator<Item = Result<(u8, Bytes), DecodeError>> + '_ {
        let mut reader = Some(Reader::new(&self.0));
        std::iter::from_fn(move || {
            let r = reader.as_mut().filter(|r| r.remaining() > 0)?;
            let entry = r.u8("extended_metadata_type").and_then(|kind| {
                let value = r.lenenc_string("extended_metadata_value")?;
                Ok((kind, value))
            });
            if entry.is_err() {
                reader = None;
            }
            Some(entry)
        })
    }

    /// The string of the first entry of this kind; `None` if there is none before the first invalid entry.
    #[must_use]
    pub fn find(&self, kind: u8) -> Option<Bytes> {
        let mut entries = self.iter().filter_map(Result::ok);
        entries
            .find(|(found, _)| *found == kind)
            .map(|(_, value)| value)
    }
}
