use std::fmt;

use serde_json::{Value as Json, json};

/// How often an expectation has to come, and may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Times {
    /// At least so often; it is unmet otherwise.
    pub min: u64,
    /// At most so often; it is skipped from then on. No bound if absent.
    pub max: Option<u64>,
}

impl Times {
    /// Any number: what an expectation without `times` has, a stub.
    pub const ANY: Self = Self { min: 0, max: None };

    /// Exactly so often.
    #[must_use]
    pub const fn exactly(times: u64) -> Self {
        Self {
            min: times,
            max: Some(times),
        }
    }

    /// Whether it may not come at all.
    #[must_use]
    pub fn forbids(self) -> bool {
        self.max == Some(0)
    }

    /// Whether it has come as often as it may.
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
