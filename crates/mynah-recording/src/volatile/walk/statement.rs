use mynah_expect::{Call, Value};

use super::value::{Found, Visit};
use crate::volatile::Rules;
use crate::volatile::identity::Identity;
use crate::volatile::rule::{Place, SentIn};
use crate::{Entry, Param};

/// Calls `visit` for each value of a statement except NULL, or for each part of a value that a rule names, in order,
/// and returns the statement with the values that `visit` returned in their place. `None` if no value is replaced.
pub fn walk_call(
    rules: &Rules,
    call: &Call,
    visit: &mut dyn FnMut(&Found<'_>) -> Option<Identity>,
) -> Option<Call> {
    walk_values(rules, call, |index| index + 1, visit)
}

/// Like [`walk_call`]; `number` says which value of its statement each one is, from 1.
pub(super) fn walk_values(
    rules: &Rules,
    call: &Call,
    number: impl Fn(usize) -> usize,
    visit: Visit<'_>,
) -> Option<Call> {
    let values = call.values();
    if values.is_empty() {
        return None;
    }
    let about = SentIn::new(&call.statement);
    let columns = call.statement.value_columns();
    let mut new = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let place = Place::Sent {
            about: &about,
            number: number(index),
            column: columns.get(index).and_then(Option::as_deref),
        };
        new.push(super::value::value(rules, &place, value, visit));
    }
    let is_changed = new.iter().any(Option::is_some);
    is_changed.then(|| call.with_values(&new))
}

/// Visits the values of an entry's statement.
pub(super) fn walk_statement(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    match entry.param_rows.is_empty() {
        true => sent(rules, entry, visit),
        false => bulk(rules, entry, visit),
    }
}

fn sent(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    let call = entry.call();
    let Some(new) = walk_call(rules, &call, visit) else {
        return;
    };
    new.statement.text().clone_into(&mut entry.stmt.0);
    if let Some(params) = &mut entry.params {
        replace(params, &call, new);
    }
}

fn bulk(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    let calls = entry.calls();
    for (row, call) in entry.param_rows.iter_mut().zip(&calls) {
        if let Some(new) = walk_call(rules, call, visit) {
            replace(row, call, new);
        }
    }
}

/// Puts the parameters of a statement in the place of those that it had, where they differ.
fn replace(params: &mut [Param], before: &Call, after: Call) {
    for ((stored, before), after) in params.iter_mut().zip(&before.params).zip(after.params) {
        // Keywords stay.
        if *before != after && !matches!(stored, Param::Keyword(_)) {
            *stored = param(after);
        }
    }
}

pub(super) fn param(value: Value) -> Param {
    match value {
        Value::Null => Param::Null,
        Value::Number(number) => Param::number(&number.to_string()),
        Value::Text(text) => Param::Text(text),
        Value::Bytes(bytes) => Param::Bytes(bytes.into()),
    }
}
