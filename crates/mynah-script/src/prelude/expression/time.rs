use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// The time zone that a variable or an argument names; nothing if there is none.
pub(in super::super) fn zone(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("system") || name.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    match name.strip_prefix(['+', '-']) {
        Some(offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
            let fits = (0..=14).contains(&hours) && (0..60).contains(&minutes);
            let seconds = (hours.checked_mul(60)? + minutes).checked_mul(60)?;
            let seconds = if name.starts_with('-') {
                -seconds
            } else {
                seconds
            };
            let offset = fits.then(|| Offset::from_seconds(seconds).ok())??;
            Some(TimeZone::fixed(offset))
        }
        None => TimeZone::get(name).ok(),
    }
}

/// Whether a variable may be set to this: what [`zone`] knows, or what a server may have loaded.
pub(in super::super) fn is_zone(name: &str) -> bool {
    zone(name).is_some() || (name.contains('/') && name.len() <= LONGEST)
}

/// A date and time as servers write it.
pub(super) fn written(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

pub(super) fn read(text: &str) -> Option<DateTime> {
    if text.len() > LONGEST {
        return None;
    }
    text.parse().ok()
}

/// The time between two, `hh:mm:ss`.
pub(super) fn difference(one: &str, other: &str) -> Option<String> {
    let seconds = read(one)?.duration_since(read(other)?).as_secs();
    let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"))
}

/// A date and time of one zone as that of another.
pub(super) fn converted(time: &str, from: &str, to: &str) -> Option<String> {
    let time = zone(from)?.to_timestamp(read(time)?).ok()?;
    Some(written(zone(to)?.to_datetime(time)))
}

/// A longer text is no date and time.
const LONGEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_converted_and_compared() {
        let converted = |to| converted("2001-01-01 01:00:00", "UTC", to);
        assert_eq!(converted("UTC").as_deref(), Some("2001-01-01 01:00:00"));
        assert_eq!(converted("-01:30").as_deref(), Some("2000-12-31 23:30:00"));
        assert_eq!(converted("nowhere"), None);
        assert_eq!(
            difference("2001-01-01 00:00:00", "2001-01-02 01:02:03").as_deref(),
            Some("-25:02:03")
        );
    }
}
