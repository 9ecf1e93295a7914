//! Formatting and parsing of decimal digits, faster than by `fmt`.

use bytes::{BufMut, BytesMut};

/// The digits of a number, at the end of a buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    buffer: [u8; LONGEST],
    start: usize,
}

impl Digits {
    pub(super) fn of(number: u64) -> Self {
        Self::signed(number, false)
    }

    pub(super) fn of_signed(number: i64) -> Self {
        Self::signed(number.unsigned_abs(), number < 0)
    }

    fn signed(mut number: u64, negative: bool) -> Self {
        let mut buffer = [b'-'; LONGEST];
        let mut start = LONGEST;
        for slot in buffer.iter_mut().rev() {
            let [digit, ..] = (number % 10).to_le_bytes();
            *slot = b'0' + digit;
            number /= 10;
            start -= 1;
            if number == 0 {
                break;
            }
        }
        // The byte before the digits is already the sign.
        Self {
            buffer,
            start: start - usize::from(negative),
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }
}

/// Appends a number with leading zeros, of at least `width` characters.
pub(super) fn put_padded(w: &mut BytesMut, number: u64, width: usize) {
    let digits = Digits::of(number);
    let digits = digits.as_bytes();
    w.put_bytes(b'0', width.saturating_sub(digits.len()));
    w.put_slice(digits);
}

/// Parses digits; `None` for other characters, and for numbers that don't fit.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        let fits = digit <= 9;
        let tenfold = fits.then(|| number.checked_mul(10)).flatten();
        tenfold?.checked_add(digit.into())
    })
}

/// Parses an optional sign and digits; `None` for other characters, and for numbers that don't fit.
pub(super) fn signed_number(text: &[u8]) -> Option<i64> {
    match text.strip_prefix(b"-") {
        Some(digits) => 0_i64.checked_sub_unsigned(number(digits)?),
        None => number(text)?.try_into().ok(),
    }
}

/// Twenty digits and a sign.
const LONGEST: usize = 21;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in [0, 1, -1, 9, 10, -10, i64::MAX, i64::MIN] {
            let digits = Digits::of_signed(number);
            assert_eq!(digits.as_bytes(), number.to_string().as_bytes());
            assert_eq!(signed_number(digits.as_bytes()), Some(number));
        }
        assert_eq!(number(Digits::of(u64::MAX).as_bytes()), Some(u64::MAX));
        assert_eq!(number(b"18446744073709551616"), None);
        assert_eq!(signed_number(b"-9223372036854775809"), None);
        for text in ["", "-", "+1", "1 ", "0x1", "1.0"] {
            assert_eq!(signed_number(text.as_bytes()), None, "{text}");
        }
    }
}
