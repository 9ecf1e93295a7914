//! Exact numbers with a point.

use std::cmp::Ordering;
use std::fmt;

/// `unscaled` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    unscaled: i128,
    scale: u8,
}

impl Decimal {
    /// Of digits with at most one point; nothing for what isn't that, or has too many.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || digits.len() > MOST_DIGITS {
            return None;
        }
        Some(Self {
            unscaled: digits.parse().ok()?,
            scale: fraction.len().try_into().ok()?,
        })
    }

    pub(super) fn integer(value: i128) -> Self {
        Self {
            unscaled: value,
            scale: 0,
        }
    }

    pub(super) fn scale(self) -> u8 {
        self.scale
    }

    pub(super) fn is_zero(self) -> bool {
        self.unscaled == 0
    }

    pub(super) fn negated(self) -> Self {
        Self {
            unscaled: -self.unscaled,
            ..self
        }
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let unscaled = self.scaled(scale)?.checked_add(other.scaled(scale)?)?;
        Self { unscaled, scale }.bounded()
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let unscaled = self.unscaled.checked_mul(other.unscaled)?;
        let scale = self.scale.checked_add(other.scale)?;
        Self { unscaled, scale }.bounded()
    }

    /// The quotient with four more digits than the dividend, as servers have it.
    pub(super) fn divided_by(self, other: Self) -> Option<Self> {
        let scale = self.scale.checked_add(DIVISION_DIGITS)?;
        let dividend = self.scaled(scale.checked_add(other.scale)?)?;
        let (quotient, rest) = (
            dividend.checked_div(other.unscaled)?,
            dividend.checked_rem(other.unscaled)?,
        );
        let is_half = rest.unsigned_abs().checked_mul(2)? >= other.unscaled.unsigned_abs();
        let away = if (rest < 0) == (other.unscaled < 0) {
            1
        } else {
            -1
        };
        let unscaled = quotient + if is_half { away } else { 0 };
        Self { unscaled, scale }.bounded()
    }

    /// Without what is behind the point.
    pub(super) fn whole(self) -> Option<i128> {
        Some(self.unscaled / 10_i128.checked_pow(self.scale.into())?)
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.scaled(scale)?.cmp(&other.scaled(scale)?))
    }

    /// The unscaled number at a scale that isn't less.
    fn scaled(self, scale: u8) -> Option<i128> {
        let more = scale.checked_sub(self.scale)?;
        self.unscaled.checked_mul(10_i128.checked_pow(more.into())?)
    }

    fn bounded(self) -> Option<Self> {
        (usize::from(self.scale) <= MOST_DIGITS).then_some(self)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>1$}", self.unscaled.unsigned_abs(), scale + 1);
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        let sign = if self.unscaled < 0 { "-" } else { "" };
        match scale {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

/// More than that don't fit.
const MOST_DIGITS: usize = 36;
/// `div_precision_increment`.
const DIVISION_DIGITS: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_are_calculated_as_servers_do() {
        let decimal = |text| Decimal::read(text).unwrap();
        let text = |decimal: Option<Decimal>| decimal.unwrap().to_string();
        assert_eq!(text(decimal("1.50").plus(decimal("2.005"))), "3.505");
        assert_eq!(text(decimal("1.5").times(decimal("1.5"))), "2.25");
        assert_eq!(text(decimal("1").divided_by(decimal("3"))), "0.3333");
        assert_eq!(text(decimal("2").divided_by(decimal("3"))), "0.6667");
        assert_eq!(
            text(decimal("2").negated().divided_by(decimal("3"))),
            "-0.6667"
        );
        assert_eq!(decimal("0.05").negated().to_string(), "-0.05");
        assert_eq!(decimal("1").divided_by(decimal("0")), None);
        assert_eq!(Decimal::read("1.2.3"), None);
        assert_eq!(Decimal::read(&"9".repeat(37)), None);
    }
}
