//! Checks what an answer says of its statement: counts, warnings, changes of the session.

use super::checker::{Checker, Rule, any, of_16_bits, text, whole};
use super::node::Node;

pub(super) fn ok(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, COMPLETION);
}

fn warnings(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Number(_) if checker.has_json_keys => of_16_bits(checker, path, node),
        _ => checker.array(path, node, |checker, path, node| {
            checker.object(path, node, WARNING);
        }),
    }
}

fn level(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Text(level) => {
            let upper = level.to_ascii_uppercase();
            if !LEVELS.contains(&upper.as_str()) {
                checker.unknown_name(path, level, &LEVELS);
            }
        }
        _ => text(checker, path, node),
    }
}

fn session_trackers(checker: &mut Checker, path: &str, node: &Node) {
    checker.array(path, node, |checker, path, node| {
        checker.object(path, node, SESSION_TRACKER);
    });
}

fn tracker_type(checker: &mut Checker, path: &str, node: &Node) {
    checker.name(path, node, &TRACKERS);
}

fn generated_ids(checker: &mut Checker, path: &str, node: &Node) {
    checker.array(path, node, text);
}

/// The keys of an `ok`, and of the end of a result.
pub(super) const COMPLETION: &[(&str, Rule)] = &[
    ("affected_rows", whole),
    ("found_rows", whole),
    ("last_insert_id", whole),
    ("status", of_16_bits),
    ("warning_count", of_16_bits),
    ("warnings", warnings),
    ("message", text),
    ("session_trackers", session_trackers),
    ("generated_ids", generated_ids),
];

const WARNING: &[(&str, Rule)] = &[("level", level), ("code", of_16_bits), ("message", text)];

const LEVELS: [&str; 3] = ["NOTE", "WARNING", "ERROR"];

const SESSION_TRACKER: &[(&str, Rule)] = &[
    ("type", tracker_type),
    ("name", any),
    ("value", any),
    ("schema", any),
    ("state", any),
    ("gtid", any),
    ("trx_stmt", any),
    ("number", any),
    ("hex", any),
];

const TRACKERS: [&str; 7] = [
    "system_variable",
    "schema",
    "state",
    "gtid",
    "trx_state",
    "trx_characteristics",
    "other",
];
