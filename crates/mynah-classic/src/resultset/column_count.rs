use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use crate::Capabilities;

/// The number of columns in a result set, the first packet of it. As many column definitions follow,
/// unless `metadata_follows` is [`NONE`](MetadataFollows::NONE).
///
/// Documentation page: Text Resultset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ColumnCount {
    /// The number of columns. It is at least 1: 0 is the first byte of an OK packet.
    pub column_count: u64,
    /// Whether the column definitions follow. [`FULL`](MetadataFollows::FULL) if neither
    /// OPTIONAL_RESULTSET_METADATA nor MARIADB_CACHE_METADATA is shared; the packet then has no
    /// such field.
    pub metadata_follows: MetadataFollows,
}

impl ColumnCount {
    /// A count of columns whose definitions are sent after it.
    #[must_use]
    pub const fn new(column_count: u64) -> Self {
        Self {
            column_count,
            metadata_follows: MetadataFollows::FULL,
        }
    }
}

/// Whether column definitions follow, by the numbers of MySQL's `resultset_metadata`. Numbers that have
/// no constant are kept.
///
/// Documentation page: enum_resultset_metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MetadataFollows(pub u8);

impl MetadataFollows {
    /// No definitions follow: the client has asked for none, or MariaDB has sent the same ones before.
    pub const NONE: Self = Self(0);
    /// The server sends the column definitions after the count.
    pub const FULL: Self = Self(1);

    /// The number's name, as MySQL's documentation spells it without `RESULTSET_METADATA_`; `None` for a number without
    /// a constant.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::NONE => Some("NONE"),
            Self::FULL => Some("FULL"),
            _ => None,
        }
    }
}

impl Message for ColumnCount {
    type Context = Capabilities;
    const NAME: &'static str = "column_count";

    /// MySQL 9.7 sends `metadata_follows` after the count, the documentation has it before.
    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        let column_count = r.lenenc_int("column_count")?;
        let metadata_follows = if shared.intersects(SAYS_WHETHER) {
            MetadataFollows(r.u8("metadata_follows")?)
        } else {
            MetadataFollows::FULL
        };
        Ok(Self {
            column_count,
            metadata_follows,
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_lenenc_int(self.column_count);
        if shared.intersects(SAYS_WHETHER) {
            w.put_u8(self.metadata_follows.0);
        } else if self.metadata_follows != MetadataFollows::FULL {
            return Err(EncodeError {
                field: "metadata_follows",
                kind: EncodeErrorKind::NoPlace,
            });
        }
        Ok(())
    }
}

// Under either of these the packet has the field `metadata_follows`.
const SAYS_WHETHER: Capabilities =
    Capabilities::OPTIONAL_RESULTSET_METADATA.union(Capabilities::MARIADB_CACHE_METADATA);
