use std::str::FromStr;

use crate::condition::Condition;
use crate::{Field, FilterError, Record, grammar};

/// A condition on the fields of a record: `command = query and latency > 10ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter<F>(pub(crate) Condition<F>);

impl<F: Field> FromStr for Filter<F> {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        grammar::parse(text).map(Self)
    }
}

impl<F: Field> Filter<F> {
    /// Whether the condition holds for a record.
    pub fn holds(&self, record: &impl Record<F>) -> bool {
        self.0.holds(record)
    }

    /// The first field named in it of which this is so.
    pub fn find_field(&self, mut wanted: impl FnMut(F) -> bool) -> Option<F> {
        self.0.find_field(&mut wanted)
    }
}
