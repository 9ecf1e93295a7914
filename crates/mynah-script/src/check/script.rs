//! The keys that a script may have, with the rules for their values.

use mynah_auth::Method;
use mynah_fault::{Fault, ProblemKind};

use super::checker::{
    Checker, Rule, any, boolean, millis, of_8_bits, of_16_bits, of_32_bits, text, whole,
};
use super::completion::ok;
use super::node::Node;
use super::result;

/// A whole script.
pub(super) fn script(checker: &mut Checker, node: &Node) {
    checker.object("", node, SCRIPT);
    let answers = ["stmts", "expectations"];
    let has_none = answers.iter().all(|key| node.get(key).is_none());
    if has_none && matches!(node, Node::Object(_)) {
        checker.missing("", "stmts");
    }
}

fn stmts(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Function | Node::Unknown => {}
        Node::Array(_) => checker.array(path, node, entry),
        _ => checker.wants(path, "an array, a function or a coroutine", node),
    }
}

fn entry(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, ENTRY);
    let Node::Object(members) = node else {
        return;
    };
    let is_outcome = |key: &str| OUTCOMES.contains(&key);
    // A fault may be all there is.
    if !members
        .iter()
        .any(|(key, _)| is_outcome(key) || key == "fault")
    {
        let keys = OUTCOMES.join(", ");
        checker.report(
            path,
            format!("the entry has no answer; give it one of {keys}"),
        );
    }
}

/// The keys of an answer of an expectation.
pub(super) fn answer(checker: &mut Checker, path: &str, key: &str, node: &Node) {
    // The name of an error.
    if key == "error" && matches!(node, Node::Text(_)) {
        return;
    }
    if let Some((_, rule)) = ENTRY.iter().find(|(name, _)| *name == key) {
        rule(checker, path, node);
    }
}

fn results(checker: &mut Checker, path: &str, node: &Node) {
    checker.array(path, node, |checker, path, node| {
        checker.object(path, node, ONE_OF_RESULTS);
    });
}

pub(super) fn error(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, ERROR);
    if !matches!(node, Node::Object(_)) {
        return;
    }
    for key in ["code", "message"] {
        if node.get(key).is_none() {
            checker.missing(path, key);
        }
    }
    if let Some(Node::Text(state)) = node.get("sql_state") {
        let problem = match state.len() {
            _ if !state.is_ascii() => format!("must be ASCII, is '{state}'"),
            5 => return,
            len => format!("needs 5 characters, but has {len}"),
        };
        checker.report(&format!("{path}.sql_state"), problem);
    }
}

fn binlog(checker: &mut Checker, path: &str, node: &Node) {
    checker.array(path, node, any);
}

fn packets(checker: &mut Checker, path: &str, node: &Node) {
    checker.array(path, node, |checker, path, node| {
        checker.object(path, node, PACKET);
    });
}

/// It has a reader of its own.
fn fault(checker: &mut Checker, path: &str, node: &Node) {
    let Some(json) = node.to_json() else {
        return;
    };
    for problem in Fault::from_json(&json).err().into_iter().flatten() {
        let inner = problem.path.strip_prefix("fault").unwrap_or_default();
        let message = problem.kind.to_string();
        match problem.kind {
            ProblemKind::UnknownKey { key, .. } => {
                checker.report_key(&format!("{path}{inner}.{key}"), message);
            }
            _ => checker.report(&format!("{path}{inner}"), message),
        }
    }
}

fn params(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Array(_) => {}
        Node::Number(_) => of_16_bits(checker, path, node),
        _ => checker.wants(path, "an array, or a number", node),
    }
}

fn local_infile(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, LOCAL_INFILE);
    if node.get("filename").is_none() && matches!(node, Node::Object(_)) {
        checker.missing(path, "filename");
    }
}

fn file_answer(checker: &mut Checker, path: &str, node: &Node) {
    if *node != Node::Function {
        entry(checker, path, node);
    }
}

fn handshake(checker: &mut Checker, path: &str, node: &Node) {
    if *node != Node::Function {
        checker.object(path, node, HANDSHAKE);
    }
}

fn greeting(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, GREETING);
}

fn capabilities(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Array(_) => checker.array(path, node, text),
        _ => of_32_bits(checker, path, node),
    }
}

fn auth(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Array(_) => checker.array(path, node, account),
        _ => account(checker, path, node),
    }
}

fn account(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, ACCOUNT);
}

fn auth_method(checker: &mut Checker, path: &str, node: &Node) {
    // mysql_old_password is known by name, but refused.
    let methods = Method::ALL.into_iter();
    let names: Vec<_> = methods
        .filter(|&method| method != Method::OldPassword)
        .map(Method::name)
        .collect();
    checker.name(path, node, &names);
}

fn certificate(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, &[("issuer", text), ("subject", text)]);
}

fn notices(checker: &mut Checker, path: &str, node: &Node) {
    checker.array(path, node, |checker, path, node| {
        checker.object(path, node, NOTICE);
    });
}

fn payload(checker: &mut Checker, path: &str, node: &Node) {
    checker.object(path, node, &[("type", whole), ("view-id", text)]);
}

fn scope(checker: &mut Checker, path: &str, node: &Node) {
    checker.name(path, node, &["LOCAL", "GLOBAL", ""]);
}

fn defaults(checker: &mut Checker, path: &str, node: &Node) {
    if checker.has_json_keys {
        checker.object(path, node, &[("exec_time", millis)]);
    }
}

const SCRIPT: &[(&str, Rule)] = &[
    ("stmts", stmts),
    // It has a reader of its own.
    ("expectations", any),
    ("handshake", handshake),
    ("loop", boolean),
    ("strict", boolean),
    ("notices", notices),
    ("defaults", defaults),
];

const ENTRY: &[(&str, Rule)] = &[
    ("stmt", any),
    ("stmt_regex", text),
    ("stmt.regex", text),
    ("params", params),
    ("exec_time", millis),
    ("ok", ok),
    ("error", error),
    ("result", result::result),
    ("results", results),
    ("out_parameters", result::result),
    ("local_infile", local_infile),
    ("binlog", binlog),
    ("prepared", result::prepared),
    ("packets", packets),
    ("fault", fault),
];

const OUTCOMES: [&str; 8] = [
    "ok",
    "error",
    "result",
    "results",
    "out_parameters",
    "local_infile",
    "binlog",
    "packets",
];

const ONE_OF_RESULTS: &[(&str, Rule)] = &[
    ("ok", ok),
    ("error", error),
    ("result", result::result),
    ("out_parameters", result::result),
    ("local_infile", local_infile),
    ("packets", packets),
];

const PACKET: &[(&str, Rule)] = &[
    ("hex", text),
    ("raw", text),
    ("sequence_id", of_8_bits),
    ("type", of_8_bits),
];

const ERROR: &[(&str, Rule)] = &[("code", of_16_bits), ("message", text), ("sql_state", text)];

const LOCAL_INFILE: &[(&str, Rule)] = &[
    ("filename", text),
    ("limit", whole),
    ("answer", file_answer),
];

const HANDSHAKE: &[(&str, Rule)] = &[
    ("error", error),
    ("greeting", greeting),
    ("auth", auth),
    ("fault", fault),
];

const GREETING: &[(&str, Rule)] = &[
    ("exec_time", millis),
    ("server_version", text),
    ("connection_id", of_32_bits),
    ("status_flags", of_16_bits),
    ("character_set", of_8_bits),
    ("capabilities", capabilities),
    ("auth_method", text),
    ("nonce", text),
];

const ACCOUNT: &[(&str, Rule)] = &[
    ("username", text),
    ("password", text),
    ("auth_method_name", auth_method),
    ("certificate", certificate),
    ("full", any),
    ("public_key", any),
    ("error", error),
    ("fault", fault),
];

const NOTICE: &[(&str, Rule)] = &[
    ("type", whole),
    ("send_offset", millis),
    ("scope", scope),
    ("payload", payload),
];
