use bytes::BytesMut;

use crate::value::{BinaryValues, Date, DateTime, NullBitmap, Time, Value, ValueType};

/// Fuzz target: reads a value after two bytes for the type of a parameter, also as the text of a date or a time and as
/// values behind a NULL bitmap, and panics if a value, date or time can't be written and read again.
pub fn value(data: &[u8]) {
    let Some((&parameter_type, bytes)) = data.split_first_chunk() else {
        return;
    };
    let value_type = ValueType::from_parameter(parameter_type);
    if let Ok(value) = Value::from_binary(bytes, value_type) {
        let mut w = BytesMut::new();
        assert_eq!(value.put_binary(&mut w, value_type), Ok(()));
        let again = Value::from_binary(&w, value_type);
        assert_eq!(format!("{again:?}"), format!("Ok({value:?})"));
    }
    if let Some(date) = Date::from_text(bytes) {
        let mut w = BytesMut::new();
        date.put_text(&mut w);
        assert_eq!((w.as_ref(), date.to_string().as_bytes()), (bytes, bytes));
    }
    if let Some(at) = DateTime::from_text(bytes) {
        let mut w = BytesMut::new();
        at.put_text(&mut w, 31);
        assert_eq!(&w, at.to_string().as_bytes());
        assert_eq!(DateTime::from_text(&w), Some(at));
    }
    if let Some(time) = Time::from_text(bytes) {
        let mut w = BytesMut::new();
        time.put_text(&mut w, 31);
        assert_eq!(&w, time.to_string().as_bytes());
        assert_eq!(Time::from_text(&w), Some(time));
    }
    let (bits, rest) = bytes.split_at(bytes.len().min(2));
    let nulls = NullBitmap::new(bits, NullBitmap::PARAMETER_OFFSET);
    let types = [value_type; 16];
    assert!(BinaryValues::new(&types, nulls, rest).count() <= types.len() + 1);
    let long_data = NullBitmap::new(bits, NullBitmap::ROW_OFFSET);
    let values = BinaryValues::new(&types, nulls, rest).with_long_data(long_data);
    assert!(values.count() <= types.len() + 1);
}
