use super::piece::{Kind, Piece};
use crate::sql::Reading;
use crate::value::{Number, Value, from_hex};

/// The value of a literal. Nothing for a piece that is none.
pub(super) fn value(piece: &Piece<'_>, reading: Reading) -> Option<Value> {
    match piece.kind {
        Kind::Number => Some(number(piece.text)),
        Kind::Text => Some(Value::Text(unquoted(piece.text, reading))),
        _ => None,
    }
}

fn number(text: &str) -> Value {
    let quoted = |marks: [char; 2]| {
        let digits = text.strip_prefix(marks)?.strip_prefix('\'')?;
        Some(digits.strip_suffix('\'').unwrap_or(digits))
    };
    let hex = text.strip_prefix("0x").or_else(|| quoted(['x', 'X']));
    let bits = text.strip_prefix("0b").or_else(|| quoted(['b', 'B']));
    let bytes = hex.map(from_hex).or_else(|| bits.map(from_bits));
    let value = match bytes {
        Some(bytes) => bytes.map(Value::Bytes),
        None => Number::parse(text).map(Value::Number),
    };
    value.unwrap_or_else(|| Value::Text(text.to_owned()))
}

fn from_bits(bits: &str) -> Option<Vec<u8>> {
    let bits: Vec<u8> = bits.bytes().rev().collect();
    let byte = |bits: &[u8]| {
        bits.iter().rev().try_fold(0_u8, |byte, bit| match bit {
            b'0' | b'1' => Some(byte << 1 | (bit - b'0')),
            _ => None,
        })
    };
    bits.chunks(8).rev().map(byte).collect()
}

/// What is between the quotes, as servers read it.
fn unquoted(text: &str, reading: Reading) -> String {
    let text = text.strip_prefix(['n', 'N']).unwrap_or(text);
    let Some(quote) = text.chars().next() else {
        return String::new();
    };
    let inner = text.strip_prefix(quote).unwrap_or(text);
    let mut read = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if !reading.no_backslash_escapes => match chars.next() {
                Some('0') => read.push('\0'),
                Some('b') => read.push('\u{8}'),
                Some('n') => read.push('\n'),
                Some('r') => read.push('\r'),
                Some('t') => read.push('\t'),
                Some('Z') => read.push('\u{1a}'),
                // These stay as they are, for LIKE.
                Some(c @ ('%' | '_')) => read.extend(['\\', c]),
                Some(c) => read.push(c),
                None => {}
            },
            c if c == quote => match chars.next_if_eq(&quote) {
                Some(_) => read.push(quote),
                None => break,
            },
            c => read.push(c),
        }
    }
    read
}
