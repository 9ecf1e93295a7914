use std::ops::ControlFlow;

use super::Lookup;
use crate::call::Call;
use crate::model::{Command, Expectation, Protocol, TextMatch};
use crate::text::{Slot, Spacing};
use crate::value::{Matcher, Value};

/// Where a statement isn't as an expectation has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Difference<'a> {
    Text,
    /// The value at the place of a literal of the expectation; places count from 0.
    Literal {
        slot: usize,
        found: &'a Value,
        expected: &'a Value,
    },
    /// A parameter, counted from 0; `found` is `None` if the statement has fewer.
    Param {
        index: usize,
        found: Option<&'a Value>,
        expected: Option<&'a Matcher>,
    },
    User(&'a Matcher),
    Schema(&'a Matcher),
    ConnectionAttribute(&'a str, &'a Matcher),
    QueryAttribute(&'a str, &'a Matcher),
    Protocol(Protocol),
    Command(Command),
}

type Report<'r, 'a> = &'r mut dyn FnMut(Difference<'a>) -> ControlFlow<()>;

/// Calls `report` with each difference, until that breaks. A statement without any meets the expectation.
pub(crate) fn each_difference<'a, A>(
    expectation: &'a Expectation<A>,
    lookup: &'a Lookup<'_>,
    report: Report<'_, 'a>,
) -> ControlFlow<()> {
    text_and_params(expectation, lookup, report)?;
    origin(expectation, lookup, report)
}

/// Whether a statement meets an expectation.
pub(super) fn matches<A>(expectation: &Expectation<A>, lookup: &Lookup<'_>) -> bool {
    each_difference(expectation, lookup, &mut |_| ControlFlow::Break(())).is_continue()
}

/// Whether each value of a statement is the one that an expectation wants in its place, also in what it is sent as.
pub(super) fn has_these_values<A>(expectation: &Expectation<A>, lookup: &Lookup<'_>) -> bool {
    let Some(TextMatch::Statement(expected)) = &expectation.text else {
        return false;
    };
    expected.skeleton() == lookup.call.statement.skeleton()
        && wanted_and_found(expectation, expected.slots(), lookup).all(|(wanted, found)| {
            wanted.is_some_and(|wanted| found.is_none_or(|found| wanted == found))
        })
}

/// Whether a statement meets an expectation only because a number is the same as a text, or a text as bytes.
pub(super) fn has_like_values<A>(expectation: &Expectation<A>, lookup: &Lookup<'_>) -> bool {
    let Some(TextMatch::Statement(expected)) = &expectation.text else {
        return false;
    };
    wanted_and_found(expectation, expected.slots(), lookup).any(|(wanted, found)| {
        wanted
            .zip(found)
            .is_some_and(|(wanted, found)| wanted != found)
    })
}

/// Whether a statement that is only prepared may meet an expectation once its placeholders have values, though it doesn't
/// without them.
pub(super) fn may_match_when_bound<A>(expectation: &Expectation<A>, lookup: &Lookup<'_>) -> bool {
    let begins = |spacing| lookup.call.statement.before_placeholders(spacing);
    let is_possible = match &expectation.text {
        Some(TextMatch::Prefix(prefix)) => {
            begins(Spacing::Joined).is_some_and(|text| prefix.joined().starts_with(&text))
        }
        Some(TextMatch::Regex(pattern)) => {
            begins(Spacing::Collapsed).is_some_and(|text| pattern.may_be_in_text_from(&text))
        }
        None | Some(TextMatch::Statement(_) | TextMatch::Digest(_)) => false,
    };
    is_possible && origin(expectation, lookup, &mut |_| ControlFlow::Break(())).is_continue()
}

/// Whether a statement would meet an expectation, however often it came.
pub(crate) fn is_met_by<A>(expectation: &Expectation<A>, call: &Call) -> bool {
    matches(expectation, &Lookup::new(call))
}

/// Whether the placeholders of a statement are those of the expected one, unless that isn't a whole text.
pub(super) fn has_same_placeholders<A>(expectation: &Expectation<A>, lookup: &Lookup<'_>) -> bool {
    let Some(TextMatch::Statement(expected)) = &expectation.text else {
        return true;
    };
    let is_placeholder = |slot: &Slot| matches!(slot, Slot::Placeholder);
    let found = lookup.call.statement.slots().iter();
    expected
        .slots()
        .iter()
        .map(is_placeholder)
        .eq(found.map(is_placeholder))
}

fn text_and_params<'a, A>(
    expectation: &'a Expectation<A>,
    lookup: &'a Lookup<'_>,
    report: Report<'_, 'a>,
) -> ControlFlow<()> {
    let statement = &lookup.call.statement;
    let is_same = match &expectation.text {
        None => true,
        // The skeleton has the same text with places for values, so it decides whether values can be compared
        // one by one.
        Some(TextMatch::Statement(expected)) => {
            if expected.skeleton() != statement.skeleton() {
                return report(Difference::Text);
            }
            return slots(
                expected.slots(),
                expectation.params.as_deref(),
                lookup,
                report,
            );
        }
        Some(TextMatch::Prefix(prefix)) => {
            let begins = |form: &String| form.starts_with(&**prefix.joined());
            lookup.joined().iter().any(begins)
        }
        Some(TextMatch::Regex(pattern)) => {
            lookup.collapsed().iter().any(|form| pattern.is_in(form))
        }
        Some(TextMatch::Digest(digest)) => statement.digest() == digest,
    };
    if !is_same {
        report(Difference::Text)?;
    }
    match &expectation.params {
        Some(expected) if !lookup.is_prepared_only => values(expected, lookup, report),
        _ => ControlFlow::Continue(()),
    }
}

/// Compares values place by place, whether they are bound to placeholders or written as literals.
fn slots<'a>(
    expected: &'a [Slot],
    params: Option<&'a [Matcher]>,
    lookup: &'a Lookup<'_>,
    report: Report<'_, 'a>,
) -> ControlFlow<()> {
    let mut bound = lookup.call.params.iter();
    let mut params = params.map(<[_]>::iter);
    let mut placeholder = 0;
    let each = expected.iter().zip(lookup.call.statement.slots());
    for (slot, (expected, found)) in each.enumerate() {
        let found = match found {
            Slot::Literal(value) => Some(value),
            Slot::Placeholder => bound.next(),
        };
        // A literal in one and a parameter in the other is no difference: values are compared, however they
        // are carried.
        match (expected, found) {
            // A parameter of a statement that is only prepared has no value yet, so it may be any.
            (Slot::Literal(_), None) if lookup.is_prepared_only => {}
            (Slot::Literal(expected), Some(found)) if expected.is_same(found) => {}
            (Slot::Literal(expected), found) => report(Difference::Literal {
                slot,
                found: found.unwrap_or(&Value::Null),
                expected,
            })?,
            (Slot::Placeholder, found) => {
                let index = placeholder;
                placeholder += 1;
                let Some(matcher) = params.as_mut().and_then(Iterator::next) else {
                    continue;
                };
                let is_met = match found {
                    Some(found) => matcher.matches(found),
                    None => lookup.is_prepared_only,
                };
                if !is_met {
                    report(Difference::Param {
                        index,
                        found,
                        expected: Some(matcher),
                    })?;
                }
            }
        }
    }
    if lookup.call.command != Command::BulkExecute {
        return ControlFlow::Continue(());
    }
    // A bulk execution has the values of all rows, one after the other.
    let mut params = params.into_iter().flatten();
    loop {
        let (expected, found) = (params.next(), bound.next());
        let is_met = match (expected, found) {
            (None, None) => return ControlFlow::Continue(()),
            (Some(expected), Some(found)) => expected.matches(found),
            _ => false,
        };
        if !is_met {
            report(Difference::Param {
                index: placeholder,
                found,
                expected,
            })?;
        }
        placeholder += 1;
    }
}

/// The value that an expectation wants in each place of a statement, if it wants a certain one, and the one that is there.
fn wanted_and_found<'a, A>(
    expectation: &'a Expectation<A>,
    slots: &'a [Slot],
    lookup: &'a Lookup<'_>,
) -> impl Iterator<Item = (Option<&'a Value>, Option<&'a Value>)> {
    let mut params = expectation.params.iter().flatten();
    let mut bound = lookup.call.params.iter();
    let each = slots.iter().zip(lookup.call.statement.slots());
    each.map(move |(wanted, found)| {
        let wanted = match wanted {
            Slot::Literal(value) => Some(value),
            Slot::Placeholder => match params.next() {
                Some(Matcher::Is(value)) => Some(value),
                _ => None,
            },
        };
        let found = match found {
            Slot::Literal(value) => Some(value),
            Slot::Placeholder => bound.next(),
        };
        (wanted, found)
    })
}

/// Compares values for an expectation whose text has no places for them: with the bound values, or with all
/// values of the statement.
fn values<'a>(
    expected: &'a [Matcher],
    lookup: &'a Lookup<'_>,
    report: Report<'_, 'a>,
) -> ControlFlow<()> {
    let call = lookup.call;
    let mut bound = call.params.iter();
    let all = call.statement.slots().iter().filter_map(|slot| match slot {
        Slot::Literal(value) => Some(value),
        Slot::Placeholder => bound.next(),
    });
    let all: Vec<&Value> = all.collect();
    let bound: Vec<&Value> = call.params.iter().collect();
    let is_met = |values: &[&Value]| {
        let mut each = expected.iter().zip(values);
        values.len() == expected.len() && each.all(|(matcher, value)| matcher.matches(value))
    };
    // The expectation may list the parameters only, or all values of the statement.
    if is_met(&bound) || is_met(&all) {
        return ControlFlow::Continue(());
    }
    let values = if bound.is_empty() { all } else { bound };
    for index in 0..expected.len().max(values.len()) {
        let (expected, found) = (expected.get(index), values.get(index).copied());
        let is_met = expected
            .zip(found)
            .is_some_and(|(matcher, value)| matcher.matches(value));
        if !is_met {
            report(Difference::Param {
                index,
                found,
                expected,
            })?;
        }
    }
    ControlFlow::Continue(())
}

fn origin<'a, A>(
    expectation: &'a Expectation<A>,
    lookup: &Lookup<'_>,
    report: Report<'_, 'a>,
) -> ControlFlow<()> {
    let (origin, call) = (&expectation.origin, lookup.call);
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    if let Some(matcher) = &origin.user
        && !matcher.matches(&text(Some(&call.connection.user)))
    {
        report(Difference::User(matcher))?;
    }
    if let Some(matcher) = &origin.schema
        && !matcher.matches(&text(call.schema.as_deref()))
    {
        report(Difference::Schema(matcher))?;
    }
    for (name, matcher) in &origin.connection_attributes {
        if !matcher.matches(&text(
            call.connection.attributes.get(name).map(String::as_str),
        )) {
            report(Difference::ConnectionAttribute(name, matcher))?;
        }
    }
    for (name, matcher) in &origin.query_attributes {
        if !matcher.matches(call.query_attributes.get(name).unwrap_or(&Value::Null)) {
            report(Difference::QueryAttribute(name, matcher))?;
        }
    }
    if let Some(protocol) = origin
        .protocol
        .filter(|&wanted| wanted != call.connection.protocol)
    {
        report(Difference::Protocol(protocol))?;
    }
    // COM_INIT_DB and commands of the X Plugin are no statements: only those meet them that say so.
    if origin.command.is_none() && !call.command.is_statement() && !lookup.is_prepared_only {
        report(Difference::Command(Command::Query))?;
    }
    // A prepared statement has a command only when it is executed.
    if let Some(command) = origin.command.filter(|&wanted| wanted != call.command)
        && !lookup.is_prepared_only
    {
        report(Difference::Command(command))?;
    }
    ControlFlow::Continue(())
}
