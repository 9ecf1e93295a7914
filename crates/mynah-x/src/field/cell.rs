use bytes::{BufMut, BytesMut};

use super::varint::{put_sint, put_terminated, put_uint, sint};
use super::{DateTime, Decimal, FieldError, FieldErrorKind, Set, Time, varint};
use crate::resultset::FieldType;

/// The value of a cell. Texts are slices of the row.
///
/// Documentation page: Mysqlx::Resultset::Row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// NULL, which is allowed for every type.
    Null,
    /// A signed integer, of the type SINT.
    Sint(i64),
    /// An unsigned integer, of the type UINT.
    Uint(u64),
    /// A floating-point number of eight bytes, of the type DOUBLE.
    Double(f64),
    /// A floating-point number of four bytes, of the type FLOAT.
    Float(f32),
    /// A text, bytes, a document or a geometry, of the type BYTES, without the NUL that follows it on the wire.
    Bytes(&'a [u8]),
    /// A time of day or a span of time, of the type TIME.
    Time(Time),
    /// A day with or without a time, of the type DATETIME.
    DateTime(DateTime),
    /// The members of a SET.
    Set(Set<'a>),
    /// The member of an ENUM, without the NUL that follows it on the wire.
    Enum(&'a [u8]),
    /// The bits of a BIT column as a number.
    Bit(u64),
    /// A decimal number, of the type DECIMAL.
    Decimal(Decimal<'a>),
}

impl<'a> Cell<'a> {
    /// Reads a cell of a column of this type.
    ///
    /// # Errors
    /// When the bytes aren't exactly one value of that type.
    pub fn from_field(field: &'a [u8], field_type: FieldType) -> Result<Self, FieldError> {
        // NULL has no bytes. An empty text has one, its closing NUL.
        if field.is_empty() {
            return Ok(Self::Null);
        }
        Self::read(field, field_type).map_err(|kind| FieldError { field_type, kind })
    }

    fn read(mut field: &'a [u8], field_type: FieldType) -> Result<Self, FieldErrorKind> {
        let cell = match field_type {
            FieldType::Sint => Self::Sint(sint(&mut field)?),
            FieldType::Uint => Self::Uint(varint::number(&mut field)?),
            FieldType::Bit => Self::Bit(varint::number(&mut field)?),
            FieldType::Double => Self::Double(f64::from_le_bytes(fixed(&mut field)?)),
            FieldType::Float => Self::Float(f32::from_le_bytes(fixed(&mut field)?)),
            FieldType::Bytes => return Ok(Self::Bytes(terminated(field)?)),
            FieldType::Enum => return Ok(Self::Enum(terminated(field)?)),
            FieldType::Set => return Ok(Self::Set(Set::new(field)?)),
            FieldType::Decimal => return Ok(Self::Decimal(Decimal::new(field)?)),
            FieldType::Time => {
                let (time, left) = Time::read(field)?;
                return whole(Self::Time(time), left);
            }
            FieldType::Datetime => {
                let (moment, left) = DateTime::read(field)?;
                return whole(Self::DateTime(moment), left);
            }
        };
        whole(cell, field.len())
    }

    /// Appends the cell's bytes as in a [`Row`](crate::resultset::Row), without a tag and a length; none for NULL.
    pub fn put(&self, w: &mut BytesMut) {
        match *self {
            Self::Null => {}
            Self::Sint(value) => put_sint(w, value),
            Self::Uint(value) | Self::Bit(value) => put_uint(w, value),
            Self::Double(value) => w.put_f64_le(value),
            Self::Float(value) => w.put_f32_le(value),
            Self::Bytes(text) | Self::Enum(text) => put_terminated(w, text),
            Self::Time(time) => time.put(w),
            Self::DateTime(moment) => moment.put(w),
            Self::Set(set) => w.put_slice(set.as_bytes()),
            Self::Decimal(decimal) => w.put_slice(decimal.as_bytes()),
        }
    }
}

fn fixed<const N: usize>(field: &mut &[u8]) -> Result<[u8; N], FieldErrorKind> {
    let (value, rest) = field.split_first_chunk().ok_or(FieldErrorKind::Truncated)?;
    *field = rest;
    Ok(*value)
}

fn terminated(field: &[u8]) -> Result<&[u8], FieldErrorKind> {
    field.strip_suffix(&[0]).ok_or(FieldErrorKind::Unterminated)
}

fn whole(cell: Cell<'_>, left: usize) -> Result<Cell<'_>, FieldErrorKind> {
    match left {
        0 => Ok(cell),
        left => Err(FieldErrorKind::Trailing { left }),
    }
}
