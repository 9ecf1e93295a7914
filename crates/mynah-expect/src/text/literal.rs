use super::piece::{Kind, Piece};
use mynah_sql::{Reading, literal};

use crate::value::{Number, Value};

/// The value of a literal. Nothing for a piece that is none.
pub(super) fn value(piece: &Piece<'_>, reading: Reading) -> Option<Value> {
    match piece.kind {
        Kind::Number => Some(number(piece.text)),
        Kind::Text => {
            let quoted = piece.text.strip_prefix(['n', 'N']).unwrap_or(piece.text);
            Some(Value::from_bytes(&literal::content(
                quoted.as_bytes(),
                reading,
            )))
        }
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
    let bytes = hex.map(whole_hex).or_else(|| bits.map(from_bits));
    let value = match bytes {
        Some(bytes) => bytes.map(Value::Bytes),
        None => Number::parse(text).map(Value::Number),
    };
    value.unwrap_or_else(|| Value::Text(text.to_owned()))
}

/// The bytes of hex digits; `0xfff` is `0x0fff`.
fn whole_hex(digits: &str) -> Option<Vec<u8>> {
    let zero = if digits.len() % 2 == 1 { "0" } else { "" };
    literal::hex(format!("{zero}{digits}").as_bytes())
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
