use std::fmt::Write as _;
use std::str::FromStr;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::Writer;

use super::digits::{Digits, number, signed_number};
use super::value_type::Form;
use super::{Bit, Date, DateTime, Decimal, Time, Value, ValueError, ValueType};
use crate::scan;

impl<'a> Value<'a> {
    /// Reads the cell of a text row; `None` is NULL.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] if the text isn't in the form of the type,
    /// [`ValueError::DoesNotFit`] for a type that is never sent.
    pub fn from_text(cell: Option<&'a [u8]>, value_type: ValueType) -> Result<Self, ValueError> {
        let Some(text) = cell else {
            return Ok(Self::Null);
        };
        let column_type = value_type.column_type;
        let form = value_type
            .form()
            .ok_or(ValueError::DoesNotFit { column_type })?;
        let (value, wanted) = match form {
            Form::Int1 | Form::Int2 | Form::Int4 | Form::Int8 if value_type.unsigned => {
                (number(text).map(Self::UInt), "integer")
            }
            Form::Int1 | Form::Int2 | Form::Int4 | Form::Int8 => {
                (signed_number(text).map(Self::Int), "integer")
            }
            Form::Float => (float(text).map(Self::Float), "number"),
            Form::Double => (float(text).map(Self::Double), "number"),
            Form::Date => (Date::from_text(text).map(Self::Date), "date"),
            Form::DateTime => (
                DateTime::from_text(text).map(Self::DateTime),
                "date and time",
            ),
            Form::Time => (Time::from_text(text).map(Self::Time), "time"),
            Form::Decimal => (Decimal::new(text).map(Self::Decimal), "decimal"),
            Form::Bit => (Some(Self::Bit(Bit(text))), "bits"),
            Form::Bytes | Form::Null => (Some(Self::Bytes(text)), "bytes"),
        };
        value.ok_or(ValueError::Malformed { wanted })
    }

    /// Appends the value as the cell of a text row.
    ///
    /// `decimals` is the column's: the number of digits in the fraction of a DATETIME or TIME, 0 to 6. Any other
    /// number stands for six digits if there is a fraction and none if not. Values of other types aren't affected
    /// by `decimals`. A floating-point number is written in the fewest digits that read back as the same number.
    /// NaN and infinities are written, too, but can't be read back.
    pub fn put_text(&self, w: &mut BytesMut, decimals: u8) {
        match self {
            Self::Null => w.put_null(),
            Self::Int(value) => put_short(w, Digits::of_signed(*value).as_bytes()),
            Self::UInt(value) => put_short(w, Digits::of(*value).as_bytes()),
            Self::Float(value) => put_cell(w, |w| put_float(w, format_args!("{value:?}"))),
            Self::Double(value) => put_cell(w, |w| put_float(w, format_args!("{value:?}"))),
            Self::Decimal(decimal) => scan::put_lenenc_string(w, decimal.as_bytes()),
            Self::Date(date) => put_cell(w, |w| date.put_text(w)),
            Self::DateTime(moment) => put_cell(w, |w| moment.put_text(w, decimals)),
            Self::Time(time) => put_cell(w, |w| time.put_text(w, decimals)),
            Self::Bit(Bit(bytes)) | Self::Bytes(bytes) => scan::put_lenenc_string(w, bytes),
        }
    }

    /// The text that [`put_text`](Self::put_text) writes, without its length; `None` for NULL.
    #[must_use]
    pub fn to_text(&self, decimals: u8) -> Option<Bytes> {
        let mut cell = BytesMut::new();
        self.put_text(&mut cell, decimals);
        let cell = cell.freeze();
        let text = scan::lenenc_string(&mut &*cell)?;
        Some(cell.slice_ref(text))
    }
}

/// Parses a finite number: servers have no others.
pub(super) fn float<F: FromStr + Copy + Into<f64>>(text: &[u8]) -> Option<F> {
    let number: F = str::from_utf8(text).ok()?.parse().ok()?;
    number.into().is_finite().then_some(number)
}

/// Appends a number in SQL's form, which is that of Rust except that SQL writes `1` for `1.0`.
fn put_float(w: &mut BytesMut, number: std::fmt::Arguments<'_>) {
    let start = w.len();
    // Writing to a `BytesMut` can't fail.
    let _ = w.write_fmt(number);
    if w.get(start..)
        .is_some_and(|written| written.ends_with(b".0"))
    {
        w.truncate(w.len() - 2);
    }
}

/// Appends a cell of less than 251 bytes whose length is known only after it is written.
fn put_cell(w: &mut BytesMut, put: impl FnOnce(&mut BytesMut)) {
    let start = w.len();
    w.put_u8(0);
    put(w);
    let len = u8::try_from(w.len() - start - 1).unwrap_or(0);
    if let Some(slot) = w.get_mut(start) {
        *slot = len;
    }
}

/// Appends a cell of less than 251 bytes.
fn put_short(w: &mut BytesMut, text: &[u8]) {
    w.put_u8(u8::try_from(text.len()).unwrap_or(0));
    w.put_slice(text);
}
