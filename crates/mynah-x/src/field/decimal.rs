use std::fmt::{self, Write as _};

use bytes::{BufMut, BytesMut};

use super::FieldErrorKind;

/// A decimal number in its form on the wire: the number of digits after the point, then one digit
/// per half byte, then the sign in a half byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal<'a>(
    /// Always valid: a scale, digits, a sign, and at most one half byte 0 after it.
    &'a [u8],
);

impl<'a> Decimal<'a> {
    pub(super) fn new(cell: &'a [u8]) -> Result<Self, FieldErrorKind> {
        // The first byte is the scale; then two digits in each byte, and a sign behind the last digit
        // ("Resultset: DECIMAL").
        let mut nibbles = nibbles(cell.get(1..).unwrap_or_default());
        let sign = nibbles.find(|nibble| *nibble > 9);
        match (sign, nibbles.next(), nibbles.next()) {
            (None, ..) => Err(FieldErrorKind::Truncated),
            (Some(found), ..) if !matches!(found, PLUS | MINUS | 0xa | 0xb | 0xe | 0xf) => {
                Err(FieldErrorKind::Unexpected { found })
            }
            // An even number of digits leaves half a byte, which must be 0.
            (_, None | Some(0), None) => Ok(Self(cell)),
            (_, Some(found), None) => Err(FieldErrorKind::Unexpected { found }),
            (_, _, Some(_)) => Err(FieldErrorKind::Trailing {
                left: nibbles.count() / 2 + 1,
            }),
        }
    }

    /// The number of digits after the decimal point.
    #[must_use]
    pub fn scale(self) -> u8 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Whether the number is negative.
    #[must_use]
    pub fn is_negative(self) -> bool {
        let sign = nibbles(self.0.get(1..).unwrap_or_default()).find(|nibble| *nibble > 9);
        matches!(sign, Some(MINUS | 0xb))
    }

    /// The digits of the number, 0 to 9 each, the highest first; without the point and the sign.
    pub fn digits(self) -> impl Iterator<Item = u8> + use<'a> {
        nibbles(self.0.get(1..).unwrap_or_default()).take_while(|nibble| *nibble <= 9)
    }

    /// Appends the cell of a number in text form, such as `-12.40`. Returns whether the text is valid; otherwise
    /// nothing is appended.
    #[must_use]
    pub fn put_text(w: &mut BytesMut, text: &[u8]) -> bool {
        let (negative, number) = match text {
            [b'-', number @ ..] => (true, number),
            [b'+', number @ ..] => (false, number),
            number => (false, number),
        };
        let point = number.iter().position(|byte| *byte == b'.');
        let scale = point.map_or(0, |point| number.len() - point - 1);
        let digits = || number.iter().filter(|byte| **byte != b'.');
        let points = number.len() - digits().count();
        let Ok(scale) = u8::try_from(scale) else {
            return false;
        };
        if points > 1 || digits().count() == 0 || !digits().all(u8::is_ascii_digit) {
            return false;
        }
        w.put_u8(scale);
        let sign = if negative { MINUS } else { PLUS };
        // The first digit of each byte, until the second one is there.
        let mut half = None;
        for nibble in digits().map(|digit| digit - b'0').chain([sign]) {
            match half.take() {
                None => half = Some(nibble),
                Some(first) => w.put_u8(first << 4 | nibble),
            }
        }
        if let Some(first) = half {
            w.put_u8(first << 4);
        }
        true
    }

    pub(super) fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, scale) = (self.digits().count(), usize::from(self.scale()));
        if self.is_negative() {
            f.write_char('-')?;
        }
        // The text has at least one digit before the point.
        let missing = (scale + 1).saturating_sub(len);
        let digits = std::iter::repeat_n(0, missing).chain(self.digits());
        for (index, digit) in digits.enumerate() {
            if scale > 0 && index + scale == len + missing {
                f.write_char('.')?;
            }
            f.write_char(char::from(b'0' + digit))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15])
}

// The signs of packed decimals. 0xa, 0xe and 0xf are positive, too, and 0xb is negative.
const PLUS: u8 = 0xc;
const MINUS: u8 = 0xd;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_written_as_digits_and_sign_in_half_bytes() {
        for (text, cell, again) in [
            ("0", &b"\x00\x0c"[..], "0"),
            ("-12.40", b"\x02\x12\x40\xd0", "-12.40"),
            ("+12.4", b"\x01\x12\x4c", "12.4"),
            (".5", b"\x01\x5c", "0.5"),
            ("-0.005", b"\x03\x00\x05\xd0", "-0.005"),
            ("7.", b"\x00\x7c", "7"),
        ] {
            let mut w = BytesMut::new();
            assert!(Decimal::put_text(&mut w, text.as_bytes()), "{text}");
            assert_eq!(w, cell, "{text}");
            assert_eq!(Decimal::new(cell).unwrap().to_string(), again);
        }
    }

    #[test]
    fn invalid_decimals_are_refused() {
        for text in ["", "-", ".", "1.2.3", "1e5", "--1", "1-"] {
            assert!(!Decimal::put_text(&mut BytesMut::new(), text.as_bytes()));
        }
        for (cell, kind) in [
            (&b""[..], FieldErrorKind::Truncated),
            (b"\x00", FieldErrorKind::Truncated),
            (b"\x00\x12", FieldErrorKind::Truncated),
            (b"\x00\x1c\x00", FieldErrorKind::Trailing { left: 1 }),
            (b"\x00\x12\xc1", FieldErrorKind::Unexpected { found: 1 }),
        ] {
            assert_eq!(Decimal::new(cell), Err(kind), "{cell:?}");
        }
    }
}
