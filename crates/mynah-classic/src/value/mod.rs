//! The values of rows and parameters, as text and as binary, and their conversions.

mod access;
mod binary;
mod binary_values;
mod bit;
mod decimal;
mod digits;
mod error;
mod null_bitmap;
mod sink;
mod temporal;
mod text;
mod value_type;
mod vector;

pub use binary_values::BinaryValues;
pub use bit::Bit;
pub use decimal::Decimal;
pub use error::ValueError;
pub use null_bitmap::NullBitmap;
pub use temporal::{Date, DateTime, Time};
pub use value_type::ValueType;
pub use vector::Vector;

pub(crate) use sink::Stage;

/// One value: a cell of a row, or a parameter of a statement. Strings are slices of the payload
/// they came in.
///
/// It is read from text by [`from_text`](Self::from_text) and from binary by [`BinaryValues`];
/// [`put_text`](Self::put_text) and [`put_binary`](Self::put_binary) write it. `as_i64()`,
/// `as_str()` and similar methods convert it, whichever form it came in.
///
/// Documentation page: Binary Protocol Value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// A signed integer: TINY, SHORT, INT24, LONG, LONGLONG, YEAR.
    Int(i64),
    /// An unsigned integer: of the same types as [`Int`](Self::Int), if they are unsigned.
    UInt(u64),
    /// A floating-point number of four bytes, of the type FLOAT.
    Float(f32),
    /// A floating-point number of eight bytes, of the type DOUBLE.
    Double(f64),
    /// A decimal number, of the types DECIMAL and NEWDECIMAL.
    Decimal(Decimal<'a>),
    /// Bits, of the type BIT.
    Bit(Bit<'a>),
    /// A day, of the type DATE.
    Date(Date),
    /// A day and a time of day, of the types DATETIME and TIMESTAMP.
    DateTime(DateTime),
    /// A time of day or a span of time, of the type TIME.
    Time(Time),
    /// Everything else: texts, blobs, ENUM, SET, JSON (as text), GEOMETRY (its SRID and WKB),
    /// VECTOR (see [`Vector`]).
    Bytes(&'a [u8]),
}
