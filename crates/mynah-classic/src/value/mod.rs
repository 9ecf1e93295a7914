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
    /// No value.
    Null,
    /// An integer with a sign: TINY, SHORT, INT24, LONG, LONGLONG, YEAR.
    Int(i64),
    /// An integer without a sign.
    UInt(u64),
    /// FLOAT.
    Float(f32),
    /// DOUBLE.
    Double(f64),
    /// DECIMAL and NEWDECIMAL.
    Decimal(Decimal<'a>),
    /// BIT.
    Bit(Bit<'a>),
    /// DATE.
    Date(Date),
    /// DATETIME and TIMESTAMP.
    DateTime(DateTime),
    /// TIME.
    Time(Time),
    /// Everything else: texts, blobs, ENUM, SET, JSON (as text), GEOMETRY (its SRID and WKB),
    /// VECTOR (see [`Vector`]).
    Bytes(&'a [u8]),
}
