//! The texts of dates and times.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

/// A date and time, and how it is written.
pub(super) struct Moment<'t> {
    pub(super) moment: DateTime,
    pub(super) separator: char,
    /// How many digits its fraction has.
    pub(super) digits: usize,
    /// Its zone.
    pub(super) suffix: &'t str,
}

/// The date and time that a text is.
pub(super) fn of_text(text: &str) -> Option<Moment<'_>> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let separator = rest.chars().next().filter(|c| [' ', 'T'].contains(c))?;
    let time = rest.get(1..)?;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, suffix) = time.split_at_checked(end)?;
    let digits = time
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let is_clock = time.len() >= 8 && time.bytes().filter(|byte| *byte == b':').count() == 2;
    let moment: DateTime = format!("{day}T{time}").parse().ok().filter(|_| is_clock)?;
    Some(Moment {
        moment,
        separator,
        digits,
        suffix,
    })
}

/// A date and time as a text.
pub(super) fn text(moment: DateTime, separator: char, digits: usize) -> String {
    // As servers do, to the nearest.
    let half = 10_i64.pow(9 - u32::try_from(digits.min(9)).unwrap_or(0)) / 2;
    let rounded = moment.checked_add(SignedDuration::from_nanos(half));
    let moment = rounded.unwrap_or(moment);
    let nanos = format!("{:09}", moment.subsec_nanosecond());
    let fraction = match nanos.get(..digits.min(9)) {
        Some(digits) if !digits.is_empty() => format!(".{digits}"),
        _ => String::new(),
    };
    let clock = moment.strftime("%H:%M:%S");
    format!("{}{separator}{clock}{fraction}", moment.date())
}

/// The date that a text is.
pub(super) fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is_date = bytes.len() == 10 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    text.parse().ok().filter(|_| is_date)
}
