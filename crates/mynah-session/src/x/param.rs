//! Arguments of X Protocol messages as parameters.

use mynah_classic::ColumnType;
use mynah_classic::value::{Value, ValueType};
use mynah_x::datatypes::{Any, Scalar, ScalarValue};
use mynah_x::plugin_error;

use crate::{Failure, Param};

/// The arguments of a statement, each of which has to be a scalar.
pub(super) fn params(args: &[Any]) -> Result<Vec<Param>, Failure> {
    args.iter()
        .map(|arg| arg.scalar_value().and_then(param).ok_or_else(no_scalar))
        .collect()
}

/// The arguments of a CRUD message.
pub(super) fn scalar_params(args: &[Scalar]) -> Result<Vec<Param>, Failure> {
    args.iter()
        .map(|arg| arg.value().and_then(param).ok_or_else(no_scalar))
        .collect()
}

fn param(value: ScalarValue<'_>) -> Option<Param> {
    let signed = ValueType::signed;
    let (value_type, value) = match value {
        ScalarValue::Null => (signed(ColumnType::NULL), Value::Null),
        ScalarValue::Sint(number) => (signed(ColumnType::LONGLONG), Value::Int(number)),
        ScalarValue::Uint(number) => {
            let value_type = ValueType {
                unsigned: true,
                ..signed(ColumnType::LONGLONG)
            };
            (value_type, Value::UInt(number))
        }
        ScalarValue::Double(number) => (signed(ColumnType::DOUBLE), Value::Double(number)),
        ScalarValue::Float(number) => (signed(ColumnType::FLOAT), Value::Float(number)),
        ScalarValue::Bool(truth) => (signed(ColumnType::TINY), Value::Int(truth.into())),
        ScalarValue::Octets(octets) => (signed(ColumnType::BLOB), Value::Bytes(&octets.value)),
        ScalarValue::String(text) => (signed(ColumnType::VAR_STRING), Value::Bytes(&text.value)),
    };
    Param::new("", value_type, value).ok()
}

fn no_scalar() -> Failure {
    Failure::general(
        plugin_error::ER_X_INVALID_PROTOCOL_DATA,
        "Invalid data, expecting scalar",
    )
}
