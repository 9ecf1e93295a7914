//! Which commands a trace shows: conditions of `mynah-filter`, see `docs/tracing.md`.

mod field;
mod values;

use std::str::FromStr;

use mynah_filter::{Field as _, FilterError};

use crate::trace::Record;
use field::Field;

/// A condition on commands: `command = query and latency > 10ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(mynah_filter::Filter<Field>);

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        text.parse().map(Self)
    }
}

impl Filter {
    /// The first field that is one of commands, and not known of a connection as a whole.
    #[must_use]
    pub fn field_of_commands(&self) -> Option<&'static str> {
        let field = self.0.find_field(Field::is_of_commands)?;
        Some(field.name())
    }

    pub(crate) fn holds(&self, record: &Record<'_>) -> bool {
        self.0.holds(record)
    }
}

#[cfg(test)]
mod tests;
