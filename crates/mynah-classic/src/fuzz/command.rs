use bytes::Bytes;

use super::round_trip;
use crate::command::{
    BulkContext, BulkFlags, BulkParameters, BulkValue, Command, CursorFlags, ParameterFlags,
    ParameterType, ParameterTypes, Parameters, ParametersContext,
};
use crate::{Capabilities, ColumnType};

/// Fuzz target: reads a command after eight bytes of capabilities, and panics if it can't be written and read
/// again.
pub fn command(data: &[u8]) {
    let Some((capabilities, payload)) = data.split_first_chunk() else {
        return;
    };
    let shared = Capabilities::from_bits_retain(u64::from_le_bytes(*capabilities));
    match round_trip::<Command>(&Bytes::copy_from_slice(payload), shared) {
        Some(Command::Query(query)) => assert!(query.attributes.iter().all(|read| read.is_ok())),
        Some(Command::ChangeUser(command)) => {
            assert!(command.attributes.iter().count() <= payload.len());
        }
        _ => {}
    }
}

/// Fuzz target: reads the parameters of an execution, and panics if they can't be written and read again. Before
/// them come a byte for whether query attributes are shared, one of flags, the number of parameters in two bytes,
/// and a byte for how many were sent by COM_STMT_SEND_LONG_DATA.
pub fn parameters(data: &[u8]) {
    let Some(([shared, flags, a, b, sent], payload)) = data.split_first_chunk() else {
        return;
    };
    let mut capabilities = Capabilities::PROTOCOL_41;
    capabilities.set(Capabilities::QUERY_ATTRIBUTES, shared & 1 != 0);
    let cx = ParametersContext {
        shared: capabilities,
        flags: CursorFlags::from_bits_retain(*flags),
        num_params: u16::from_le_bytes([*a, *b]),
    };
    let Some(message) = round_trip::<Parameters>(&Bytes::copy_from_slice(payload), cx) else {
        return;
    };
    let is_long_data = |index| index < u64::from(*sent);
    let earlier = earlier();
    let by_earlier = message.iter_with(Some(&earlier), is_long_data);
    assert!(by_earlier.count() as u64 <= message.len());
    if let Ok(all) = message
        .iter_with(None, is_long_data)
        .collect::<Result<Vec<_>, _>>()
    {
        assert_eq!(all.len() as u64, message.len());
        let again = Parameters::new(&all);
        assert!(
            again
                .iter_with(None, is_long_data)
                .eq(all.into_iter().map(Ok))
        );
    }
}

/// Fuzz target: reads the rows of a bulk execution after the flags and the number of parameters, two bytes each,
/// and panics if they can't be written and read again.
pub fn bulk_parameters(data: &[u8]) {
    let Some(([a, b, c, d], payload)) = data.split_first_chunk() else {
        return;
    };
    let cx = BulkContext {
        flags: BulkFlags::from_bits_retain(u16::from_le_bytes([*a, *b])),
        num_params: u16::from_le_bytes([*c, *d]).into(),
    };
    let Some(message) = round_trip::<BulkParameters>(&Bytes::copy_from_slice(payload), cx) else {
        return;
    };
    let earlier = earlier();
    // Each value takes at least a byte, and an error ends the iteration.
    assert!(message.iter(Some(&earlier)).count() <= payload.len() + 1);
    if let Ok(all) = message.iter(None).collect::<Result<Vec<_>, _>>() {
        let values: Vec<BulkValue> = all.into_iter().map(|(_, value)| value).collect();
        let again = BulkParameters::new(message.types().cloned(), &values);
        assert_eq!(again, message);
    }
}

/// The types of an earlier execution.
fn earlier() -> ParameterTypes {
    let codes = [
        ColumnType::TINY,
        ColumnType::LONGLONG,
        ColumnType::VAR_STRING,
        ColumnType::DATETIME,
    ];
    let types = codes.map(|column_type| ParameterType {
        column_type,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    });
    ParameterTypes::new(&types)
}
