use mynah_expect::Value;

use super::propose::{of_column, rule, shown};
use crate::{Answer, Cell, Column, Completion, Outcome, ResultSet, SessionTracker};

/// A difference between two answers: its place, the two values, and a rule by which both would count as volatile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnswerDifference {
    /// The place in the answer, such as a row and a column.
    pub place: String,
    /// The value in the first answer; `None` for NULL, or if the answer has no value at this place.
    pub one: Option<String>,
    /// The value in the second answer; `None` for NULL, or if the answer has no value at this place.
    pub other: Option<String>,
    /// A proposed rule by which the values at this place count as volatile; `None` if no rule can name them.
    pub rule: Option<String>,
}

/// Returns the differences between two answers. It doesn't compare latencies, and of ids that the server generated for
/// documents, only their number, since a server never generates an id twice. Volatile values must have been replaced in
/// both answers before.
#[must_use]
pub fn answer_differences(one: &Answer, other: &Answer) -> Vec<AnswerDifference> {
    let mut found = Found(Vec::new());
    found.text(
        "incomplete",
        one.incomplete.as_deref(),
        other.incomplete.as_deref(),
    );
    match (&one.outcome, &other.outcome) {
        (Some(one), Some(other)) => found.outcomes(one, other),
        (None, None) => {}
        (one, other) => {
            let key = |outcome: &Option<Outcome>| outcome.as_ref().map(Outcome::key);
            found.text("answer", key(one), key(other));
        }
    }
    found.0
}

struct Found(Vec<AnswerDifference>);

impl Found {
    fn text(&mut self, place: &str, one: Option<&str>, other: Option<&str>) {
        if one != other {
            self.0.push(AnswerDifference {
                place: place.to_owned(),
                one: one.map(str::to_owned),
                other: other.map(str::to_owned),
                rule: None,
            });
        }
    }

    /// Two texts of one answer, in which types of values may be volatile.
    fn values(&mut self, place: &str, one: &str, other: &str, own: Option<String>) {
        if one != other {
            let rule = own.or_else(|| rule(&Value::from(one), &Value::from(other), None, None));
            self.text(place, Some(one), Some(other));
            if let Some(last) = self.0.last_mut() {
                last.rule = rule;
            }
        }
    }

    fn count(&mut self, place: &str, one: usize, other: usize) {
        if one != other {
            self.text(place, Some(&one.to_string()), Some(&other.to_string()));
        }
    }

    fn outcomes(&mut self, one: &Outcome, other: &Outcome) {
        match (one, other) {
            (Outcome::Ok(one), Outcome::Ok(other)) => self.completions(one, other),
            (Outcome::Error(one), Outcome::Error(other)) => {
                self.count("error", one.code as usize, other.code as usize);
                self.text("sql_state", Some(&one.sql_state), Some(&other.sql_state));
                self.values("message", &one.message, &other.message, None);
            }
            (Outcome::Result(one), Outcome::Result(other))
            | (Outcome::OutParameters(one), Outcome::OutParameters(other)) => {
                self.results(one, other)
            }
            (Outcome::LocalInfile(one), Outcome::LocalInfile(other)) => {
                self.text("file", Some(&one.filename), Some(&other.filename));
                self.text("sha256 of the file", Some(&one.sha256), Some(&other.sha256));
                self.0
                    .extend(answer_differences(&one.answer, &other.answer));
            }
            (Outcome::Results(one), Outcome::Results(other)) => {
                self.count("number of results", one.len(), other.len());
                for (one, other) in one.iter().zip(other) {
                    self.outcomes(one, other);
                }
            }
            (Outcome::Prepared(one), Outcome::Prepared(other)) => {
                let [a, b] = [one, other].map(|prepared| usize::from(prepared.params));
                self.count("number of placeholders", a, b);
                self.definitions(&one.columns, &other.columns);
            }
            (one, other) => self.text("answer", Some(one.key()), Some(other.key())),
        }
    }

    fn definitions(&mut self, one: &[Column], other: &[Column]) {
        self.count("number of columns", one.len(), other.len());
        for (number, (one, other)) in (1..).zip(one.iter().zip(other)) {
            if one != other {
                let json = |column| serde_json::to_string(column).ok();
                let place = format!("definition of column {number}, {}", one.name);
                self.text(&place, json(one).as_deref(), json(other).as_deref());
            }
        }
    }

    fn results(&mut self, one: &ResultSet, other: &ResultSet) {
        self.definitions(&one.columns, &other.columns);
        self.count("number of rows", one.rows.len(), other.rows.len());
        for (number, (a, b)) in (1..).zip(one.rows.iter().zip(&other.rows)) {
            for ((a, b), column) in a.iter().zip(b).zip(&one.columns) {
                if a != b {
                    let (a, b) = (value(a), value(b));
                    self.0.push(AnswerDifference {
                        place: format!("row {number}, {}", column.name),
                        rule: rule(&a, &b, of_column(column), None),
                        one: shown(&a),
                        other: shown(&b),
                    });
                }
            }
        }
        self.completions(&one.end, &other.end);
    }

    fn completions(&mut self, one: &Completion, other: &Completion) {
        let number = |number: u64| number.to_string();
        let id = Some("type:last_insert_id".to_owned());
        let (a, b) = (number(one.last_insert_id), number(other.last_insert_id));
        self.values("last_insert_id", &a, &b, id);
        let (a, b) = (number(one.affected_rows), number(other.affected_rows));
        self.text("affected_rows", Some(&a), Some(&b));
        let rows = |said: &Completion| said.found_rows.map(number);
        self.text("found_rows", rows(one).as_deref(), rows(other).as_deref());
        let status = |said: &Completion| said.status.map(|status| status.to_string());
        self.text("status", status(one).as_deref(), status(other).as_deref());
        self.count(
            "warning_count",
            one.warning_count.into(),
            other.warning_count.into(),
        );
        self.values("message", &one.message, &other.message, None);
        self.count(
            "number of warnings",
            one.warnings.len(),
            other.warnings.len(),
        );
        for (one, other) in one.warnings.iter().zip(&other.warnings) {
            self.text("level of warning", Some(&one.level), Some(&other.level));
            self.count("code of warning", one.code as usize, other.code as usize);
            self.values("warning", &one.message, &other.message, None);
        }
        self.count(
            "number of generated ids",
            one.generated_ids.len(),
            other.generated_ids.len(),
        );
        self.count(
            "number of session trackers",
            one.session_trackers.len(),
            other.session_trackers.len(),
        );
        for (one, other) in one.session_trackers.iter().zip(&other.session_trackers) {
            match (one, other) {
                (SessionTracker::Gtid { gtid: one }, SessionTracker::Gtid { gtid: other }) => {
                    self.values("gtid", one, other, Some("type:gtid".to_owned()));
                }
                (one, other) if one != other => {
                    let json = |tracker| serde_json::to_string(tracker).unwrap_or_default();
                    self.values("session tracker", &json(one), &json(other), None);
                }
                _ => {}
            }
        }
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Bytes(bytes) => Value::from_bytes(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Warning;

    fn ok(completion: Completion) -> Answer {
        Answer {
            outcome: Some(Outcome::Ok(completion)),
            ..Answer::default()
        }
    }

    fn places(one: &Answer, other: &Answer) -> Vec<String> {
        let found = answer_differences(one, other).into_iter();
        found.map(|difference| difference.place).collect()
    }

    #[test]
    fn levels_and_codes_of_warnings_are_compared() {
        let answer = |level: &str, code| {
            ok(Completion {
                warnings: vec![Warning {
                    level: level.to_owned(),
                    code,
                    message: "Data truncated".to_owned(),
                }],
                ..Completion::default()
            })
        };
        let one = answer("WARNING", 1265);
        assert_eq!(places(&one, &one), [""; 0]);
        assert_eq!(places(&one, &answer("NOTE", 1265)), ["level of warning"]);
        assert_eq!(places(&one, &answer("WARNING", 1366)), ["code of warning"]);
    }

    #[test]
    fn of_generated_ids_the_number_is_compared() {
        let answer = |ids: &[&str]| {
            ok(Completion {
                generated_ids: ids.iter().map(|&id| id.to_owned()).collect(),
                ..Completion::default()
            })
        };
        assert_eq!(places(&answer(&["01"]), &answer(&["02"])), [""; 0]);
        let differences = places(&answer(&["01"]), &answer(&["02", "03"]));
        assert_eq!(differences, ["number of generated ids"]);
    }
}
