//! The content of quoted texts and names, and of hexadecimal literals.

use crate::Reading;

/// The content of a quoted text or name: without its quotes, and with a doubled quote as one. If a backslash escapes
/// in such quotes ([`Reading::escapes`]), escapes are replaced; as in a server, a backslash before `%` or `_` stays: it
/// belongs to a LIKE pattern.
#[must_use]
pub fn content(quoted: &[u8], reading: Reading) -> Vec<u8> {
    let Some((&quote, rest)) = quoted.split_first() else {
        return Vec::new();
    };
    let rest = rest.strip_suffix(&[quote]).unwrap_or(rest);
    let escapes = reading.escapes(quote);
    let (mut plain, mut at) = (Vec::with_capacity(rest.len()), 0);
    while let Some(text) = rest.get(at..)
        && let Some(&byte) = text.first()
    {
        let len = reading.characters.len(text);
        let (part, len): (&[u8], usize) = match text {
            _ if len > 1 => (text.get(..len).unwrap_or_default(), len),
            [b'\\', b'%' | b'_', ..] if escapes => (text.get(..2).unwrap_or_default(), 2),
            [b'\\', escaped, ..] if escapes => (escape(escaped), 2),
            [first, second, ..] if *first == quote && *second == quote => {
                (std::slice::from_ref(first), 2)
            }
            _ => (std::slice::from_ref(text.first().unwrap_or(&byte)), 1),
        };
        plain.extend_from_slice(part);
        at += len;
    }
    plain
}

fn escape(escaped: &u8) -> &[u8] {
    match escaped {
        b'0' => b"\0",
        b'b' => b"\x08",
        b'n' => b"\n",
        b'r' => b"\r",
        b't' => b"\t",
        b'Z' => b"\x1a",
        other => std::slice::from_ref(other),
    }
}

/// The bytes that pairs of hexadecimal digits stand for; `None` if there are other characters (as in `0x`), or an odd
/// number of digits.
#[must_use]
pub fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let pairs = digits.chunks_exact(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}
