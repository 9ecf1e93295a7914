use bytes::BytesMut;
use mynah_wire::{DecodeError, DecodeErrorKind};

use super::sink::Sink;
use super::value_type::Form;
use super::{Bit, Date, DateTime, Decimal, Time, Value, ValueError, ValueType};
use crate::scan;

impl<'a> Value<'a> {
    /// Reads a binary value that takes all of `bytes`, as a single parameter does.
    ///
    /// # Errors
    /// A value that is cut short, [`DecodeErrorKind::Trailing`] for bytes after it,
    /// [`DecodeErrorKind::Unexpected`] for a type that is never sent, for an invalid length of a
    /// date or time, for an invalid sign of a time, and for an invalid decimal.
    pub fn from_binary(bytes: &'a [u8], value_type: ValueType) -> Result<Self, DecodeError> {
        let rest = &mut &*bytes;
        let value = Self::read_binary(rest, value_type, 0)?;
        match rest.len() {
            0 => Ok(value),
            left => Err(DecodeError {
                field: FIELD,
                offset: bytes.len() - left,
                kind: DecodeErrorKind::Trailing { left },
            }),
        }
    }

    /// Reads one value from the start of `rest`, which begins at `offset` of its payload.
    ///
    /// # Errors
    /// A value that is cut short; [`DecodeErrorKind::Unexpected`] for a type that is never sent,
    /// for an invalid length of a date or time, and for an invalid decimal.
    #[inline]
    pub(super) fn read_binary(
        rest: &mut &'a [u8],
        value_type: ValueType,
        offset: usize,
    ) -> Result<Self, DecodeError> {
        let Some(form) = value_type.form() else {
            let found = value_type.column_type.0.into();
            return Err(unexpected("type", offset, found));
        };
        let start = *rest;
        let unsigned = value_type.unsigned;
        let cut = |needed| scan::truncated(FIELD, offset, needed, start.len());
        Ok(match form {
            Form::Int1 => {
                let bytes = scan::array(rest).ok_or_else(|| cut(1))?;
                integer(unsigned, u8::from_le_bytes(bytes), i8::from_le_bytes(bytes))
            }
            Form::Int2 => {
                let bytes = scan::array(rest).ok_or_else(|| cut(2))?;
                integer(
                    unsigned,
                    u16::from_le_bytes(bytes),
                    i16::from_le_bytes(bytes),
                )
            }
            Form::Int4 => {
                let bytes = scan::array(rest).ok_or_else(|| cut(4))?;
                integer(
                    unsigned,
                    u32::from_le_bytes(bytes),
                    i32::from_le_bytes(bytes),
                )
            }
            Form::Int8 => {
                let bytes = scan::array(rest).ok_or_else(|| cut(8))?;
                integer(
                    unsigned,
                    u64::from_le_bytes(bytes),
                    i64::from_le_bytes(bytes),
                )
            }
            Form::Float => {
                let bytes = scan::array(rest).ok_or_else(|| cut(4))?;
                Self::Float(f32::from_le_bytes(bytes))
            }
            Form::Double => {
                let bytes = scan::array(rest).ok_or_else(|| cut(8))?;
                Self::Double(f64::from_le_bytes(bytes))
            }
            Form::Null => Self::Null,
            Form::Date | Form::DateTime => {
                let moment = date_time(rest, offset)?;
                // A DATETIME at midnight has the short form of a DATE, so the column's type decides.
                if form == Form::Date && moment.wire_len() <= 4 {
                    Self::Date(moment.date)
                } else {
                    Self::DateTime(moment)
                }
            }
            Form::Time => Self::Time(time(rest, offset)?),
            Form::Decimal => {
                let text = string(rest, offset)?;
                let decimal = Decimal::new(text);
                Self::Decimal(decimal.ok_or_else(|| {
                    unexpected("decimal", offset, text.first().copied().unwrap_or(0).into())
                })?)
            }
            Form::Bit => Self::Bit(Bit(string(rest, offset)?)),
            Form::Bytes => Self::Bytes(string(rest, offset)?),
        })
    }

    /// Appends the value in the binary form of `value_type`. NULL takes no bytes: the bitmap before
    /// the values states it.
    ///
    /// Dates and times are written in as few bytes as they need, as servers do.
    ///
    /// # Errors
    /// [`ValueError::DoesNotFit`] for an integer that exceeds the type, and for a value of another
    /// kind than the type's. Text, decimals and bits fit all types that are strings on the wire, except
    /// that only decimals and text in their form fit DECIMAL and NEWDECIMAL. Dates with and without time
    /// fit DATE, DATETIME and TIMESTAMP; FLOAT fits DOUBLE.
    pub fn put_binary(&self, w: &mut BytesMut, value_type: ValueType) -> Result<(), ValueError> {
        self.write_binary(w, value_type)
    }

    #[inline]
    pub(crate) fn write_binary(
        &self,
        w: &mut impl Sink,
        value_type: ValueType,
    ) -> Result<(), ValueError> {
        let column_type = value_type.column_type;
        let misfit = ValueError::DoesNotFit { column_type };
        let form = value_type.form().ok_or(misfit)?;
        let unsigned = value_type.unsigned;
        match (form, *self) {
            (_, Self::Null) => {}
            (Form::Int1, value) => {
                let bits = narrow::<u8, i8>(value, unsigned, i8::cast_unsigned);
                w.put(bits.ok_or(misfit)?.to_le_bytes());
            }
            (Form::Int2, value) => {
                let bits = narrow::<u16, i16>(value, unsigned, i16::cast_unsigned);
                w.put(bits.ok_or(misfit)?.to_le_bytes());
            }
            (Form::Int4, value) => {
                let bits = narrow::<u32, i32>(value, unsigned, i32::cast_unsigned);
                w.put(bits.ok_or(misfit)?.to_le_bytes());
            }
            (Form::Int8, value) => {
                let bits = narrow::<u64, i64>(value, unsigned, i64::cast_unsigned);
                w.put(bits.ok_or(misfit)?.to_le_bytes());
            }
            (Form::Float, Self::Float(value)) => w.put(value.to_le_bytes()),
            (Form::Double, Self::Float(value)) => w.put(f64::from(value).to_le_bytes()),
            (Form::Double, Self::Double(value)) => w.put(value.to_le_bytes()),
            (Form::Date | Form::DateTime, Self::Date(date)) => put_date_time(w, date.into()),
            (Form::Date | Form::DateTime, Self::DateTime(moment)) => put_date_time(w, moment),
            (Form::Time, Self::Time(time)) => put_time(w, time),
            (Form::Decimal | Form::Bit | Form::Bytes, Self::Decimal(decimal)) => {
                w.put_string(decimal.as_bytes());
            }
            (Form::Bit | Form::Bytes, Self::Bit(Bit(bytes)) | Self::Bytes(bytes)) => {
                w.put_string(bytes);
            }
            (Form::Decimal, Self::Bytes(text)) if Decimal::new(text).is_some() => {
                w.put_string(text);
            }
            _ => return Err(misfit),
        }
        Ok(())
    }
}

#[inline]
fn integer<'a>(unsigned: bool, without: impl Into<u64>, with: impl Into<i64>) -> Value<'a> {
    if unsigned {
        Value::UInt(without.into())
    } else {
        Value::Int(with.into())
    }
}

/// The bits of an integer, if it fits the width of `U` and `I`.
#[inline]
fn narrow<U, I>(value: Value<'_>, unsigned: bool, bits: impl Fn(I) -> U) -> Option<U>
where
    U: TryFrom<i64> + TryFrom<u64>,
    I: TryFrom<i64> + TryFrom<u64>,
{
    match (value, unsigned) {
        (Value::Int(value), true) => U::try_from(value).ok(),
        (Value::UInt(value), true) => U::try_from(value).ok(),
        (Value::Int(value), false) => I::try_from(value).ok().map(bits),
        (Value::UInt(value), false) => I::try_from(value).ok().map(bits),
        _ => None,
    }
}

#[inline]
fn string<'a>(rest: &mut &'a [u8], offset: usize) -> Result<&'a [u8], DecodeError> {
    scan::lenenc_string(rest).ok_or_else(|| scan::lenenc_error(FIELD, offset, rest))
}

fn date_time(rest: &mut &[u8], offset: usize) -> Result<DateTime, DecodeError> {
    let (len, fields) = fields(rest, offset)?;
    let mut moment = DateTime::ZERO;
    // The length says which fields follow: 0, 4, 7 or 11 bytes ("Binary Protocol Value").
    let clock = match *fields {
        [] => return Ok(moment),
        [a, b, c, d, ref clock @ ..] => {
            moment.date = Date::from_wire([a, b, c, d]);
            clock
        }
        _ => return Err(unexpected("length", offset, len)),
    };
    match *clock {
        [] => {}
        [hour, minute, second] => {
            (moment.hour, moment.minute, moment.second) = (hour, minute, second)
        }
        [hour, minute, second, a, b, c, d] => {
            (moment.hour, moment.minute, moment.second) = (hour, minute, second);
            moment.microsecond = u32::from_le_bytes([a, b, c, d]);
        }
        _ => return Err(unexpected("length", offset, len)),
    }
    Ok(moment)
}

fn put_date_time(w: &mut impl Sink, moment: DateTime) {
    let len = moment.wire_len();
    let [a, b, c, d] = moment.date.to_wire();
    let [k, l, m, n] = moment.microsecond.to_le_bytes();
    let (hour, minute, second) = (moment.hour, moment.minute, moment.second);
    // The shortest form, as servers send it: trailing fields that are zero are left out.
    let whole = [len, a, b, c, d, hour, minute, second, k, l, m, n];
    w.put_bytes(whole.get(..=usize::from(len)).unwrap_or_default());
}

fn time(rest: &mut &[u8], offset: usize) -> Result<Time, DecodeError> {
    let (len, fields) = fields(rest, offset)?;
    // 0, 8 or 12 bytes.
    let (&[negative, a, b, c, d, hours, minutes, seconds], fraction) =
        match fields.split_first_chunk() {
            Some(split) => split,
            None if fields.is_empty() => return Ok(Time::ZERO),
            None => return Err(unexpected("length", offset, len)),
        };
    let microseconds = match *fraction {
        [] => 0,
        [k, l, m, n] => u32::from_le_bytes([k, l, m, n]),
        _ => return Err(unexpected("length", offset, len)),
    };
    if negative > 1 {
        // Behind the length, a byte.
        return Err(unexpected("is_negative", offset + 1, negative.into()));
    }
    Ok(Time {
        negative: negative == 1,
        days: u32::from_le_bytes([a, b, c, d]),
        hours,
        minutes,
        seconds,
        microseconds,
    })
}

fn put_time(w: &mut impl Sink, time: Time) {
    let len = time.wire_len();
    let [a, b, c, d] = time.days.to_le_bytes();
    let [k, l, m, n] = time.microseconds.to_le_bytes();
    let (hours, minutes, seconds) = (time.hours, time.minutes, time.seconds);
    let negative = time.negative.into();
    let whole = [
        len, negative, a, b, c, d, hours, minutes, seconds, k, l, m, n,
    ];
    w.put_bytes(whole.get(..=usize::from(len)).unwrap_or_default());
}

/// The length at the start of a date or a time, and the fields after it.
#[inline]
fn fields<'a>(rest: &mut &'a [u8], offset: usize) -> Result<(u64, &'a [u8]), DecodeError> {
    let left = rest.len();
    let [len] = scan::array(rest).ok_or_else(|| scan::truncated(FIELD, offset, 1, left))?;
    let fields = scan::slice(rest, len.into());
    let needed = 1 + usize::from(len);
    let fields = fields.ok_or_else(|| scan::truncated(FIELD, offset, needed, left))?;
    Ok((len.into(), fields))
}

#[cold]
fn unexpected(field: &'static str, offset: usize, found: u64) -> DecodeError {
    DecodeError {
        field,
        offset,
        kind: DecodeErrorKind::Unexpected { found },
    }
}

const FIELD: &str = "value";
