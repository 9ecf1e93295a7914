use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use super::{ColumnNames, ExtendedMetadata};
use crate::{Capabilities, ColumnFlags, ColumnType};

/// Describes one column of a result set, or one parameter or column of a prepared statement. The
/// server sends one for each, before the rows.
///
/// Documentation page: Column Definition, Protocol::ColumnDefinition41.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ColumnDefinition41 {
    /// The names of schema, table and column.
    pub names: ColumnNames,
    /// MariaDB: the name of a type for which the protocol has no number, and the format of values. Empty
    /// unless MARIADB_EXTENDED_METADATA is shared.
    pub extended_metadata: ExtendedMetadata,
    /// The id of the collation of the values; 63 for bytes, and from servers also for numbers, dates and times.
    pub character_set: u16,
    /// The greatest length of a value: in bytes for strings and BLOBs, in bits for BIT, in characters of its text for
    /// numbers, dates and times.
    pub column_length: u32,
    /// The protocol's type of the column's values.
    pub column_type: ColumnType,
    /// Flags of the column, such as NOT_NULL and UNSIGNED.
    pub flags: ColumnFlags,
    /// The number of digits after the decimal point of numbers and times; 0x1f if it varies, and for some
    /// values that have no such digits.
    pub decimals: u8,
}

impl Message for ColumnDefinition41 {
    type Context = Capabilities;
    const NAME: &'static str = "ColumnDefinition41";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        let names = ColumnNames::decode(r)?;
        let mut extended_metadata = ExtendedMetadata::default();
        if shared.contains(Capabilities::MARIADB_EXTENDED_METADATA) {
            extended_metadata = ExtendedMetadata::from_bytes(r.lenenc_string("extended_metadata")?);
        }
        r.expect("length_of_fixed_length_fields", FIXED_FIELDS_LEN)?;
        let fields = r.array("fixed_length_fields")?;
        Ok(Self::with_fixed_fields(names, extended_metadata, fields))
    }

    /// The trait's method, with a fast path, as result sets have many of these.
    #[inline]
    fn from_payload(payload: &Bytes, shared: Capabilities) -> Result<Self, DecodeError> {
        if !shared.contains(Capabilities::MARIADB_EXTENDED_METADATA)
            && let Some((names, [FIXED_FIELDS_LEN, fields @ ..])) = ColumnNames::split(payload)
            && let Ok(fields) = fields.try_into()
        {
            let none = ExtendedMetadata::default();
            return Ok(Self::with_fixed_fields(names, none, fields));
        }
        let mut r = Reader::new(payload);
        let message = Self::decode(&mut r, shared)?;
        r.finish(Self::NAME)?;
        Ok(message)
    }

    #[inline]
    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        let names = self.names.as_bytes();
        w.put_slice(names);
        if shared.contains(Capabilities::MARIADB_EXTENDED_METADATA) {
            w.put_lenenc_string(self.extended_metadata.as_bytes());
        } else if !self.extended_metadata.is_empty() {
            return Err(EncodeError {
                field: "extended_metadata",
                kind: EncodeErrorKind::NoPlace,
            });
        }
        let [c, d] = self.character_set.to_le_bytes();
        let [k, l, m, n] = self.column_length.to_le_bytes();
        let [f, g] = self.flags.bits().to_le_bytes();
        let (column_type, decimals) = (self.column_type.0, self.decimals);
        let len = FIXED_FIELDS_LEN;
        let fields = [len, c, d, k, l, m, n, column_type, f, g, decimals, 0, 0];
        w.put_slice(&fields);
        Ok(())
    }
}

impl ColumnDefinition41 {
    #[inline]
    fn with_fixed_fields(
        names: ColumnNames,
        extended_metadata: ExtendedMetadata,
        fields: [u8; FIXED_FIELDS_LEN as usize],
    ) -> Self {
        let [c, d, length @ .., column_type, f, g, decimals, _, _] = fields;
        Self {
            names,
            extended_metadata,
            character_set: u16::from_le_bytes([c, d]),
            column_length: u32::from_le_bytes(length),
            column_type: ColumnType(column_type),
            flags: ColumnFlags::from_bits_retain(u16::from_le_bytes([f, g])),
            decimals,
        }
    }
}

const FIXED_FIELDS_LEN: u8 = 0x0c;
