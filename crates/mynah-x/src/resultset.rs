//! `Mysqlx.Resultset`: columns, rows, and what follows them.

use bitflags::bitflags;
use bytes::{BufMut, Bytes, BytesMut};
use prost::encoding::{encode_varint, encoded_len_varint};
use prost::{Enumeration, Message};

/// One column of a result.
///
/// Documentation page: Mysqlx::Resultset::ColumnMetaData.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct ColumnMetaData {
    /// How its cells are written.
    #[prost(enumeration = "FieldType", required, tag = "1")]
    pub r#type: i32,
    /// Its name in the result.
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub name: Option<Bytes>,
    /// Its name in the table.
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub original_name: Option<Bytes>,
    /// The table's name in the statement.
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub table: Option<Bytes>,
    /// The table's own name.
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub original_table: Option<Bytes>,
    /// The schema.
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub schema: Option<Bytes>,
    /// The catalog, which is always `def`.
    #[prost(bytes = "bytes", optional, tag = "7")]
    pub catalog: Option<Bytes>,
    /// Id of the collation, of texts.
    #[prost(uint64, optional, tag = "8")]
    pub collation: Option<u64>,
    /// How many digits come behind the point.
    #[prost(uint32, optional, tag = "9")]
    pub fractional_digits: Option<u32>,
    /// How many characters are shown at most, or how many bytes there are at most.
    #[prost(uint32, optional, tag = "10")]
    pub length: Option<u32>,
    /// What else is known: [`ColumnFlags`], and bits whose meaning depends on the type.
    #[prost(uint32, optional, tag = "11")]
    pub flags: Option<u32>,
    /// What the bytes are: [`ContentType`]; of moments, [`DateTimeContentType`].
    #[prost(uint32, optional, tag = "12")]
    pub content_type: Option<u32>,
}

/// How the cells of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum FieldType {
    /// An integer with a sign.
    Sint = 1,
    /// An integer without a sign.
    Uint = 2,
    /// A floating-point number of eight bytes.
    Double = 5,
    /// A floating-point number of four bytes.
    Float = 6,
    /// A text, or bytes.
    Bytes = 7,
    /// A time of day, or a span of time.
    Time = 10,
    /// A day, with or without a time.
    Datetime = 12,
    /// Several of a list of texts.
    Set = 15,
    /// One of a list of texts.
    Enum = 16,
    /// Up to 64 bits.
    Bit = 17,
    /// A decimal number.
    Decimal = 18,
}

bitflags! {
    /// What else is known of a column. Bits without a name here are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ColumnFlags: u32 {
        /// Depends on the type: of SINT nothing, of UINT that it is filled with zeros, of DOUBLE,
        /// FLOAT and DECIMAL that there is no sign, of BYTES that it is padded on the right, of
        /// DATETIME that it is a TIMESTAMP.
        const TYPE_SPECIFIC = 0x0001;
        /// Never NULL.
        const NOT_NULL = 0x0010;
        /// Part of the primary key.
        const PRIMARY_KEY = 0x0020;
        /// Part of a unique key.
        const UNIQUE_KEY = 0x0040;
        /// Part of a key that isn't unique.
        const MULTIPLE_KEY = 0x0080;
        /// Numbered automatically.
        const AUTO_INCREMENT = 0x0100;
    }
}

/// What the bytes of a BYTES column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ContentType {
    /// A geometry: its SRID and WKB.
    Geometry = 1,
    /// A JSON document, as text.
    Json = 2,
    /// An XML document.
    Xml = 3,
}

/// What a DATETIME column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum DateTimeContentType {
    /// Days.
    Date = 1,
    /// Days with a time.
    Datetime = 2,
}

/// One row.
///
/// Documentation page: Mysqlx::Resultset::Row.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Row {
    /// Its cells, see [`field`](crate::field); NULL is a cell without a byte.
    #[prost(bytes = "bytes", repeated, tag = "1")]
    pub field: Vec<Bytes>,
}

impl Row {
    /// Appends one cell to the payload of a row that is being written, without there being a
    /// [`Row`].
    pub fn put_field(w: &mut BytesMut, cell: &[u8]) {
        w.reserve(1 + encoded_len_varint(cell.len() as u64) + cell.len());
        w.put_u8(FIELD_TAG);
        encode_varint(cell.len() as u64, w);
        w.put_slice(cell);
    }
}

/// There are no more rows, and no more results.
///
/// Documentation page: Mysqlx::Resultset::FetchDone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct FetchDone {}

/// There are more rows, which the client has to fetch.
///
/// Documentation page: Mysqlx::Resultset::FetchSuspended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct FetchSuspended {}

/// There are no more rows, and another result follows.
///
/// Documentation page: Mysqlx::Resultset::FetchDoneMoreResultsets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct FetchDoneMoreResultsets {}

/// There are no more rows, and the OUT parameters of a procedure follow.
///
/// Documentation page: Mysqlx::Resultset::FetchDoneMoreOutParams.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct FetchDoneMoreOutParams {}

/// Field 1, length-delimited.
const FIELD_TAG: u8 = 1 << 3 | 2;
