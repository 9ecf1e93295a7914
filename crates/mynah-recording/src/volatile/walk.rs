//! Visits the values of statements and answers.

use mynah_expect::{Call, Value};

use super::Rules;
use super::identity::Identity;
use super::rule::{Place, SentIn};
use super::written::Written;
use crate::{Answer, Cell, Completion, Entry, Outcome, Param, ResultSet, SessionTracker};

/// A value that was found in an entry or a statement: a whole value, or a part of one that a rule names.
#[derive(Debug)]
#[non_exhaustive]
pub struct Found<'a> {
    /// The value, regardless of its form.
    pub identity: &'a Identity,
    /// Whether a rule names this place; if not, the value may still be one that a rule names at another place.
    pub is_ruled: bool,
    /// The name of the value's column in lower case; `None` if it isn't known.
    pub column: Option<&'a str>,
}

/// Says what stands in the place of a value; `None` leaves it as it is.
type Visit<'v> = &'v mut dyn FnMut(&Found<'_>) -> Option<Identity>;

/// Calls `visit` for each value of a statement except NULL, or for each part of a value that a rule names, in order,
/// and returns the statement with the values that `visit` returned in their place. `None` if no value is replaced.
pub fn walk_call(
    rules: &Rules,
    call: &Call,
    visit: &mut dyn FnMut(&Found<'_>) -> Option<Identity>,
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
            number: index + 1,
            column: columns.get(index).and_then(Option::as_deref),
        };
        new.push(self::value(rules, &place, value, visit));
    }
    let is_changed = new.iter().any(Option::is_some);
    is_changed.then(|| call.with_values(&new))
}

/// Calls `visit` for the values of an answer except NULL (cells, last insert ids except 0, system variables and GTIDs
/// of session trackers, and the parts into which single quotes divide the messages of errors and warnings), or for the
/// parts that a rule names, and replaces those for which `visit` returns another value. Returns whether a value was
/// replaced.
pub fn walk_answer(
    rules: &Rules,
    answer: &mut Answer,
    visit: &mut dyn FnMut(&Found<'_>) -> Option<Identity>,
) -> bool {
    let outcome = answer.outcome.as_mut();
    outcome.is_some_and(|outcome| self::outcome(rules, outcome, visit))
}

/// Visits the values of an entry: those of its statement, then those of its answers.
pub(crate) fn walk_entry(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    match entry.param_rows.is_empty() {
        true => sent(rules, entry, visit),
        false => bulk(rules, entry, visit),
    }
    for value in entry.attributes.values_mut() {
        if let Some(new) = self::value(rules, &Place::Text, &value.value(), visit) {
            *value = param(new);
        }
    }
    for answer in &mut entry.answers {
        walk_answer(rules, answer, visit);
    }
}

fn sent(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    let params = entry.params.iter().flatten().map(Param::value);
    let call = Call::execute(entry.stmt.as_str(), params.collect());
    let Some(new) = walk_call(rules, &call, visit) else {
        return;
    };
    new.statement.text().clone_into(&mut entry.stmt.0);
    if let Some(params) = &mut entry.params {
        replace(params, &call, new);
    }
}

fn bulk(rules: &Rules, entry: &mut Entry, visit: Visit<'_>) {
    for row in &mut entry.param_rows {
        let params = row.iter().map(Param::value);
        let call = Call::execute(entry.stmt.as_str(), params.collect());
        if let Some(new) = walk_call(rules, &call, visit) {
            replace(row, &call, new);
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

fn param(value: Value) -> Param {
    match value {
        Value::Null => Param::Null,
        Value::Number(number) => Param::number(&number.to_string()),
        Value::Text(text) => Param::Text(text),
        Value::Bytes(bytes) => Param::Bytes(bytes.into()),
    }
}

fn outcome(rules: &Rules, outcome: &mut Outcome, visit: Visit<'_>) -> bool {
    match outcome {
        Outcome::Ok(ok) => completion(rules, ok, visit),
        Outcome::Error(failure) => message(rules, &mut failure.message, visit),
        Outcome::Result(result) | Outcome::OutParameters(result) => rows(rules, result, visit),
        Outcome::LocalInfile(file) => walk_answer(rules, &mut file.answer, visit),
        Outcome::Results(results) => {
            let mut is_changed = false;
            for result in results {
                is_changed |= self::outcome(rules, result, visit);
            }
            is_changed
        }
    }
}

fn rows(rules: &Rules, result: &mut ResultSet, visit: Visit<'_>) -> bool {
    let mut is_changed = false;
    for row in &mut result.rows {
        for (cell, column) in row.iter_mut().zip(&result.columns) {
            let value = match &*cell {
                Cell::Null => continue,
                Cell::Text(text) => Value::Text(text.clone()),
                Cell::Bytes(bytes) => Value::from_bytes(bytes),
            };
            if let Some(new) = self::value(rules, &Place::Cell(column), &value, visit) {
                *cell = match (new, &*cell) {
                    (Value::Bytes(bytes), _) => Cell::Bytes(bytes.into()),
                    (new, Cell::Bytes(_)) => {
                        Cell::Bytes(new.to_text().unwrap_or_default().into_bytes().into())
                    }
                    (new, _) => new.to_text().map_or(Cell::Null, Cell::Text),
                };
                is_changed = true;
            }
        }
    }
    is_changed | completion(rules, &mut result.end, visit)
}

fn completion(rules: &Rules, ok: &mut Completion, visit: Visit<'_>) -> bool {
    let mut is_changed = false;
    if ok.last_insert_id != 0 {
        let id = Value::from(ok.last_insert_id);
        let new = value(rules, &Place::LastInsertId, &id, visit);
        if let Some(new) = new.and_then(|new| new.to_text()?.parse().ok()) {
            ok.last_insert_id = new;
            is_changed = true;
        }
    }
    for tracker in &mut ok.session_trackers {
        let (place, text) = match tracker {
            SessionTracker::Gtid { gtid } => (Place::Gtid, gtid),
            SessionTracker::SystemVariable { value, .. } => (Place::Text, value),
            _ => continue,
        };
        if let Some(new) = value(rules, &place, &Value::from(&**text), visit) {
            *text = new.to_text().unwrap_or_default();
            is_changed = true;
        }
    }
    for warning in &mut ok.warnings {
        is_changed |= message(rules, &mut warning.message, visit);
    }
    is_changed
}

/// Visits what stands in quotes in a message: `Duplicate entry 'ada' for key 'name'`.
fn message(rules: &Rules, message: &mut String, visit: Visit<'_>) -> bool {
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

/// Visits a value: the whole if a rule names its place or if no rule names anything of it, else what rules name of it.
fn value(rules: &Rules, place: &Place<'_>, value: &Value, visit: Visit<'_>) -> Option<Value> {
    let column = place.column();
    let mut visit = |identity: &Identity, is_ruled| {
        visit(&Found {
            identity,
            is_ruled,
            column: column.as_deref(),
        })
    };
    let written = Written::of(value)?;
    if rules.is_whole(place) {
        return visit(&written.identity, true).map(|new| written.like(&new));
    }
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bytes(_) => {
            // 16 bytes that are a UUID.
            let is_ruled = !rules.spans(&written.identity.text()).is_empty();
            return visit(&written.identity, is_ruled).map(|new| written.like(&new));
        }
        Value::Null => return None,
    };
    let spans = rules.spans(&text);
    let is_whole = rules.is_all_of(&text);
    if spans.is_empty() || is_whole {
        return visit(&written.identity, is_whole).map(|new| written.like(&new));
    }
    let (mut new, mut end, mut is_changed) = (String::with_capacity(text.len()), 0, false);
    for span in spans {
        let part = text.get(span.clone())?;
        let written = Written::of_text(part);
        let replaced = visit(&written.identity, true).map(|new| written.like(&new));
        is_changed |= replaced.is_some();
        new.push_str(text.get(end..span.start)?);
        new.push_str(
            &replaced
                .and_then(|new| new.to_text())
                .unwrap_or_else(|| part.to_owned()),
        );
        end = span.end;
    }
    new.push_str(text.get(end..)?);
    is_changed.then_some(Value::Text(new))
}
