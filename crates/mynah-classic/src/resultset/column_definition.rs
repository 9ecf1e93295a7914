use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

use crate::{ColumnFlags, ColumnType};

/// Describes one column of a result set. The server sends one for each column, before the
/// rows.
///
/// Documentation page: Column Definition, Protocol::ColumnDefinition41.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDefinition41 {
    /// Always `def`.
    pub catalog: Bytes,
    /// The schema's name; empty where the column is an expression.
    pub schema: Bytes,
    /// The table's alias.
    pub table: Bytes,
    /// The table's name.
    pub org_table: Bytes,
    /// The column's alias.
    pub name: Bytes,
    /// The column's name; empty where the column is an expression.
    pub org_name: Bytes,
    /// Id of the collation the values are sent in, 63 for binary.
    pub character_set: u16,
    /// The longest a value can be: bytes of a string, digits of a number.
    pub column_length: u32,
    /// Type of the values.
    pub column_type: ColumnType,
    /// What else is known.
    pub flags: ColumnFlags,
    /// Digits after the decimal point; 0x1f where their number varies.
    pub decimals: u8,
}

impl Message for ColumnDefinition41 {
    type Context = ();
    const NAME: &'static str = "ColumnDefinition41";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        let catalog = r.lenenc_string("catalog")?;
        let schema = r.lenenc_string("schema")?;
        let table = r.lenenc_string("table")?;
        let org_table = r.lenenc_string("org_table")?;
        let name = r.lenenc_string("name")?;
        let org_name = r.lenenc_string("org_name")?;
        r.expect("length of fixed length fields", FIXED_FIELDS_LEN)?;
        let definition = Self {
            catalog,
            schema,
            table,
            org_table,
            name,
            org_name,
            character_set: r.u16("character_set")?,
            column_length: r.u32("column_length")?,
            column_type: ColumnType(r.u8("type")?),
            flags: ColumnFlags::from_bits_retain(r.u16("flags")?),
            decimals: r.u8("decimals")?,
        };
        r.skip("reserved", 2)?;
        Ok(definition)
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_lenenc_string(&self.catalog);
        w.put_lenenc_string(&self.schema);
        w.put_lenenc_string(&self.table);
        w.put_lenenc_string(&self.org_table);
        w.put_lenenc_string(&self.name);
        w.put_lenenc_string(&self.org_name);
        w.put_u8(FIXED_FIELDS_LEN);
        w.put_u16_le(self.character_set);
        w.put_u32_le(self.column_length);
        w.put_u8(self.column_type.0);
        w.put_u16_le(self.flags.bits());
        w.put_u8(self.decimals);
        w.put_u16_le(0);
        Ok(())
    }
}

const FIXED_FIELDS_LEN: u8 = 0x0c;
