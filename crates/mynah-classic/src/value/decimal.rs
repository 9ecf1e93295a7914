use std::fmt;

/// A decimal number in the text form that text and binary result sets use: digits, with `-` before them and a point
/// among them if needed. Decimals of MySQL have up to 65 digits, 30 of them (MariaDB: 38) after the point; this
/// type has no limit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal<'a>(
    /// ASCII.
    &'a [u8],
);

impl<'a> Decimal<'a> {
    /// `text` as a decimal number: an optional `-`, at least one digit, and at most one point, as in `-12.50`, `7` and
    /// `.5`. `None` for text of another form.
    #[must_use]
    #[inline]
    pub fn new(text: &'a [u8]) -> Option<Self> {
        let number = text.strip_prefix(b"-").unwrap_or(text);
        let (mut digits, mut points) = (0_usize, 0_usize);
        for byte in number {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'.' => points += 1,
                _ => return None,
            }
        }
        if digits == 0 || points > 1 {
            return None;
        }
        Some(Self(text))
    }

    /// The number as text, such as `-12.50`.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        str::from_utf8(self.0).unwrap_or_default()
    }

    /// The text of the decimal number, in ASCII.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The number of digits after the decimal point.
    #[must_use]
    pub fn scale(self) -> usize {
        let fraction = self.as_str().split_once('.');
        fraction.map_or(0, |(_, digits)| digits.len())
    }

    /// The part before the point, if only zeros follow the point. It has at least one digit, and no sign if it is
    /// zero.
    pub(super) fn integer(self) -> Option<&'a str> {
        let (integer, fraction) = self.as_str().split_once('.').unwrap_or((self.as_str(), ""));
        let digits = integer.strip_prefix('-').unwrap_or(integer);
        let is_zero = |digits: &str| digits.bytes().all(|digit| digit == b'0');
        match is_zero(digits) {
            _ if !is_zero(fraction) => None,
            true => Some("0"),
            false => Some(integer),
        }
    }
}

impl fmt::Display for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_in_the_form_of_a_decimal_is_accepted() {
        for text in ["0", "-1.50", "00012.5", ".5", "7.", "-99999999999999999999"] {
            let decimal = Decimal::new(text.as_bytes()).unwrap();
            assert_eq!(decimal.to_string(), text);
        }
        for text in [
            "", "-", ".", "1.2.3", "1e5", "+1", "--1", "1-", " 1", "\u{661}",
        ] {
            assert_eq!(Decimal::new(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Decimal::new(b"-1.50").map(Decimal::scale), Some(2));
    }
}
