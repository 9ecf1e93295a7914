use std::ops::ControlFlow;
use std::sync::Arc;

use super::align::{Step, steps};
use super::closest::{Forms, closest};
use super::explanation::{Closest, Explanation, statement};
use super::parts::{Part, wanted};
use super::shorten;
use crate::call::Call;
use crate::choose::{Difference, ExpectationId, Lookup, Scenarios, Stored, each_difference};
use crate::model::{Scenario, TextMatch};
use crate::redact;
use crate::text::Statement;
use crate::value::{Value, quoted};

/// How the expectations stood when a statement was unexpected.
#[derive(Debug)]
pub(crate) struct Snapshot<A> {
    pub(crate) entries: Vec<Stored<A>>,
    /// The steps of sequences that are due.
    pub(crate) due: Vec<ExpectationId>,
    pub(crate) scenarios: Scenarios,
}

/// Why a statement is unexpected; `shown` is the same without passwords.
pub(crate) fn explain<A>(
    lookup: &Lookup<'_>,
    shown: &Lookup<'_>,
    snapshot: &Snapshot<A>,
) -> Explanation {
    let mut explanation = Explanation {
        difference: String::new(),
        statement: statement(shown.call),
        place: 0,
        closest: None,
        used_up: Vec::new(),
    };
    // From the surest reason to the vaguest: an expectation that fits but may not be met now, a pattern that
    // fits as plain text, and then the most similar text.
    if let Some((stored, difference)) = held_back(lookup, snapshot, &mut explanation.used_up) {
        explanation.difference = difference;
        explanation.closest = Some(Closest::of(stored));
        return explanation;
    }
    if let Some(stored) = plain_text(lookup, snapshot) {
        explanation.difference =
            "this stmt_regex would match as plain text; escape its special characters by \\, or use stmt".to_owned();
        explanation.closest = Some(Closest::of(stored));
        return explanation;
    }
    let beginning = beginning(shown.call);
    let short = beginning.as_ref().map(Lookup::new);
    let lookup = short.as_ref().unwrap_or(shown);
    let forms = Forms::new(lookup);
    match closest(&snapshot.entries, lookup, &forms) {
        Some((stored, likeness)) if likeness > LEAST_LIKENESS => {
            let hidden = Stored {
                expectation: Arc::new(stored.expectation.without_secrets()),
                ..stored.clone()
            };
            let (difference, place) = difference(&hidden, lookup, &forms);
            explanation.difference = difference;
            explanation.place = place;
            explanation.closest = Some(Closest::of(stored));
        }
        _ => {
            explanation.difference = match snapshot.entries.len() {
                0 => "there are no expectations".to_owned(),
                1 => "the only expectation is of another statement".to_owned(),
                count => format!("all {count} expectations are of other statements"),
            };
        }
    }
    explanation
}

/// The beginning of a long statement, which is enough to find the closest expectation.
fn beginning(call: &Call) -> Option<Call> {
    let text = call.statement.text();
    let end = shorten::floor(text, MOST_READ);
    let beginning = text
        .get(..end)
        .filter(|beginning| beginning.len() < text.len())?;
    Some(Call {
        statement: Statement::with_reading(beginning, call.statement.reading()),
        ..call.clone()
    })
}

/// An expectation that fits the statement but can't match now (used up, wrong state, out of order), and why.
fn held_back<'s, A>(
    lookup: &Lookup<'_>,
    snapshot: &'s Snapshot<A>,
    used_up: &mut Vec<Closest>,
) -> Option<(&'s Stored<A>, String)> {
    let mut why = None;
    for stored in &snapshot.entries {
        let expectation = &stored.expectation;
        let is_met = each_difference(expectation, lookup, &mut |_| ControlFlow::Break(()));
        if is_met.is_break() {
            continue;
        }
        let times = expectation.times;
        let reason = if times.forbids() {
            "this statement is forbidden (times: 0)".to_owned()
        } else if times.is_used_up(stored.calls) {
            used_up.push(Closest::of(stored));
            let max = times.max.unwrap_or_default();
            let word = if max == 1 { "time" } else { "times" };
            format!("called {} of {max} {word} before", stored.calls)
        } else if let Some(reason) = scenario(expectation.scenario.as_ref(), &snapshot.scenarios) {
            reason
        } else {
            match due(stored, snapshot) {
                Some(due) => format!("due next is {}, {}", due.label, due.expectation),
                None => "its turn in the sequence is over".to_owned(),
            }
        };
        // The first is the one that would have been met.
        why.get_or_insert((stored, reason));
    }
    why
}

fn scenario(scenario: Option<&Scenario>, scenarios: &Scenarios) -> Option<String> {
    let scenario = scenario?;
    let needed = scenario.when.as_deref()?;
    let state = scenarios.state(&scenario.name);
    (state != needed).then(|| {
        format!(
            "scenario \"{}\" is in state \"{state}\", and has to be in \"{needed}\"",
            scenario.name
        )
    })
}

fn due<'s, A>(stored: &Stored<A>, snapshot: &'s Snapshot<A>) -> Option<&'s Stored<A>> {
    let mut entries = snapshot.entries.iter();
    entries.find(|other| snapshot.due.contains(&other.id) && other.sequence == stored.sequence)
}

/// An expectation whose regular expression would match if its special characters were plain text.
fn plain_text<'s, A>(lookup: &Lookup<'_>, snapshot: &'s Snapshot<A>) -> Option<&'s Stored<A>> {
    snapshot
        .entries
        .iter()
        .find(|stored| match &stored.expectation.text {
            Some(TextMatch::Regex(pattern)) => {
                let plain = pattern.as_str();
                let plain = plain.strip_prefix('^').unwrap_or(plain);
                let plain = plain.strip_suffix('$').unwrap_or(plain);
                !plain.is_empty() && lookup.collapsed().iter().any(|form| form.contains(plain))
            }
            _ => false,
        })
}

/// The difference to the closest expectation, and where it is in the statement.
fn difference<A>(stored: &Stored<A>, lookup: &Lookup<'_>, forms: &Forms<'_>) -> (String, usize) {
    let expectation = &stored.expectation;
    let wanted = wanted(expectation).unwrap_or_default();
    let text = expectation.text.as_ref();
    let asked = text.map_or(&[][..], |text| forms.asked(text, wanted.len()));
    let steps = steps(asked, &wanted);
    let differences = differences(&steps);
    let Some((&first, run)) = steps.first().zip(differences.first()) else {
        return (other(stored, lookup), 0);
    };
    let index = match first {
        Step::Changed { asked, .. } | Step::Extra { asked } => asked,
        Step::Missing { before, .. } => before,
    };
    let is_statement = matches!(text, Some(TextMatch::Statement(_)));
    let places = &forms.statement.places;
    let end = lookup.call.statement.text().len();
    let place = if is_statement {
        places.get(index).copied().unwrap_or(end)
    } else {
        0
    };
    let mut said = say(first, run.len(), asked, &wanted);
    match text {
        Some(TextMatch::Regex(pattern)) => {
            said = format!(
                "no match of stmt_regex {}",
                quoted(&shorten::beginning(&redact::text(pattern.as_str()), 100))
            );
        }
        Some(TextMatch::Digest(_)) => said = format!("the digest differs: {said}"),
        _ => {}
    }
    let is_case = |step: &Step| match *step {
        Step::Changed {
            asked: at,
            wanted: to,
        } => match (asked.get(at), wanted.get(to)) {
            (Some(Part::Word(asked)), Some(Part::Word(wanted))) => {
                asked.eq_ignore_ascii_case(wanted)
            }
            _ => false,
        },
        _ => false,
    };
    // A statement that differs in case only is often a mistake of the expectation.
    match differences.len() {
        _ if is_statement && steps.iter().all(is_case) => {
            said += "; use \"digest\" where case doesn't matter";
        }
        1 => {}
        2 => said += ", and one more difference",
        more => said += &format!(", and {} more differences", more - 1),
    }
    (said, place)
}

/// Parts behind each other that shouldn't be there, or that are missing, are one difference.
fn differences(steps: &[Step]) -> Vec<&[Step]> {
    let is_one = |one: &Step, next: &Step| match (*one, *next) {
        (Step::Extra { asked }, Step::Extra { asked: next }) => asked + 1 == next,
        (Step::Missing { before, .. }, Step::Missing { before: next, .. }) => before == next,
        _ => false,
    };
    steps.chunk_by(is_one).collect()
}

/// Says the difference that begins with this step, and has so many.
fn say(step: Step, len: usize, asked: &[Part<'_>], wanted: &[Part<'_>]) -> String {
    match step {
        Step::Changed {
            asked: at,
            wanted: to,
        } => match (asked.get(at), wanted.get(to)) {
            (Some(asked), Some(wanted)) => {
                format!("{} should be {}", show(asked), should_be(wanted))
            }
            _ => String::new(),
        },
        Step::Extra { asked: at } => {
            let parts = together(asked, at, len, show);
            format!("{parts} should not be there")
        }
        Step::Missing { wanted: at, before } => {
            let part = together(wanted, at, len, should_be);
            match before.checked_sub(1).and_then(|before| asked.get(before)) {
                Some(before) => format!("{part} is missing behind {}", show(before)),
                None => format!("{part} is missing at the beginning"),
            }
        }
    }
}

/// Some parts as one text; one alone as it is said otherwise.
fn together(parts: &[Part<'_>], at: usize, len: usize, alone: fn(&Part<'_>) -> String) -> String {
    match parts.get(at..at + len) {
        Some([part]) => alone(part),
        Some(parts) => {
            let mut text = String::new();
            for part in parts {
                let part = match part {
                    Part::Word(word) => word.clone().into_owned(),
                    Part::Value { value, .. } => value.to_string(),
                    Part::Any(_) => "?".to_owned(),
                };
                let is_close =
                    text.is_empty() || text.ends_with('(') || [",", ")"].contains(&&*part);
                text += if is_close { "" } else { " " };
                text += &part;
            }
            quoted(&shorten::beginning(&text, 60))
        }
        None => String::new(),
    }
}

fn show(part: &Part<'_>) -> String {
    match part {
        Part::Word(word) => quoted(&shorten::beginning(word, 60)),
        Part::Value { value, param } => {
            let value = shorten::beginning(&value.to_string(), 60);
            match param {
                Some(index) => format!("parameter {} is {value} but", index + 1),
                None => value,
            }
        }
        Part::Any(_) => "?".to_owned(),
    }
}

fn should_be(part: &Part<'_>) -> String {
    match part {
        Part::Word(word) => quoted(&shorten::beginning(word, 60)),
        Part::Value { value, .. } => shorten::beginning(&value.to_string(), 60),
        Part::Any(matcher) => match matcher {
            Some(matcher) => shorten::beginning(&matcher.to_string(), 60),
            None => "a value".to_owned(),
        },
    }
}

/// The first difference that isn't one of the text.
fn other<A>(stored: &Stored<A>, lookup: &Lookup<'_>) -> String {
    let mut said = String::new();
    let _first = each_difference(&stored.expectation, lookup, &mut |difference| {
        said = say_other(&difference, lookup);
        if said.is_empty() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    if said.is_empty() {
        let is_long = lookup.call.statement.text().len() >= MOST_READ - 3;
        said.push_str(match is_long {
            true => "it differs far behind its beginning",
            false => "it differs in what is hidden, such as a password",
        });
    }
    said
}

fn say_other(difference: &Difference<'_>, lookup: &Lookup<'_>) -> String {
    let call = lookup.call;
    let shown = |value: Option<&Value>| value.unwrap_or(&Value::Null).to_string();
    match difference {
        Difference::Text | Difference::Literal { .. } => String::new(),
        Difference::Param {
            index,
            found,
            expected,
        } => match (found, expected) {
            (Some(found), Some(expected)) => {
                format!(
                    "parameter {} is {found} but should be {expected}",
                    index + 1
                )
            }
            (None, Some(expected)) => format!(
                "parameter {} is missing, it should be {expected}",
                index + 1
            ),
            (_, None) => format!(
                "there are only {index} params in the expectation, not {}",
                call.params.len()
            ),
        },
        Difference::User(expected) => {
            format!(
                "user is '{}' but should be {expected}",
                call.connection.user
            )
        }
        Difference::Schema(expected) => {
            let schema = call
                .schema
                .as_deref()
                .map_or("NULL".to_owned(), |schema| format!("'{schema}'"));
            format!("schema is {schema} but should be {expected}")
        }
        Difference::ConnectionAttribute(name, expected) => {
            let found = call
                .connection
                .attributes
                .get(*name)
                .map(|text| Value::from(text.as_str()));
            format!(
                "connection attribute \"{name}\" is {} but should be {expected}",
                shown(found.as_ref())
            )
        }
        Difference::QueryAttribute(name, expected) => {
            let found = call.query_attributes.get(*name);
            format!(
                "query attribute \"{name}\" is {} but should be {expected}",
                shown(found)
            )
        }
        Difference::Protocol(expected) => format!(
            "protocol is {} but should be {}",
            call.connection.protocol.name(),
            expected.name()
        ),
        Difference::Command(expected) => {
            format!(
                "command is {} but should be {}",
                call.command.name(),
                expected.name()
            )
        }
    }
}

/// How many bytes of a statement are compared.
const MOST_READ: usize = 32 << 10;

/// From how much in common on an expectation is called the closest.
const LEAST_LIKENESS: f64 = 0.3;
