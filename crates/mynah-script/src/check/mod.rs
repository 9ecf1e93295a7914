//! Finds all mistakes in a script, with their positions.

mod checker;
mod completion;
mod expectations;
mod finding;
mod node;
mod result;
mod script;

use crate::document::{Defaults, Document, Json, entry, handshake};
use crate::outline::Outline;

use checker::{Checker, Problem};
pub use finding::Finding;
pub(crate) use node::Node;
pub(crate) use result::unknown_key_of_recorded;

/// How a script is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Whether it is a JSON file.
    pub(crate) is_json: bool,
    /// Whether it is played in compatible mode.
    pub(crate) is_compatible: bool,
}

/// Everything that is wrong with a script, in the order of the text.
pub(crate) fn problems(node: &Node, rules: Rules, outline: Option<&Outline>) -> Vec<Finding> {
    let mut checker = checked(node, rules);
    if let Some(section) = node.get("expectations") {
        expectations::expectations(&mut checker, section);
    }
    refusals(&mut checker, node, rules);
    let mut findings = located(checker.problems, outline);
    findings.sort_by_key(|finding| finding.position);
    findings
}

/// The keys of a script that mean nothing, those of expectations left out: they are errors.
pub(crate) fn unknown_keys(
    node: &Node,
    rules: Rules,
    outline: impl FnOnce() -> Option<Outline>,
) -> Vec<Finding> {
    let mut problems = checked(node, rules).problems;
    problems.retain(|problem| problem.is_key);
    match problems.is_empty() {
        true => Vec::new(),
        false => located(problems, outline().as_ref()),
    }
}

fn checked(node: &Node, rules: Rules) -> Checker {
    let mut checker = Checker {
        has_json_keys: rules.is_json,
        is_compatible: rules.is_compatible,
        ..Checker::default()
    };
    script::script(&mut checker, node);
    checker
}

/// Reports entries, and an object `handshake`, that their readers refuse, if no other mistake was found in them.
fn refusals(checker: &mut Checker, node: &Node, rules: Rules) {
    for (index, element) in node.get("stmts").into_iter().flat_map(Node::elements) {
        refusal(
            checker,
            &format!("stmts[{index}]"),
            element,
            rules,
            Part::Entry,
        );
    }
    if let Some(handshake) = node.get("handshake") {
        refusal(checker, "handshake", handshake, rules, Part::Handshake);
    }
}

/// A part of a script that has a reader of its own.
#[derive(Clone, Copy)]
enum Part {
    Entry,
    Handshake,
}

fn refusal(checker: &mut Checker, path: &str, node: &Node, rules: Rules, part: Part) {
    let is_known = |problem: &Problem| {
        let rest = problem.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    if checker.problems.iter().any(is_known) {
        return;
    }
    let Some(json) = node.to_json() else {
        return;
    };
    let json = Some(&json);
    let refused = match rules.is_json {
        true => refused(&mut Json::<false>::new(rules.is_compatible), &json, part),
        false => refused(&mut Json::<true>::new(rules.is_compatible), &json, part),
    };
    if let Some(refused) = refused {
        checker.report(path, refused);
    }
}

fn refused<D: Document>(doc: &mut D, value: &D::Value, part: Part) -> Option<String>
where
    D::Error: ToString,
{
    let error = match part {
        Part::Entry => entry(doc, value, Defaults::default()).err(),
        Part::Handshake => handshake(doc, value).err(),
    };
    error.map(|error| error.to_string())
}

fn located(problems: Vec<Problem>, outline: Option<&Outline>) -> Vec<Finding> {
    let problems = problems.into_iter().map(|problem| {
        let found = outline.map(|outline| outline.find(&problem.path));
        let position = found.map(|found| match problem.is_key {
            true => found.key,
            false => found.value,
        });
        Finding {
            position,
            message: match problem.path.as_str() {
                "" => problem.message,
                path => format!("{path}: {}", problem.message),
            },
        }
    });
    problems.collect()
}

#[cfg(test)]
mod tests;
