use bytes::Bytes;
use mynah_x::datatypes::{Any, Scalar, ScalarType};

use crate::Value;

/// The values of a statement's placeholders, as the X Protocol sends them.
pub(super) fn arguments(values: &[Value<'_>]) -> Vec<Any> {
    values.iter().map(|value| scalar(value).into()).collect()
}

fn scalar(value: &Value<'_>) -> Scalar {
    match *value {
        Value::Null => Scalar::null(),
        Value::Int(number) => Scalar::sint(number),
        Value::UInt(number) => Scalar::uint(number),
        Value::Double(number) => Scalar::double(number),
        Value::Float(number) => Scalar {
            r#type: ScalarType::VFloat.into(),
            v_float: Some(number),
            ..Scalar::default()
        },
        Value::Bytes(bytes) if str::from_utf8(bytes).is_err() => {
            Scalar::octets(Bytes::copy_from_slice(bytes))
        }
        Value::Bytes(bytes) => Scalar::string(Bytes::copy_from_slice(bytes)),
        Value::Bit(bits) => match bits.number() {
            Some(number) => Scalar::uint(number),
            None => Scalar::octets(Bytes::copy_from_slice(bits.0)),
        },
        // All digits of a fraction are sent.
        ref value => Scalar::string(value.to_text(6).unwrap_or_default()),
    }
}
