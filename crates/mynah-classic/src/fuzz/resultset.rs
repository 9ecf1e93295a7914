use bytes::{Bytes, BytesMut};
use mynah_wire::{Message, Reader};

use super::round_trip;
use crate::resultset::{
    BinaryRow, ColumnDefinition41, ColumnDefinition320, ColumnNames, FieldListColumn, TextRow,
};
use crate::value::{Value, ValueType};
use crate::{Capabilities, ColumnType};

/// Fuzz target: reads a column definition after eight bytes of capabilities, and panics if it can't be written and
/// read again.
pub fn column_definition(data: &[u8]) {
    let Some((capabilities, payload)) = data.split_first_chunk() else {
        return;
    };
    let shared = Capabilities::from_bits_retain(u64::from_le_bytes(*capabilities));
    let payload = Bytes::copy_from_slice(payload);
    let column = round_trip::<ColumnDefinition41>(&payload, shared);
    // The fast path and the slow one give the same result, including the error.
    let mut r = Reader::new(&payload);
    let long = ColumnDefinition41::decode(&mut r, shared).ok();
    let long = long.filter(|_| r.remaining() == 0);
    assert_eq!(column, long);
    if let Some(column) = column {
        let names = column.names.parts();
        assert_eq!(ColumnNames::new(&names).parts(), names);
        assert!(column.extended_metadata.iter().count() <= payload.len());
    }
    round_trip::<ColumnDefinition320>(&payload, shared);
    round_trip::<FieldListColumn<ColumnDefinition41>>(&payload, shared);
    round_trip::<FieldListColumn<ColumnDefinition320>>(&payload, shared);
}

/// Fuzz target: reads a text row after the number of columns and two bytes for the type of each, and panics if its
/// values can't be written and read again.
pub fn text_row(data: &[u8]) {
    let Some((types, payload)) = types(data) else {
        return;
    };
    let row = TextRow::from_bytes(Bytes::copy_from_slice(payload));
    let Ok(cells) = row.cells().collect::<Result<Vec<_>, _>>() else {
        return;
    };
    let again = TextRow::new(cells.iter().copied());
    assert!(again.cells().eq(cells.iter().copied().map(Ok)));
    for (cell, value_type) in cells.into_iter().zip(types) {
        let Ok(value) = Value::from_text(cell, value_type) else {
            continue;
        };
        ask(&value);
        let mut written = BytesMut::new();
        value.put_text(&mut written, 31);
        let written = TextRow::from_bytes(written.freeze());
        for cell in written.cells() {
            let again = cell.map(|cell| Value::from_text(cell, value_type));
            assert_eq!(again, Ok(Ok(value)));
        }
    }
}

/// Fuzz target: reads a binary row after the number of columns and two bytes for the type of each, and panics if
/// its values can't be written and read again.
pub fn binary_row(data: &[u8]) {
    let Some((types, payload)) = types(data) else {
        return;
    };
    let Some(row) = round_trip::<BinaryRow>(&Bytes::copy_from_slice(payload), ()) else {
        return;
    };
    let Ok(values) = row.values(&types) else {
        return;
    };
    assert!(values.clone().count() <= types.len() + 1);
    let Ok(values) = values.collect::<Result<Vec<_>, _>>() else {
        return;
    };
    values.iter().for_each(ask);
    #[allow(clippy::expect_used, reason = "this is an assertion")]
    let again =
        BinaryRow::new(&types, values.iter().copied()).expect("what was read can be written");
    let again = again.values(&types).into_iter().flatten();
    // Compared as text, since NaN isn't equal to itself.
    let printed: Vec<_> = again.map(|value| format!("{value:?}")).collect();
    let want: Vec<_> = values
        .iter()
        .map(|value| format!("Ok({value:?})"))
        .collect();
    assert_eq!(printed, want);
}

/// Converts a value to each type it can have.
fn ask(value: &Value<'_>) {
    let _ = (value.as_i64(), value.as_u64(), value.as_f64());
    let _ = (value.as_str(), value.as_bytes(), value.as_vector());
    let _ = (value.as_date(), value.as_date_time(), value.as_time());
}

fn types(data: &[u8]) -> Option<(Vec<ValueType>, &[u8])> {
    let (&count, rest) = data.split_first()?;
    let (types, payload) = rest.split_at_checked(usize::from(count) * 2)?;
    let (types, _) = types.as_chunks();
    let value_type = |&[code, flags]: &[u8; 2]| {
        // Most codes have no meaning, so they are mapped to those that do.
        let known = ColumnType::ALL.get(usize::from(code) % (ColumnType::ALL.len() + 1));
        let column_type = known.copied().unwrap_or(ColumnType(code));
        ValueType::from_parameter([column_type.0, flags])
    };
    Some((types.iter().map(value_type).collect(), payload))
}
