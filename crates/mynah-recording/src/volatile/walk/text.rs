use mynah_expect::{Call, Value};

use super::statement::walk_values;
use super::value::{Visit, value};
use crate::volatile::Rules;
use crate::volatile::rule::Place;

/// Visits what stands in quotes in a message: `Duplicate entry 'ada' for key 'name'`.
pub(super) fn message(rules: &Rules, message: &mut String, visit: Visit<'_>) -> bool {
    let mut is_changed = false;
    let parts = message.split('\'').map(|part| {
        let new = value(rules, &Place::Text, &Value::from(part), visit);
        is_changed |= new.is_some();
        new.and_then(|new| new.to_text())
            .unwrap_or_else(|| part.to_owned())
    });
    let parts: Vec<_> = parts.collect();
    if is_changed {
        *message = parts.join("'");
    }
    is_changed
}

/// Visits the name of a column. That of a computed column is the text of its expression, literals included, or the
/// content of a string.
pub(super) fn name(rules: &Rules, name: &mut String, visit: Visit<'_>) -> bool {
    // An alias may look like a value that a rule names, so no rule holds for the whole.
    let text = value(
        &Rules::default(),
        &Place::Text,
        &Value::from(&**name),
        visit,
    );
    if let Some(new) = text.and_then(|new| new.to_text()) {
        *name = new;
        return true;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if name.chars().all(is_word) {
        return false;
    }
    // Which value of the statement a literal is can't be told from the name.
    let call = Call::query(&format!("{SELECT}{name}"));
    let new = walk_values(rules, &call, |_| 0, visit);
    let new = new.and_then(|new| Some(new.statement.text().strip_prefix(SELECT)?.to_owned()));
    if let Some(new) = new {
        *name = new;
        return true;
    }
    false
}

const SELECT: &str = "select ";
