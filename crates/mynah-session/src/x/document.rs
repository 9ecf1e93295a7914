//! Documents as JSON text.

use std::fmt::Write as _;

use mynah_x::datatypes::{Any, AnyValue, Scalar, ScalarValue};
use mynah_x::expr::Expr;

use super::expression::{Kind, kind};
use crate::json_string::put_string;

/// A value as JSON. Bytes that are a document already stand as they are.
pub(super) fn put_any(w: &mut String, any: &Any) {
    match any.value() {
        None => w.push_str("null"),
        Some(AnyValue::Scalar(scalar)) => put_scalar(w, scalar),
        Some(AnyValue::Array(array)) => {
            put_list(w, '[', ']', &array.value, put_any);
        }
        Some(AnyValue::Object(object)) => put_list(w, '{', '}', &object.fld, |w, field| {
            put_string(w, &field.key);
            w.push_str(": ");
            put_any(w, &field.value);
        }),
    }
}

pub(super) fn put_scalar(w: &mut String, scalar: &Scalar) {
    match scalar.value() {
        None | Some(ScalarValue::Null) => w.push_str("null"),
        Some(ScalarValue::Bool(truth)) => put(w, format_args!("{truth}")),
        Some(ScalarValue::Sint(number)) => put(w, format_args!("{number}")),
        Some(ScalarValue::Uint(number)) => put(w, format_args!("{number}")),
        Some(ScalarValue::Double(number)) if number.is_finite() => {
            put(w, format_args!("{number:?}"));
        }
        Some(ScalarValue::Float(number)) if number.is_finite() => {
            put(w, format_args!("{number:?}"));
        }
        Some(ScalarValue::Double(_) | ScalarValue::Float(_)) => w.push_str("null"),
        Some(ScalarValue::String(text)) => put_string(w, &String::from_utf8_lossy(&text.value)),
        Some(ScalarValue::Octets(octets)) => {
            let text = String::from_utf8_lossy(&octets.value);
            match octets.content_type {
                Some(JSON) => w.push_str(&text),
                _ => put_string(w, &text),
            }
        }
    }
}

/// An expression as JSON; one that has to be computed is the text that `text_of` gives.
pub(super) fn put_expr(w: &mut String, expr: &Expr, text_of: &dyn Fn(&Expr) -> String) {
    match kind(expr) {
        Some(Kind::Literal(scalar)) => put_scalar(w, scalar),
        Some(Kind::Array(array)) => {
            put_list(w, '[', ']', &array.value, |w, each| {
                put_expr(w, each, text_of)
            });
        }
        Some(Kind::Object(object)) => put_list(w, '{', '}', &object.fld, |w, field| {
            put_string(w, &field.key);
            w.push_str(": ");
            put_expr(w, &field.value, text_of);
        }),
        _ => put_string(w, &text_of(expr)),
    }
}

/// Whether a document has an `_id`; nothing if the text is no document.
pub(super) fn has_id(text: &str) -> Option<bool> {
    let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (mut depth, mut found, mut is_key) = (0_usize, false, true);
    let mut chars = inside.char_indices();
    while let Some((start, char)) = chars.next() {
        match char {
            '"' => {
                let end = loop {
                    match chars.next()? {
                        (_, '\\') => drop(chars.next()?),
                        (end, '"') => break end,
                        _ => {}
                    }
                };
                if depth == 0 && std::mem::take(&mut is_key) {
                    found |= inside.get(start + 1..end) == Some("_id");
                }
            }
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => is_key = true,
            ':' if depth == 0 && is_key => return None,
            _ => {}
        }
    }
    (depth == 0).then_some(found)
}

/// A document with an id in front of what it has.
pub(super) fn with_id(text: &str, id: &str) -> String {
    let inside = text.trim().strip_prefix('{').unwrap_or_default();
    let comma = if inside.trim_start().starts_with('}') {
        ""
    } else {
        ", "
    };
    format!("{{\"_id\": \"{id}\"{comma}{}", inside.trim_start())
}

fn put_list<T>(
    w: &mut String,
    open: char,
    close: char,
    list: &[T],
    mut each: impl FnMut(&mut String, &T),
) {
    w.push(open);
    for (index, element) in list.iter().enumerate() {
        if index > 0 {
            w.push_str(", ");
        }
        each(w, element);
    }
    w.push(close);
}

/// A string takes all that is written.
fn put(w: &mut String, text: std::fmt::Arguments<'_>) {
    let _written = w.write_fmt(text);
}

/// The content type of bytes that are JSON.
const JSON: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_looked_for_among_the_members_of_a_document_alone() {
        for (text, found) in [
            ("{}", Some(false)),
            ("{\"_id\": \"1\"}", Some(true)),
            (" { \"a\": {\"_id\": 1}, \"b\": \"_id\" } ", Some(false)),
            ("{\"a\": [1, {\"x\": 2}], \"_id\": 3}", Some(true)),
            ("{\"a\\\"\": 1, \"_id\": 3}", Some(true)),
            ("nojson", None),
            ("[1]", None),
            ("{\"a\": [}", None),
            ("{a: 1}", None),
            ("{\"a", None),
        ] {
            assert_eq!(has_id(text), found, "{text}");
        }
        assert_eq!(with_id("{}", "7"), "{\"_id\": \"7\"}");
        assert_eq!(with_id(" {\"a\": 1} ", "7"), "{\"_id\": \"7\", \"a\": 1}");
    }

    #[test]
    fn values_are_written_as_json() {
        let any: Any = [
            ("a", Any::from(Scalar::string("x\"\n"))),
            ("b", Scalar::double(1.0).into()),
            ("c", Scalar::null().into()),
        ]
        .into_iter()
        .collect::<mynah_x::datatypes::Object>()
        .into();
        let mut w = String::new();
        put_any(&mut w, &any);
        assert_eq!(w, r#"{"a": "x\"\n", "b": 1.0, "c": null}"#);
    }
}
