//! Values that come with statements.

use std::collections::HashMap;

use bytes::Bytes;
use mynah_classic::ColumnType;
use mynah_classic::command::{BulkValue, Parameter, ParameterType, ParameterValue};
use mynah_classic::value::{Value, ValueType};
use mynah_recording::{HIDDEN, Param};
use mynah_x::datatypes::{Any, AnyValue, ScalarValue};

use crate::trace::{Shown, in_utf8};

/// The values of placeholders, where what is shown of each says which are hidden.
pub(super) fn classic(
    parameters: &[Parameter],
    shown: &[Shown],
    long_data: &HashMap<u16, Bytes>,
    character_set: Option<&'static str>,
) -> Vec<Param> {
    let each = parameters.iter().enumerate();
    let values = each.map(|(index, parameter)| {
        if shown.get(index) == Some(&Shown::Hidden) {
            return hidden();
        }
        let parameter_type = &parameter.parameter_type;
        match &parameter.value {
            ParameterValue::Null => Param::Null,
            ParameterValue::Value(bytes) => value(bytes, parameter_type, character_set),
            ParameterValue::LongData => {
                let place = u16::try_from(index).unwrap_or(u16::MAX);
                let bytes = long_data.get(&place).cloned().unwrap_or_default();
                text(&bytes, parameter_type, character_set)
            }
        }
    });
    values.collect()
}

/// Values as they are bound to placeholders; those that were sent in pieces are empty.
pub(crate) fn bound(parameters: &[Parameter]) -> Vec<Param> {
    classic(parameters, &[], &HashMap::new(), None)
}

/// Those of a row of a bulk execution.
pub(super) fn bulk(
    row: &[(ParameterType, BulkValue)],
    shown: Option<&Vec<Shown>>,
    character_set: Option<&'static str>,
) -> Vec<Param> {
    let each = row.iter().enumerate();
    let values = each.map(|(index, (parameter_type, given))| {
        if shown.and_then(|shown| shown.get(index)) == Some(&Shown::Hidden) {
            return hidden();
        }
        match given {
            BulkValue::Null => Param::Null,
            BulkValue::Default => Param::Keyword("default".to_owned()),
            BulkValue::Ignore => Param::Keyword("ignore".to_owned()),
            BulkValue::Value(bytes) => value(bytes, parameter_type, character_set),
        }
    });
    values.collect()
}

/// The names of the types.
pub(super) fn types<'a>(types: impl Iterator<Item = &'a ParameterType>) -> Vec<String> {
    let name = |column_type: ColumnType| match column_type.name() {
        Some(name) => name.to_owned(),
        None => column_type.0.to_string(),
    };
    types.map(|each| name(each.column_type)).collect()
}

fn value(
    bytes: &Bytes,
    parameter_type: &ParameterType,
    character_set: Option<&'static str>,
) -> Param {
    match Value::from_binary(bytes, ValueType::from(parameter_type)) {
        Ok(Value::Bytes(content)) => text(&bytes.slice_ref(content), parameter_type, character_set),
        Ok(other) => Param::of(&other),
        Err(_) => Param::from_bytes(bytes),
    }
}

/// A text in UTF-8, if it is one of a character set that can be read.
fn text(
    bytes: &Bytes,
    parameter_type: &ParameterType,
    character_set: Option<&'static str>,
) -> Param {
    let is_text = parameter_type.column_type.is_string();
    let (bytes, _) = in_utf8(bytes, character_set.filter(|_| is_text));
    Param::from_bytes(&bytes)
}

/// The arguments of a statement of the X Protocol; objects and arrays as they are shown.
pub(super) fn x(args: &[Any], shown: &[Shown]) -> Vec<Param> {
    let each = args.iter().enumerate();
    let values = each.map(|(index, arg)| match (arg.value(), shown.get(index)) {
        (_, Some(Shown::Hidden)) => hidden(),
        (Some(AnyValue::Scalar(value)), _) => value.value().map_or(Param::Null, scalar),
        (_, Some(shown)) => of_shown(shown),
        (_, None) => Param::Null,
    });
    values.collect()
}

fn scalar(value: ScalarValue<'_>) -> Param {
    match value {
        ScalarValue::Null => Param::Null,
        ScalarValue::Sint(number) => Param::Number(number.into()),
        ScalarValue::Uint(number) => Param::Number(number.into()),
        ScalarValue::Double(number) => Param::number(&format!("{number:?}")),
        ScalarValue::Float(number) => Param::number(&format!("{number:?}")),
        ScalarValue::Bool(truth) => Param::Number(u8::from(truth).into()),
        ScalarValue::Octets(octets) => Param::from_bytes(&octets.value),
        ScalarValue::String(text) => Param::from_bytes(&text.value),
    }
}

/// A value as it is shown.
pub(super) fn of_shown(shown: &Shown) -> Param {
    match shown {
        Shown::Null | Shown::LongData => Param::Null,
        Shown::Number(number) => Param::number(number),
        Shown::Plain(text) => Param::Text(text.clone()),
        Shown::Bytes(bytes) | Shown::Foreign(bytes, _) => Param::from_bytes(bytes),
        Shown::Keyword(word) => Param::Keyword((*word).to_owned()),
        Shown::Hidden => hidden(),
    }
}

fn hidden() -> Param {
    Param::Text(HIDDEN.to_owned())
}
