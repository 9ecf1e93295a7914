use std::cmp::Ordering;
use std::fmt;

/// A number that is compared by value, however it was written or sent: `1`, `1.0` and `10e-1` are equal. It
/// is exact, as decimals are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    is_negative: bool,
    /// Significant digits, without zeros at either end; none for zero.
    digits: Vec<u8>,
    /// Where the point is: the value is `0.digits` times ten to the power of this.
    point: i64,
}

impl Number {
    /// Parses a number as SQL and JSON write it: `-12`, `+3`, `.5`, `1.`, `1.5e-3`. `None` if the text isn't
    /// one, or if its exponent doesn't fit into an `i32`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.as_bytes() {
            [b'-', ..] => (true, text.get(1..)?),
            [b'+', ..] => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            // An `i32`, so that the sum with `point` can't overflow.
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Without zeros at either end, equal numbers have equal fields, and so equal hashes.
        let zeros = all().take_while(|&byte| byte == b'0').count();
        let mut digits: Vec<u8> = all().skip(zeros).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Self::from(0_u64));
        }
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
        Some(Self {
            is_negative,
            digits,
            point: point + i64::from(exponent),
        })
    }

    /// Whether the number has no fraction.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|len| len <= self.point.max(0))
    }

    /// Compares the magnitudes, without signs.
    fn size(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => {
                // No first digit is 0, so the point decides; behind equal points the digits are in the order of text.
                let points = self.point.cmp(&other.point);
                points.then_with(|| self.digits.cmp(&other.digits))
            }
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.size(other),
            (true, true) => other.size(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        let mut parsed = Self::from(number.unsigned_abs());
        parsed.is_negative = number < 0;
        parsed
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        let zero = Self {
            is_negative: false,
            digits: Vec::new(),
            point: 0,
        };
        if number == 0 {
            return zero;
        }
        Self::parse(&number.to_string()).unwrap_or(zero)
    }
}

impl TryFrom<f64> for Number {
    type Error = NotFinite;

    /// The shortest decimal that is this number.
    fn try_from(number: f64) -> Result<Self, NotFinite> {
        Self::parse(&format!("{number:e}")).ok_or(NotFinite)
    }
}

impl TryFrom<f32> for Number {
    type Error = NotFinite;

    /// The shortest decimal that is this number: 0.1 and not 0.10000000149011612.
    fn try_from(number: f32) -> Result<Self, NotFinite> {
        Self::parse(&format!("{number:e}")).ok_or(NotFinite)
    }
}

/// The error for infinities and NaN, which SQL doesn't have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SQL has no infinities")]
pub struct NotFinite;

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        if self.is_negative {
            f.write_str("-")?;
        }
        let digits = String::from_utf8_lossy(&self.digits);
        let len = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        match usize::try_from(self.point) {
            Ok(point) if self.point >= len && self.point <= MOST_ZEROS => {
                write!(f, "{digits:0<point$}")
            }
            Ok(point) if point > 0 && self.point < len => {
                let (whole, fraction) = digits.split_at_checked(point).unwrap_or_default();
                write!(f, "{whole}.{fraction}")
            }
            _ if (-MOST_ZEROS..=0).contains(&self.point) => {
                let width = usize::try_from(len - self.point).unwrap_or_default();
                write!(f, "0.{digits:0>width$}")
            }
            _ => write!(f, "0.{digits}e{}", self.point),
        }
    }
}

/// From how many zeros on a power of ten is written.
const MOST_ZEROS: i64 = 40;

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        for (one, other) in [
            ("1", "1.0"),
            ("1", "10e-1"),
            ("0", "-0.00"),
            (".5", "0.50"),
            ("-1.5e3", "-1500"),
            ("1.", "+1"),
            ("18446744073709551616", "18446744073709551616.0"),
        ] {
            assert_eq!(Number::parse(one), Number::parse(other), "{one} {other}");
            assert!(Number::parse(one).is_some(), "{one}");
        }
        for none in [
            "", "-", ".", "e1", "1e", "1x", "0x1", " 1", "1 ", "--1", "1.2.3", "NaN",
        ] {
            assert_eq!(Number::parse(none), None, "{none}");
        }
        assert_eq!(Number::try_from(0.1_f32), Number::try_from(0.1_f64));
        assert!(Number::try_from(f64::NAN).is_err());
    }

    #[test]
    fn numbers_are_in_their_order() {
        let sorted = [
            "-1e9", "-20", "-3", "-0.5", "0", "0.01", "0.1", "9", "10", "11.5", "1e30",
        ];
        for pair in sorted.windows(2) {
            let [a, b] = pair else { continue };
            assert!(Number::parse(a) < Number::parse(b), "{a} < {b}");
        }
    }

    #[test]
    fn numbers_are_printed_as_they_are_written() {
        for text in [
            "0",
            "7",
            "-12.5",
            "0.001",
            "1500",
            "18446744073709551616",
            "0.1e-99",
        ] {
            let printed = Number::parse(text).map(|number| number.to_string());
            let again = printed.as_deref().and_then(Number::parse);
            assert_eq!(again, Number::parse(text));
            assert_eq!(printed.as_deref(), Some(text));
        }
    }
}
