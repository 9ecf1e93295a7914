//! Parameters and files as a script's values.

use boa_engine::object::builtins::{JsArray, JsUint8Array};
use boa_engine::{Context, JsBigInt, JsObject, JsResult, JsString, JsValue, js_string};
use mynah_classic::ColumnType;
use mynah_classic::value::Value;
use mynah_session::{LocalFile, Param};

use crate::vm::bounds::Pattern;

/// The value of a parameter: a number, or a BigInt beyond what numbers are exact for; dates, times and
/// decimals as text; blobs, and what isn't UTF-8, as bytes.
pub(super) fn value(param: &Param, context: &mut Context) -> JsResult<JsValue> {
    if param.is_default() || param.is_ignored() {
        return Ok(JsValue::undefined());
    }
    Ok(match param.value() {
        Value::Null => JsValue::null(),
        Value::Int(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER => integer(number as f64),
        Value::Int(number) => JsBigInt::from(number).into(),
        Value::UInt(number) if number <= MAX_SAFE_INTEGER => integer(number as f64),
        Value::UInt(number) => JsBigInt::from(number).into(),
        // In as few digits as read back as the same.
        Value::Float(number) => number
            .to_string()
            .parse()
            .unwrap_or_else(|_| f64::from(number))
            .into(),
        Value::Double(number) => number.into(),
        Value::Bytes(bytes) => match str::from_utf8(bytes) {
            Ok(text) if !is_blob(param.value_type.column_type) => JsString::from(text).into(),
            _ => self::bytes(bytes, context)?,
        },
        Value::Bit(bits) => bytes(bits.0, context)?,
        other => text_of(other),
    })
}

/// The name of a parameter's type.
pub(super) fn type_name(param: &Param) -> JsValue {
    let column_type = param.value_type.column_type;
    match column_type.name() {
        Some(name) => JsString::from(name).into(),
        None => i32::from(column_type.0).into(),
    }
}

/// A file that a client sent.
pub(in crate::vm) fn file(file: &LocalFile, context: &mut Context) -> JsResult<JsObject> {
    let object = JsObject::with_object_proto(context.intrinsics());
    let name = JsString::from(&*String::from_utf8_lossy(&file.filename));
    let text = JsString::from(&*String::from_utf8_lossy(&file.content));
    let content = bytes(&file.content, context)?;
    object.create_data_property(js_string!("filename"), name, context)?;
    object.create_data_property(js_string!("size"), file.content.len(), context)?;
    let lines = lines(&text);
    let lines = JsArray::from_iter(lines.map(JsValue::from), context);
    object.create_data_property(js_string!("text"), text, context)?;
    object.create_data_property(js_string!("lines"), lines, context)?;
    object.create_data_property(js_string!("content"), content, context)?;
    Ok(object)
}

/// The lines of a text without their ends; what follows the last end is one if it isn't empty.
fn lines(text: &JsString) -> impl Iterator<Item = JsString> + '_ {
    let end = Pattern::new(&js_string!("\n"));
    let mut from = 0;
    std::iter::from_fn(move || {
        if from >= text.len() {
            return None;
        }
        let at = end.find(text, from);
        let (start, line_end) = (from, at.unwrap_or(text.len()));
        from = line_end + end.len();
        let returns = at.is_some() && line_end > start;
        let returns = returns && text.code_unit_at(line_end - 1) == Some(u16::from(b'\r'));
        Some(text.slice(start, line_end - usize::from(returns)))
    })
}

/// A whole number, as an integer where it is a small one.
fn integer(number: f64) -> JsValue {
    JsValue::from(number)
}

/// What a text row has of it.
fn text_of(value: Value<'_>) -> JsValue {
    let text = value.to_text(ANY_DECIMALS).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    JsString::from(&*text).into()
}

fn bytes(bytes: &[u8], context: &mut Context) -> JsResult<JsValue> {
    JsUint8Array::from_iter(bytes.iter().copied(), context).map(JsValue::from)
}

fn is_blob(column_type: ColumnType) -> bool {
    matches!(
        column_type,
        ColumnType::TINY_BLOB
            | ColumnType::MEDIUM_BLOB
            | ColumnType::LONG_BLOB
            | ColumnType::BLOB
            | ColumnType::GEOMETRY
            | ColumnType::VECTOR
    )
}

/// 2⁵³−1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
/// As many digits of a fraction as there are.
const ANY_DECIMALS: u8 = 31;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_what_stands_between_their_ends() {
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\nb", &["a", "b"]),
            ("a\r\n\r\nb\r", &["a", "", "b\r"]),
            ("\n", &[""]),
            ("\u{100}\n\u{e9}", &["\u{100}", "\u{e9}"]),
        ];
        for (text, expected) in cases {
            let lines: Vec<_> = lines(&JsString::from(text))
                .map(|line| line.to_std_string_lossy())
                .collect();
            assert_eq!(lines, expected, "{text:?}");
        }
    }
}
