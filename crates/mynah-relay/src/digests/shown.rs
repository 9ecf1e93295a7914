use std::cmp::Reverse;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::Serialize;

use super::counts::Counts;
use super::table::{Row, Table};

/// The counts, as the route `/digests/` has them.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    since: String,
    most: usize,
    known: usize,
    pub(super) digests: Vec<ShownRow>,
    pub(super) other: Option<ShownCounts>,
}

#[derive(Debug, Serialize)]
pub(super) struct ShownRow {
    pub(super) digest: String,
    pub(super) schema: Option<String>,
    kind: &'static str,
    pub(super) tables: Vec<String>,
    digest_text: String,
    #[serde(flatten)]
    pub(super) counts: ShownCounts,
    pub(super) example: String,
}

#[derive(Debug, PartialEq, Serialize)]
pub(super) struct ShownCounts {
    pub(super) count: u64,
    pub(super) errors: u64,
    pub(super) rows: u64,
    pub(super) total_us: u64,
    pub(super) p50_us: u64,
    pub(super) p95_us: u64,
    pub(super) p99_us: u64,
    pub(super) longest_us: u64,
    first_seen: String,
    last_seen: String,
}

/// The order of digests; the greatest value comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    #[default]
    Total,
    Count,
    Errors,
    Rows,
    P50,
    P95,
    P99,
    Longest,
    LastSeen,
}

impl Page {
    pub(super) fn of(table: &Table, most: usize, sort: Sort, limit: usize) -> Self {
        let mut rows: Vec<_> = table.rows.iter().collect();
        // A percentile is found out once a row: statements wait meanwhile.
        rows.sort_by_cached_key(|(key, row)| (Reverse(sort.value(&row.counts)), *key));
        let shown = rows.iter().take(limit);
        Self {
            since: time(table.since),
            most,
            known: table.rows.len(),
            digests: shown
                .map(|((_, schema), row)| ShownRow::of(schema, row))
                .collect(),
            other: table.other.as_ref().map(ShownCounts::from),
        }
    }
}

impl ShownRow {
    fn of(schema: &[u8], row: &Row) -> Self {
        let schema = String::from_utf8_lossy(schema).into_owned();
        Self {
            digest: row.name.clone(),
            schema: Some(schema).filter(|schema| !schema.is_empty()),
            kind: row.kind.name(),
            tables: row.tables.clone(),
            digest_text: row.text.clone(),
            counts: ShownCounts::from(&row.counts),
            example: row.example.clone(),
        }
    }
}

impl From<&Counts> for ShownCounts {
    fn from(counts: &Counts) -> Self {
        let percentile = |percent| micros(counts.percentile(percent));
        Self {
            count: counts.count,
            errors: counts.errors,
            rows: counts.rows,
            total_us: micros(counts.total),
            p50_us: percentile(50.0),
            p95_us: percentile(95.0),
            p99_us: percentile(99.0),
            longest_us: micros(counts.longest),
            first_seen: time(counts.first_seen),
            last_seen: time(counts.last_seen),
        }
    }
}

impl Sort {
    /// The names of all orders.
    pub(crate) const NAMES: [(&'static str, Self); 9] = [
        ("total", Self::Total),
        ("count", Self::Count),
        ("errors", Self::Errors),
        ("rows", Self::Rows),
        ("p50", Self::P50),
        ("p95", Self::P95),
        ("p99", Self::P99),
        ("longest", Self::Longest),
        ("last_seen", Self::LastSeen),
    ];

    /// What the rows are ordered by.
    fn value(self, counts: &Counts) -> u128 {
        match self {
            Self::Total => counts.total.as_nanos(),
            Self::Count => counts.count.into(),
            Self::Errors => counts.errors.into(),
            Self::Rows => counts.rows.into(),
            Self::P50 => counts.percentile(50.0).as_nanos(),
            Self::P95 => counts.percentile(95.0).as_nanos(),
            Self::P99 => counts.percentile(99.0).as_nanos(),
            Self::Longest => counts.longest.as_nanos(),
            Self::LastSeen => {
                let since = counts.last_seen.duration_since(SystemTime::UNIX_EPOCH);
                since.map_or(0, |since| since.as_nanos())
            }
        }
    }
}

impl FromStr for Sort {
    type Err = NoSuchOrder;

    fn from_str(name: &str) -> Result<Self, NoSuchOrder> {
        let mut names = Self::NAMES.iter();
        let found = names.find(|(known, _)| *known == name);
        found.map(|(_, sort)| *sort).ok_or(NoSuchOrder)
    }
}

/// The error for a name that no order has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoSuchOrder;

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn time(time: SystemTime) -> String {
    // Only a clock before the year -9999 fails, which no machine has.
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}
