use std::fmt;
use std::ops::{RangeFrom, RangeFull, RangeInclusive, RangeToInclusive};

use serde_json::{Value as Json, json};

/// How often an expectation must match and may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Times {
    /// The least number of matches; with fewer, the expectation is unmet.
    pub min: u64,
    /// The greatest number of matches; after them the expectation is skipped. 0 forbids the statement; `None` is no
    /// bound.
    pub max: Option<u64>,
}

impl Times {
    /// Any number of matches: an expectation without `times`, which is a stub.
    pub const ANY: Self = Self { min: 0, max: None };

    /// The condition that an expectation matches exactly this many times.
    #[must_use]
    pub const fn exactly(times: u64) -> Self {
        Self {
            min: times,
            max: Some(times),
        }
    }

    /// Whether the maximum is 0: the statement is forbidden.
    #[must_use]
    pub fn forbids(self) -> bool {
        self.max == Some(0)
    }

    /// Whether an expectation that has matched `calls` times has matched as often as it may; always, if it forbids
    /// the statement.
    #[must_use]
    pub fn is_used_up(self, calls: u64) -> bool {
        self.max.is_some_and(|max| calls >= max)
    }

    pub(crate) fn to_json(self) -> Json {
        match self.max {
            Some(max) if max == self.min => json!(max),
            Some(max) => json!({"min": self.min, "max": max}),
            None => json!({"min": self.min}),
        }
    }
}

impl From<u64> for Times {
    fn from(times: u64) -> Self {
        Self::exactly(times)
    }
}

impl From<RangeInclusive<u64>> for Times {
    fn from(times: RangeInclusive<u64>) -> Self {
        Self {
            min: *times.start(),
            max: Some(*times.end()),
        }
    }
}

impl From<RangeFrom<u64>> for Times {
    fn from(times: RangeFrom<u64>) -> Self {
        Self {
            min: times.start,
            max: None,
        }
    }
}

impl From<RangeToInclusive<u64>> for Times {
    fn from(times: RangeToInclusive<u64>) -> Self {
        Self {
            min: 0,
            max: Some(times.end),
        }
    }
}

impl From<RangeFull> for Times {
    fn from(_any: RangeFull) -> Self {
        Self::ANY
    }
}

impl fmt::Display for Times {
    /// `1 time`, `1 to 3 times`, `at least 2 times`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, last) = match (self.min, self.max) {
            (0, None) => return f.write_str("any number of times"),
            (min, None) => (format!("at least {min}"), min),
            (min, Some(max)) if min == max => (max.to_string(), max),
            (0, Some(max)) => (format!("at most {max}"), max),
            (min, Some(max)) => (format!("{min} to {max}"), max),
        };
        write!(f, "{count} {}", if last == 1 { "time" } else { "times" })
    }
}
