//! Parameters of any type, with values of the length that their types demand.

use bytes::{BufMut, Bytes, BytesMut};
use mynah_classic::ColumnType;
use mynah_classic::command::{Parameter, ParameterFlags, ParameterType, ParameterValue};
use mynah_wire::Writer;
use proptest::collection::vec;
use proptest::prelude::*;

/// A parameter that has a name.
pub(crate) fn parameter() -> impl Strategy<Value = Parameter> {
    let name = vec(any::<u8>(), 0..20).prop_map(Bytes::from);
    (any::<u8>(), any::<u8>(), name, any::<bool>())
        .prop_flat_map(|(code, flags, name, is_null)| {
            let parameter_type = ParameterType {
                column_type: ColumnType(code),
                flags: ParameterFlags::from_bits_retain(flags),
                name,
            };
            let value = if is_null {
                Just(ParameterValue::Null).boxed()
            } else {
                value(ColumnType(code))
                    .prop_map(ParameterValue::Value)
                    .boxed()
            };
            (Just(parameter_type), value)
        })
        .prop_map(|(parameter_type, value)| Parameter {
            parameter_type,
            value,
        })
}

/// The bytes of a value.
pub(crate) fn value(column_type: ColumnType) -> BoxedStrategy<Bytes> {
    let fixed = |len| vec(any::<u8>(), len).prop_map(Bytes::from).boxed();
    match column_type {
        ColumnType::NULL => fixed(0),
        ColumnType::TINY => fixed(1),
        ColumnType::SHORT | ColumnType::YEAR => fixed(2),
        ColumnType::LONG | ColumnType::INT24 | ColumnType::FLOAT => fixed(4),
        ColumnType::LONGLONG | ColumnType::DOUBLE => fixed(8),
        ColumnType::DATE | ColumnType::TIME | ColumnType::DATETIME | ColumnType::TIMESTAMP => {
            vec(any::<u8>(), 0..13)
                .prop_map(|bytes| {
                    let mut w = BytesMut::new();
                    w.put_u8(u8::try_from(bytes.len()).unwrap());
                    w.put_slice(&bytes);
                    w.freeze()
                })
                .boxed()
        }
        _ => vec(any::<u8>(), 0..40)
            .prop_map(|bytes| {
                let mut w = BytesMut::new();
                w.put_lenenc_string(&bytes);
                w.freeze()
            })
            .boxed(),
    }
}
