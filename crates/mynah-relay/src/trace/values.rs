use bytes::Bytes;
use mynah_classic::command::{Parameter, ParameterType, ParameterValue};
use mynah_classic::resultset::{BinaryRow, TextRow};
use mynah_classic::value::{Value, ValueType};
use mynah_wire::{DecodeError, Message};

use super::characters;
use super::redact::Column;
use super::shown::Shown;

/// The cells of a row of strings.
pub(super) fn text_row(payload: &Bytes, columns: &[Column]) -> Vec<Shown> {
    let row = TextRow::from_bytes(payload.clone());
    let mut columns = columns.iter();
    let cells = row.cells().map_while(Result::ok);
    cells
        .map(|cell| {
            let is_number = columns
                .next()
                .is_some_and(|column| column.definition.column_type.is_number());
            match cell {
                None => Shown::Null,
                Some(text) if is_number => {
                    Shown::Number(String::from_utf8_lossy(text).into_owned())
                }
                Some(text) => Shown::Bytes(payload.slice_ref(text)),
            }
        })
        .collect()
}

/// The values of a row of typed ones.
pub(super) fn binary_row(payload: &Bytes, columns: &[Column]) -> Result<Vec<Shown>, DecodeError> {
    let columns = columns.iter().map(|column| &column.definition);
    let types: Vec<ValueType> = columns.map(ValueType::from).collect();
    let row = BinaryRow::from_payload(payload, ())?;
    row.values(&types)?
        .map(|value| Ok(shown(&value?)))
        .collect()
}

/// A parameter of a prepared statement.
pub(super) fn parameter(parameter: &Parameter) -> Shown {
    match &parameter.value {
        ParameterValue::Null => Shown::Null,
        ParameterValue::LongData => Shown::LongData,
        ParameterValue::Value(bytes) => given(bytes, &parameter.parameter_type),
    }
}

/// A value that is not NULL, of this type.
pub(super) fn given(bytes: &Bytes, parameter_type: &ParameterType) -> Shown {
    match Value::from_binary(bytes, ValueType::from(parameter_type)) {
        Ok(value) => shown(&value),
        Err(_) => Shown::Bytes(bytes.clone()),
    }
}

/// A value in this character set, if its type is one of texts.
pub(super) fn in_characters(
    value: Shown,
    parameter_type: &ParameterType,
    character_set: Option<&'static str>,
) -> Shown {
    let is_text = parameter_type.column_type.is_string();
    characters::shown(value, character_set.filter(|_| is_text))
}

fn shown(value: &Value<'_>) -> Shown {
    match value {
        Value::Null => Shown::Null,
        Value::Bytes(bytes) => Shown::Bytes(Bytes::copy_from_slice(bytes)),
        Value::Bit(bit) => match Value::Bit(*bit).as_u64() {
            Ok(number) => Shown::Number(number.to_string()),
            Err(_) => Shown::Bytes(Bytes::copy_from_slice(bit.0)),
        },
        Value::Int(_) | Value::UInt(_) | Value::Float(_) | Value::Double(_) | Value::Decimal(_) => {
            Shown::Number(written(value))
        }
        Value::Date(_) | Value::DateTime(_) | Value::Time(_) => Shown::Plain(written(value)),
    }
}

/// The value as text, as in a cell of the text protocol but without its length.
fn written(value: &Value<'_>) -> String {
    let text = value.to_text(0x1f).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}
