//! `Mysqlx.Resultset`: columns, rows, and the messages after them.

use bitflags::bitflags;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use prost::encoding::{self, DecodeContext, WireType, encode_varint, encoded_len_varint};
use prost::{DecodeError, Enumeration, Message};

/// The definition of a column of a result set.
///
/// It is encoded in the order of MySQL's server, numbers before names; protobuf allows any order.
///
/// Documentation page: Mysqlx::Resultset::ColumnMetaData.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ColumnMetaData {
    /// The type of the column's cells: a [`FieldType`].
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::Named::<FieldType>"))]
    pub r#type: i32,
    /// The column's name in the result (its alias). Absent if the client asked for definitions without names.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub name: Option<Bytes>,
    /// The column's name in its table; empty or absent if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub original_name: Option<Bytes>,
    /// The alias of the column's table in the statement; empty or absent if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub table: Option<Bytes>,
    /// The name of the column's table in its schema; empty or absent if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub original_table: Option<Bytes>,
    /// The schema of the column's table; empty or absent if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub schema: Option<Bytes>,
    /// The catalog, which servers send as `def`; absent in definitions without names.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub catalog: Option<Bytes>,
    /// The id of the collation of a BYTES, ENUM or SET column, 63 for bytes that aren't text; absent for other types
    /// and for geometries.
    pub collation: Option<u64>,
    /// The number of digits after the decimal point; absent if it doesn't apply.
    pub fractional_digits: Option<u32>,
    /// The greatest length of a value: of text in bytes, of other types in characters as displayed. Absent if the
    /// server doesn't state it.
    pub length: Option<u32>,
    /// More properties: [`ColumnFlags`], one of which depends on the column's type. Absent for none.
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::column_flags", default)
    )]
    pub flags: Option<u32>,
    /// What the bytes of a BYTES column are: a [`ContentType`]; for DATETIME, whether there is a time: a
    /// [`DateTimeContentType`]. Absent for other types, and for plain texts and bytes.
    pub content_type: Option<u32>,
}

impl ColumnMetaData {
    /// The type of the column's cells; `None` if [`FieldType`] doesn't have its number.
    #[must_use]
    pub fn field_type(&self) -> Option<FieldType> {
        FieldType::try_from(self.r#type).ok()
    }

    fn names(&self) -> [(u32, &Option<Bytes>); 6] {
        [
            (2, &self.name),
            (3, &self.original_name),
            (4, &self.table),
            (5, &self.original_table),
            (6, &self.schema),
            (7, &self.catalog),
        ]
    }

    fn numbers(&self) -> [(u32, &Option<u32>); 4] {
        [
            (9, &self.fractional_digits),
            (10, &self.length),
            (11, &self.flags),
            (12, &self.content_type),
        ]
    }
}

impl Message for ColumnMetaData {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        encoding::int32::encode(1, &self.r#type, buf);
        if let Some(collation) = &self.collation {
            encoding::uint64::encode(8, collation, buf);
        }
        for (tag, number) in self.numbers() {
            if let Some(number) = number {
                encoding::uint32::encode(tag, number, buf);
            }
        }
        for (tag, name) in self.names() {
            if let Some(name) = name {
                encoding::bytes::encode(tag, name, buf);
            }
        }
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        let name = match tag {
            1 => return encoding::int32::merge(wire_type, &mut self.r#type, buf, ctx),
            2 => &mut self.name,
            3 => &mut self.original_name,
            4 => &mut self.table,
            5 => &mut self.original_table,
            6 => &mut self.schema,
            7 => &mut self.catalog,
            8 => {
                let collation = self.collation.get_or_insert_default();
                return encoding::uint64::merge(wire_type, collation, buf, ctx);
            }
            9..=12 => {
                let number = match tag {
                    9 => &mut self.fractional_digits,
                    10 => &mut self.length,
                    11 => &mut self.flags,
                    _ => &mut self.content_type,
                };
                let number = number.get_or_insert_default();
                return encoding::uint32::merge(wire_type, number, buf, ctx);
            }
            _ => return encoding::skip_field(wire_type, tag, buf, ctx),
        };
        encoding::bytes::merge(wire_type, name.get_or_insert_default(), buf, ctx)
    }

    fn encoded_len(&self) -> usize {
        let collation = self.collation.as_ref();
        let names = self.names().into_iter().filter_map(|(tag, name)| {
            let name = name.as_ref()?;
            Some(encoding::bytes::encoded_len(tag, name))
        });
        let numbers = self.numbers().into_iter().filter_map(|(tag, number)| {
            let number = number.as_ref()?;
            Some(encoding::uint32::encoded_len(tag, number))
        });
        encoding::int32::encoded_len(1, &self.r#type)
            + collation.map_or(0, |collation| encoding::uint64::encoded_len(8, collation))
            + names.sum::<usize>()
            + numbers.sum::<usize>()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The type of a column's cells on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum FieldType {
    /// A signed integer.
    Sint = 1,
    /// An unsigned integer.
    Uint = 2,
    /// A floating-point number of eight bytes.
    Double = 5,
    /// A floating-point number of four bytes.
    Float = 6,
    /// A text, or bytes.
    Bytes = 7,
    /// A time of day, or a span of time.
    Time = 10,
    /// A date, with or without a time.
    Datetime = 12,
    /// A SET: any number of its members.
    Set = 15,
    /// An ENUM: one of its members.
    Enum = 16,
    /// The bits of a BIT column, up to 64.
    Bit = 17,
    /// A decimal number.
    Decimal = 18,
}

bitflags! {
    /// Flags of a column. Bits that have no constant are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct ColumnFlags: u32 {
        /// Depends on the type. SINT: nothing; UINT: zero-filled; DOUBLE, FLOAT and DECIMAL:
        /// unsigned; BYTES: padded on the right; DATETIME: a TIMESTAMP.
        const TYPE_SPECIFIC = 0x0001;
        /// The column is never NULL.
        const NOT_NULL = 0x0010;
        /// The column is part of the primary key.
        const PRIMARY_KEY = 0x0020;
        /// The column is part of a unique key.
        const UNIQUE_KEY = 0x0040;
        /// The column is the first of a key in which one value of the column may occur several times.
        const MULTIPLE_KEY = 0x0080;
        /// The column is numbered automatically.
        const AUTO_INCREMENT = 0x0100;
    }
}

/// What the bytes of a BYTES column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ContentType {
    /// A geometry: its SRID and WKB.
    Geometry = 1,
    /// A JSON document, as text.
    Json = 2,
    /// An XML document.
    Xml = 3,
}

/// Whether the values of a DATETIME column have a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum DateTimeContentType {
    /// The values are days without a time.
    Date = 1,
    /// The values are days with a time.
    Datetime = 2,
}

/// A row of a result set.
///
/// Documentation page: Mysqlx::Resultset::Row.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Row {
    /// The row's cells, encoded as [`field`](crate::field) describes. An empty cell is NULL.
    #[prost(bytes = "bytes", repeated, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub field: Vec<Bytes>,
}

impl Row {
    /// Appends a cell (as [`Cell::put`](crate::field::Cell::put) writes it) to the payload of a [`Row`] that is
    /// written directly, without building the struct.
    pub fn put_field(w: &mut BytesMut, cell: &[u8]) {
        w.reserve(1 + encoded_len_varint(cell.len() as u64) + cell.len());
        w.put_u8(FIELD_TAG);
        encode_varint(cell.len() as u64, w);
        w.put_slice(cell);
    }
}

/// The end of the rows of the last result.
///
/// Documentation page: Mysqlx::Resultset::FetchDone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FetchDone {}

/// The end of the rows sent so far; the client has to fetch more.
///
/// Documentation page: Mysqlx::Resultset::FetchSuspended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FetchSuspended {}

/// The end of the rows; another result follows.
///
/// Documentation page: Mysqlx::Resultset::FetchDoneMoreResultsets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FetchDoneMoreResultsets {}

/// The end of the rows; the OUT parameters of a procedure follow.
///
/// Documentation page: Mysqlx::Resultset::FetchDoneMoreOutParams.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FetchDoneMoreOutParams {}

/// Field 1, length-delimited.
const FIELD_TAG: u8 = 1 << 3 | 2;
