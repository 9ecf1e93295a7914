//! Writes a `Date` of a script for columns of dates and times: in UTC, whatever the machine's time zone.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use mynah_classic::ColumnType;

use super::cell_type::CellType;

/// Whether a column has dates or times.
pub(super) fn is_temporal(column_type: ColumnType) -> bool {
    matches!(
        column_type,
        ColumnType::DATE
            | ColumnType::NEWDATE
            | ColumnType::DATETIME
            | ColumnType::DATETIME2
            | ColumnType::TIMESTAMP
            | ColumnType::TIMESTAMP2
            | ColumnType::TIME
            | ColumnType::TIME2
            | ColumnType::YEAR
    )
}

/// The text of so many milliseconds since 1970 in a column; `None` if that is no moment of the
/// years 0 to 9999.
pub(super) fn text(millis: f64, cell_type: CellType) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    let millis = (millis.is_finite() && millis.abs() < MOST_MILLIS).then_some(millis as i64)?;
    let moment = Timestamp::from_millisecond(millis).ok()?;
    let moment = TimeZone::UTC.to_datetime(moment);
    let date = || {
        format!(
            "{:04}-{:02}-{:02}",
            moment.year(),
            moment.month(),
            moment.day()
        )
    };
    if !(0..=9999).contains(&moment.year()) {
        return None;
    }
    Some(match cell_type.column_type {
        ColumnType::DATE | ColumnType::NEWDATE => date(),
        ColumnType::YEAR => format!("{:04}", moment.year()),
        ColumnType::TIME | ColumnType::TIME2 => time(moment, cell_type.decimals),
        _ => format!("{} {}", date(), time(moment, cell_type.decimals)),
    })
}

/// The time of day, with as many digits of a fraction as the column has; if the column doesn't say, as the
/// value needs.
fn time(moment: DateTime, decimals: Option<u8>) -> String {
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    let whole = format!("{hour:02}:{minute:02}:{second:02}");
    let micros = format!("{:03}000", moment.millisecond());
    let digits = match decimals {
        Some(0) => return whole,
        Some(digits @ 1..=6) => usize::from(digits),
        _ if moment.millisecond() == 0 => return whole,
        _ => 3,
    };
    format!("{whole}.{}", micros.get(..digits).unwrap_or_default())
}

/// Beyond the year 9999, and well within 64 bits.
const MOST_MILLIS: f64 = 1e15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_its_column_has_it() {
        let cases = [
            (ColumnType::DATE, None, 0.0, Some("1970-01-01")),
            (ColumnType::YEAR, None, 0.0, Some("1970")),
            (ColumnType::TIME, None, 3_723_000.0, Some("01:02:03")),
            (
                ColumnType::DATETIME,
                None,
                1.0,
                Some("1970-01-01 00:00:00.001"),
            ),
            (
                ColumnType::DATETIME,
                Some(6),
                1.0,
                Some("1970-01-01 00:00:00.001000"),
            ),
            (
                ColumnType::DATETIME,
                Some(1),
                250.0,
                Some("1970-01-01 00:00:00.2"),
            ),
            (
                ColumnType::TIMESTAMP,
                None,
                -1000.0,
                Some("1969-12-31 23:59:59"),
            ),
            (
                ColumnType::DATETIME,
                Some(0),
                999.0,
                Some("1970-01-01 00:00:00"),
            ),
            (ColumnType::TIME, Some(0), 250.0, Some("00:00:00")),
            (ColumnType::DATETIME, None, f64::NAN, None),
            (ColumnType::DATETIME, None, 8.64e15, None),
            (ColumnType::DATETIME, None, -8.64e15, None),
        ];
        for (column_type, decimals, millis, want) in cases {
            let found = text(millis, CellType::new(column_type, decimals, 0));
            assert_eq!(found.as_deref(), want, "{millis} as {column_type:?}");
        }
    }
}
