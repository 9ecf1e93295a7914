use std::fmt::Write as _;

use bytes::Bytes;
use mynah_x::datatypes::{Any, AnyValue, ScalarValue};
use mynah_x::field::{Cell, FieldError};
use mynah_x::resultset::FieldType;

use crate::trace::shown::Shown;

/// Total: a value that is not what its type says is NULL, and how deep values are nested is bounded by
/// what decodes them.
pub(crate) fn value(any: &Any) -> Shown {
    match any.value() {
        None => Shown::Null,
        Some(AnyValue::Scalar(value)) => value.value().map_or(Shown::Null, scalar),
        Some(AnyValue::Object(_) | AnyValue::Array(_)) => {
            let mut text = String::new();
            nested(any, &mut text);
            Shown::Bytes(text.into())
        }
    }
}

fn scalar(value: ScalarValue<'_>) -> Shown {
    match value {
        ScalarValue::Null => Shown::Null,
        ScalarValue::Sint(number) => Shown::Number(number.to_string()),
        ScalarValue::Uint(number) => Shown::Number(number.to_string()),
        ScalarValue::Double(number) => Shown::Number(number.to_string()),
        ScalarValue::Float(number) => Shown::Number(number.to_string()),
        ScalarValue::Bool(on) => Shown::Number(on.to_string()),
        ScalarValue::Octets(octets) => Shown::Bytes(octets.value.clone()),
        ScalarValue::String(text) => Shown::Bytes(text.value.clone()),
    }
}

/// Writes objects and arrays, much like JSON.
fn nested(any: &Any, out: &mut String) {
    match any.value() {
        None => out.push_str("null"),
        Some(AnyValue::Scalar(value)) => match value.value().map(scalar) {
            Some(Shown::Number(text) | Shown::Plain(text)) => out.push_str(&text),
            Some(Shown::Bytes(text)) => quoted(&String::from_utf8_lossy(&text), out),
            _ => out.push_str("null"),
        },
        Some(AnyValue::Object(object)) => {
            out.push('{');
            for (index, field) in object.fld.iter().enumerate() {
                comma_unless_first(index, out);
                quoted(&field.key, out);
                out.push_str(": ");
                nested(&field.value, out);
            }
            out.push('}');
        }
        Some(AnyValue::Array(array)) => {
            out.push('[');
            for (index, value) in array.value.iter().enumerate() {
                comma_unless_first(index, out);
                nested(value, out);
            }
            out.push(']');
        }
    }
}

fn comma_unless_first(index: usize, out: &mut String) {
    if index > 0 {
        out.push_str(", ");
    }
}

fn quoted(text: &str, out: &mut String) {
    // Writing to a string can't fail.
    let _written = write!(out, "{text:?}");
}

pub(super) fn cell(bytes: &Bytes, field_type: Option<FieldType>) -> Shown {
    let cell = field_type
        .ok_or(())
        .and_then(|kind| Cell::from_field(bytes, kind).map_err(|_: FieldError| ()));
    match cell {
        Ok(Cell::Null) => Shown::Null,
        Ok(Cell::Sint(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Uint(number) | Cell::Bit(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Double(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Float(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Decimal(decimal)) => Shown::Number(decimal.to_string()),
        Ok(Cell::Bytes(text) | Cell::Enum(text)) => Shown::Bytes(bytes.slice_ref(text)),
        Ok(Cell::Time(time)) => Shown::Plain(time.to_string()),
        Ok(Cell::DateTime(moment)) => Shown::Plain(moment.to_string()),
        Ok(Cell::Set(set)) => {
            let members: Vec<_> = set.iter().map(String::from_utf8_lossy).collect();
            Shown::Bytes(members.join(",").into())
        }
        Err(()) => Shown::Bytes(bytes.clone()),
    }
}
