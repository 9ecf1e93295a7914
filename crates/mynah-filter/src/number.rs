use nom::Parser;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::multispace0;

use crate::Kind;
use crate::unmet::{Parsed, failure};

/// A number, with the unit that its field has.
pub(crate) fn number(text: &str, kind: Kind) -> Parsed<'_, u64> {
    let (text, _) = multispace0(text)?;
    let expected = match kind {
        Kind::Time => "a time like 500us, 10ms or 2s",
        Kind::Size => "a number, or one with k, m or g",
        _ => "a number",
    };
    let unmet = || failure(text, expected);
    let digits: Parsed<'_, &str> = take_while1(|char: char| char.is_ascii_digit()).parse(text);
    let (rest, digits) = digits.map_err(|_| unmet())?;
    let value: u64 = digits.parse().map_err(|_| unmet())?;
    let unit: Parsed<'_, &str> = take_while(|char: char| char.is_ascii_alphabetic()).parse(rest);
    let (rest, unit) = unit?;
    let times = match (kind, unit.to_ascii_lowercase().as_str()) {
        (Kind::Time, "us") => 1,
        (Kind::Time, "ms") => 1000,
        (Kind::Time, "s") => 1_000_000,
        (Kind::Time, _) => return Err(unmet()),
        (_, "") => 1,
        (Kind::Size, "k") => 1 << 10,
        (Kind::Size, "m") => 1 << 20,
        (Kind::Size, "g") => 1 << 30,
        _ => return Err(unmet()),
    };
    Ok((rest, value.checked_mul(times).ok_or_else(unmet)?))
}
