//! The filter that decides which commands a trace shows: conditions in the language of `mynah-filter`, see
//! `docs/tracing.md`.

mod field;
mod upcoming;
mod values;

use std::str::FromStr;

use mynah_filter::{Field as _, FilterError};

use crate::statement::Wants;
use crate::trace::Record;
use field::Field;
pub(crate) use upcoming::Upcoming;

/// A condition on commands or connections, parsed from text: `command = query and latency > 10ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(mynah_filter::Filter<Field>);

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        text.parse().map(Self)
    }
}

impl Filter {
    /// The name of the first field in the condition that only commands have (such as `latency`); `None` if all fields
    /// are known of a connection as a whole. A filter with such a field can't be
    /// [`TraceOptions::only`](crate::TraceOptions::only).
    #[must_use]
    pub fn field_of_commands(&self) -> Option<&'static str> {
        let field = self.0.find_field(Field::is_of_commands)?;
        Some(field.name())
    }

    /// The first field that is known only when a command has its answer.
    pub(crate) fn field_of_answers(&self) -> Option<&'static str> {
        let field = self.0.find_field(Field::is_of_answers)?;
        Some(field.name())
    }

    /// What it asks for of statements.
    pub(crate) fn wants(&self) -> Wants {
        let names = |wanted: &[Field]| self.0.find_field(|field| wanted.contains(&field)).is_some();
        Wants {
            outlines: names(&[Field::Kind, Field::Table, Field::Effect, Field::Sets]),
            digests: names(&[Field::Digest]),
        }
    }

    pub(crate) fn holds(&self, record: &Record<'_>) -> bool {
        self.0.holds(record)
    }

    pub(crate) fn holds_before(&self, command: &Upcoming<'_>) -> bool {
        self.0.holds(command)
    }
}

#[cfg(test)]
mod tests;
