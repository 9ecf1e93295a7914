//! Finds expectations that can never match.

use std::mem;

use mynah_classic::tables::Product;
use mynah_expect::{
    ANSWER_KEYS, Command, Expectation, Expectations, NamedError, Order, Place, Protocol, Scenario,
};
use serde_json::Value;

use super::checker::{Checker, Problem};
use super::node::Node;
use super::script;

/// The section `expectations`.
pub(super) fn expectations(checker: &mut Checker, node: &Node) {
    let (path, list) = match node {
        Node::Object(_) => ("expectations.expectations", node.get("expectations")),
        _ => ("expectations", Some(node)),
    };
    // Answers of expectations are always read in the same way, whatever the script's mode and format.
    let is_compatible = mem::take(&mut checker.is_compatible);
    let has_json_keys = mem::take(&mut checker.has_json_keys);
    for (index, entry) in list.into_iter().flat_map(Node::elements) {
        answers(checker, &format!("{path}[{index}]"), entry);
    }
    checker.is_compatible = is_compatible;
    checker.has_json_keys = has_json_keys;
    let Some(json) = node.to_json() else {
        return;
    };
    let place = |index| Place {
        index: Some(index),
        ..Place::default()
    };
    match Expectations::from_json_with(&json, ANSWER_KEYS, place) {
        Ok(expectations) => unreachable_ones(checker, path, &expectations),
        Err(wrong) => checker
            .problems
            .extend(wrong.0.into_iter().map(|problem| Problem {
                path: match problem.path.strip_prefix("expectations") {
                    Some(rest) => format!("{path}{rest}"),
                    None => problem.path,
                },
                is_key: false,
                message: problem.kind.to_string(),
            })),
    }
}

/// Checks the answers of an expectation.
fn answers(checker: &mut Checker, path: &str, entry: &Node) {
    keys_of_answer(checker, path, entry);
    for (index, answer) in entry.get("answers").into_iter().flat_map(Node::elements) {
        keys_of_answer(checker, &format!("{path}.answers[{index}]"), answer);
    }
}

fn keys_of_answer(checker: &mut Checker, path: &str, answer: &Node) {
    let Node::Object(members) = answer else {
        return;
    };
    for (key, value) in members {
        let path = format!("{path}.{key}");
        if ANSWER_KEYS.contains(&key.as_str()) {
            script::answer(checker, &path, key, value);
        }
        if let ("error", Node::Text(name)) = (key.as_str(), value)
            && let Err(error) = NamedError::by_name(Product::MySql, name)
        {
            checker.report(&path, error.to_string());
        }
    }
}

fn unreachable_ones(checker: &mut Checker, path: &str, expectations: &Expectations<Value>) {
    let list = &expectations.list;
    let mut in_order: Vec<_> = list.iter().enumerate().collect();
    in_order.sort_by_key(|(_, expectation)| expectation.priority);
    for (place, (index, expectation)) in in_order.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if let Some(why) = never(expectation, list) {
            checker.report(&path, format!("can never match: {why}"));
            continue;
        }
        // In a sequence each is asked when it is due.
        let is_sequence = expectations.order == Order::Sequence;
        let before = in_order.iter().take(if is_sequence { 0 } else { place });
        let mut before = before.map(|(_, earlier)| earlier);
        if let Some(earlier) = before.find(|earlier| earlier.covers(expectation)) {
            let message = format!(
                "is never reached: {} answers all that it matches; put it in front, or give it a lower priority number",
                earlier.place
            );
            checker.report(&path, message);
        }
    }
}

/// Why no statement can match an expectation; `None` if one can.
fn never(expectation: &Expectation<Value>, list: &[Expectation<Value>]) -> Option<String> {
    let origin = &expectation.origin;
    if let (Some(Protocol::Classic), Some(command)) = (origin.protocol, origin.command)
        && X_COMMANDS.contains(&command)
    {
        return Some(format!(
            "the command {} is one of the X Protocol",
            command.name()
        ));
    }
    if let (Some(Protocol::X), Some(command @ (Command::FieldList | Command::InitDb))) =
        (origin.protocol, origin.command)
    {
        return Some(format!(
            "the command {} is one of the classic protocol",
            command.name()
        ));
    }
    let scenario = expectation.scenario.as_ref()?;
    let needed = scenario.when.as_deref()?;
    let leads_there = |other: &Expectation<Value>| {
        other.scenario.as_ref().is_some_and(|other| {
            other.name == scenario.name && other.then.as_deref() == Some(needed)
        })
    };
    (needed != Scenario::START && !list.iter().any(leads_there)).then(|| {
        format!(
            "no entry has then: \"{needed}\" in the scenario \"{}\"",
            scenario.name
        )
    })
}

const X_COMMANDS: [Command; 8] = [
    Command::Admin,
    Command::Find,
    Command::Insert,
    Command::Update,
    Command::Delete,
    Command::CreateView,
    Command::ModifyView,
    Command::DropView,
];
