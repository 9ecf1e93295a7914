use mynah_expect::Value;

use super::text::{message, name};
use super::value::{Found, Visit, value};
use crate::volatile::Rules;
use crate::volatile::identity::Identity;
use crate::volatile::rule::Place;
use crate::{Answer, Cell, Column, Completion, Outcome, ResultSet, SessionTracker};

/// Calls `visit` for the values of an answer except NULL (cells, last insert ids except 0, generated ids, system
/// variables and GTIDs of session trackers, names of files, whole names of columns and the literals in them, and the parts
/// into which single quotes divide messages), or for the parts that a rule names, and replaces those for which `visit` returns another value. Returns whether a value was
/// replaced.
pub fn walk_answer(
    rules: &Rules,
    answer: &mut Answer,
    visit: &mut dyn FnMut(&Found<'_>) -> Option<Identity>,
) -> bool {
    let outcome = answer.outcome.as_mut();
    outcome.is_some_and(|outcome| self::outcome(rules, outcome, visit))
}

fn outcome(rules: &Rules, outcome: &mut Outcome, visit: Visit<'_>) -> bool {
    match outcome {
        Outcome::Ok(ok) => completion(rules, ok, visit),
        Outcome::Error(failure) => message(rules, &mut failure.message, visit),
        Outcome::Result(result) | Outcome::OutParameters(result) => rows(rules, result, visit),
        Outcome::LocalInfile(file) => {
            let name = Value::from(&*file.filename);
            let new = value(rules, &Place::Text, &name, visit).and_then(|new| new.to_text());
            let is_changed = new.map(|new| file.filename = new).is_some();
            walk_answer(rules, &mut file.answer, visit) | is_changed
        }
        Outcome::Results(results) => {
            let mut is_changed = false;
            for result in results {
                is_changed |= self::outcome(rules, result, visit);
            }
            is_changed
        }
        Outcome::Prepared(prepared) => columns(rules, &mut prepared.columns, visit),
    }
}

fn rows(rules: &Rules, result: &mut ResultSet, visit: Visit<'_>) -> bool {
    let mut is_changed = false;
    for row in &mut result.rows {
        for (cell, column) in row.iter_mut().zip(&result.columns) {
            let known = match &*cell {
                Cell::Null => continue,
                Cell::Text(text) => Value::Text(text.clone()),
                Cell::Bytes(bytes) => Value::from_bytes(bytes),
            };
            if let Some(new) = value(rules, &Place::Cell(column), &known, visit) {
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
    // The names come last, because rules name columns by them.
    is_changed |= columns(rules, &mut result.columns, visit);
    is_changed | completion(rules, &mut result.end, visit)
}

/// Visits the names of columns.
pub(super) fn columns(rules: &Rules, columns: &mut [Column], visit: Visit<'_>) -> bool {
    let mut is_changed = false;
    for column in columns {
        is_changed |= name(rules, &mut column.name, visit);
        is_changed |= name(rules, &mut column.orig_name, visit);
    }
    is_changed
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
    for id in &mut ok.generated_ids {
        if let Some(new) = value(rules, &Place::DocumentId, &Value::from(&**id), visit) {
            *id = new.to_text().unwrap_or_default();
            is_changed = true;
        }
    }
    is_changed |= message(rules, &mut ok.message, visit);
    for warning in &mut ok.warnings {
        is_changed |= message(rules, &mut warning.message, visit);
    }
    is_changed
}
