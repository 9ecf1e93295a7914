use std::str::FromStr;

use crate::condition::Condition;
use crate::{Field, FilterError, Record, grammar};

/// A condition on the fields of a record, parsed from text: `command = query and latency > 10ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter<F>(pub(crate) Condition<F>);

impl<F: Field> FromStr for Filter<F> {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        grammar::parse(text).map(Self)
    }
}

impl<F: Field> Filter<F> {
    /// Whether the condition is true for a record.
    pub fn holds(&self, record: &impl Record<F>) -> bool {
        self.0.holds(record)
    }

    /// The first field in the condition for which `wanted` is true; `None` if there is none.
    pub fn find_field(&self, mut wanted: impl FnMut(F) -> bool) -> Option<F> {
        self.0.find_field(&mut wanted)
    }
}
