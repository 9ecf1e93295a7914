use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader, Writer};

use crate::{Capabilities, ColumnFlags, ColumnType};

/// Describes one column of a result set if PROTOCOL_41 isn't shared.
///
/// Documentation page: Protocol::ColumnDefinition320.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ColumnDefinition320 {
    /// The alias of the column's table, or the table's name if it has no alias; empty if the column is an
    /// expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub table: Bytes,
    /// The alias of the column, or the column's name or expression if it has no alias.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub name: Bytes,
    /// The greatest length of a value: in bytes for strings and BLOBs, in bits for BIT, in characters of its text for
    /// numbers, dates and times. At most 2²⁴−1.
    pub column_length: u32,
    /// The type of the column's values.
    pub column_type: ColumnType,
    /// Flags of the column, such as NOT_NULL and UNSIGNED; only the lower 8 bits unless both client and server have the
    /// capability flag LONG_FLAG.
    pub flags: ColumnFlags,
    /// The number of digits after the decimal point of numbers and times; 0x1f if it varies, and for some
    /// values that have no such digits.
    pub decimals: u8,
}

impl Message for ColumnDefinition320 {
    type Context = Capabilities;
    const NAME: &'static str = "ColumnDefinition320";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        let table = r.lenenc_string("table")?;
        let name = r.lenenc_string("name")?;
        r.expect("length_of_column_length", 3)?;
        let [a, b, c] = r.array("column_length")?;
        r.expect("length_of_type", 1)?;
        let column_type = ColumnType(r.u8("type")?);
        let flags = if shared.contains(Capabilities::LONG_FLAG) {
            r.expect("length_of_flags_and_decimals", 3)?;
            r.u16("flags")?
        } else {
            r.expect("length_of_flags_and_decimals", 2)?;
            r.u8("flags")?.into()
        };
        Ok(Self {
            table,
            name,
            column_length: u32::from_le_bytes([a, b, c, 0]),
            column_type,
            flags: ColumnFlags::from_bits_retain(flags),
            decimals: r.u8("decimals")?,
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        let no_place = |field| EncodeError {
            field,
            kind: EncodeErrorKind::NoPlace,
        };
        w.put_lenenc_string(&self.table);
        w.put_lenenc_string(&self.name);
        w.put_u8(3);
        w.put_u24("column_length", self.column_length)?;
        w.put_slice(&[1, self.column_type.0]);
        let flags = self.flags.bits();
        if shared.contains(Capabilities::LONG_FLAG) {
            w.put_u8(3);
            w.put_u16_le(flags);
        } else {
            w.put_u8(2);
            w.put_u8(u8::try_from(flags).map_err(|_| no_place("flags"))?);
        }
        w.put_u8(self.decimals);
        Ok(())
    }
}
