//! Visits the values of statements and answers.

mod answer;
mod statement;
mod text;
mod value;

pub use answer::walk_answer;
pub use statement::walk_call;
pub use value::Found;

use self::answer::columns;
use self::statement::{param, walk_statement};
use self::value::Visit;
use super::Rules;
use super::rule::Place;
use crate::Entry;

/// Visits the values of an entry: those of its statement, then those of its answers.
pub(crate) fn walk_entry(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    walk_sent(rules, entry, visit);
    walk_answers(rules, entry, visit);
}

/// Visits the values of an entry's statement, and of its attributes.
pub(crate) fn walk_sent(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    walk_statement(rules, entry, visit);
    for value in entry.attributes.values_mut() {
        if let Some(new) = value::value(rules, &Place::Text, &value.value(), visit) {
            *value = param(new);
        }
    }
}

/// Visits the values of an entry's answers.
pub(crate) fn walk_answers(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    if let Some(prepared) = &mut entry.prepared {
        columns(rules, &mut prepared.columns, visit);
    }
    for answer in &mut entry.answers {
        walk_answer(rules, answer, visit);
    }
}
