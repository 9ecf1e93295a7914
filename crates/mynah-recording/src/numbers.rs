//! Floating-point numbers as MySQL writes them.

use std::fmt::{Display, LowerExp};

/// In the fewest digits that read back as the same number, or with so many behind the point as the column says.
pub(crate) fn float<F: Display + LowerExp>(number: F, decimals: u8) -> String {
    if decimals < ANY_DECIMALS {
        return format!("{number:.*}", usize::from(decimals));
    }
    let scientific = format!("{number:e}");
    let exponent = scientific.rsplit_once('e');
    let exponent = exponent.and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match exponent.is_some_and(|exponent| PLAIN.contains(&exponent)) {
        true => number.to_string(),
        false => scientific,
    }
}

/// An integer with zeros in front, as wide as its column.
pub(crate) fn zero_filled(number: &str, width: u32) -> String {
    let width = usize::try_from(width.min(MOST_WIDE)).unwrap_or_default();
    format!("{number:0>width$}")
}

/// What a column says whose numbers have as many digits as they need.
pub(crate) const ANY_DECIMALS: u8 = 31;

/// Exponents of numbers that are written without one (`my_gcvt` of MySQL).
const PLAIN: std::ops::RangeInclusive<i32> = -15..=14;

/// The widest that a column can be.
const MOST_WIDE: u32 = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_mysql_does() {
        for (number, decimals, text) in [
            (1.0, 31, "1"),
            (0.1, 31, "0.1"),
            (1e14, 31, "100000000000000"),
            (1e15, 31, "1e15"),
            (-1.5e20, 31, "-1.5e20"),
            (1e-15, 31, "0.000000000000001"),
            (1e-16, 31, "1e-16"),
            (1.5, 3, "1.500"),
            (0.0, 31, "0"),
        ] {
            assert_eq!(float(number, decimals), text);
        }
        assert_eq!(float(0.1_f32, 31), "0.1");
        assert_eq!(zero_filled("42", 5), "00042");
    }
}
