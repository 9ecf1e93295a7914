use mynah_expect::{ProblemKind, did_you_mean};

use super::node::Node;

/// A problem, before its position is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The path of the value: `stmts[3].result.columns[0].type`.
    pub(super) path: String,
    /// Whether it is about the key rather than the value.
    pub(super) is_key: bool,
    pub(super) message: String,
}

/// Collects problems.
#[derive(Debug, Default)]
pub(super) struct Checker {
    pub(super) problems: Vec<Problem>,
    /// Whether keys mean what they do in the JSON scripts of 2018.
    pub(super) has_json_keys: bool,
    /// Whether `true` is the text "true" in columns of numbers.
    pub(super) is_compatible: bool,
}

/// What a value under a key has to be.
pub(super) type Rule = fn(&mut Checker, &str, &Node);

impl Checker {
    pub(super) fn report(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            path: path.to_owned(),
            is_key: false,
            message: message.into(),
        });
    }

    pub(super) fn wants(&mut self, path: &str, wanted: &'static str, found: &Node) {
        if *found != Node::Unknown {
            let found = found.shown();
            self.report(path, ProblemKind::Expect { wanted, found }.to_string());
        }
    }

    pub(super) fn missing(&mut self, path: &str, key: &str) {
        self.report(path, format!("the key \"{key}\" is missing"));
    }

    /// An object: keys that aren't in the list are reported, the others checked by their rules.
    pub(super) fn object(&mut self, path: &str, node: &Node, rules: &[(&str, Rule)]) {
        let Node::Object(members) = node else {
            return self.wants(path, "an object", node);
        };
        for (key, value) in members {
            let inner = join(path, key);
            match rules.iter().find(|(name, _)| name == key) {
                Some((_, rule)) => rule(self, &inner, value),
                None => self.unknown_key(&inner, key, rules),
            }
        }
    }

    fn unknown_key(&mut self, path: &str, key: &str, rules: &[(&str, Rule)]) {
        let known: Vec<_> = rules.iter().map(|(name, _)| *name).collect();
        let kind = ProblemKind::UnknownKey {
            key: key.to_owned(),
            similar: did_you_mean(key, known.iter().copied()).map(str::to_owned),
            known: known.into_iter().map(str::to_owned).collect(),
        };
        self.report_key(path, kind.to_string());
    }

    /// A problem with a key rather than its value.
    pub(super) fn report_key(&mut self, path: &str, message: String) {
        self.problems.push(Problem {
            path: path.to_owned(),
            is_key: true,
            message,
        });
    }

    /// An array, each element by a rule.
    pub(super) fn array(&mut self, path: &str, node: &Node, rule: Rule) {
        if !matches!(node, Node::Array(_)) {
            return self.wants(path, "an array", node);
        }
        for (index, element) in node.elements() {
            rule(self, &format!("{path}[{index}]"), element);
        }
    }

    /// One of several names.
    pub(super) fn name(&mut self, path: &str, node: &Node, known: &[&str]) {
        let Node::Text(name) = node else {
            return self.wants(path, "a string", node);
        };
        if !known.contains(&name.as_str()) {
            self.unknown_name(path, name, known);
        }
    }

    pub(super) fn unknown_name(&mut self, path: &str, name: &str, known: &[&str]) {
        let kind = ProblemKind::UnknownName {
            name: name.to_owned(),
            similar: did_you_mean(name, known.iter().copied()).map(str::to_owned),
            known: known.iter().map(|&name| name.to_owned()).collect(),
        };
        self.report(path, kind.to_string());
    }
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

pub(super) fn any(_: &mut Checker, _: &str, _: &Node) {}

pub(super) fn boolean(checker: &mut Checker, path: &str, node: &Node) {
    if !matches!(node, Node::Boolean(_)) {
        checker.wants(path, "true or false", node);
    }
}

pub(super) fn text(checker: &mut Checker, path: &str, node: &Node) {
    if !matches!(node, Node::Text(_)) {
        checker.wants(path, "a string", node);
    }
}

pub(super) fn millis(checker: &mut Checker, path: &str, node: &Node) {
    match node {
        Node::Number(number) if number.as_f64().is_some_and(|millis| millis >= 0.0) => {}
        _ => checker.wants(path, "a number of milliseconds, not negative", node),
    }
}

pub(super) fn whole(checker: &mut Checker, path: &str, node: &Node) {
    number_up_to(
        checker,
        path,
        node,
        18_446_744_073_709_551_615.0,
        "a whole number, not negative",
    );
}

pub(super) fn of_16_bits(checker: &mut Checker, path: &str, node: &Node) {
    number_up_to(checker, path, node, 65_535.0, "a number from 0 to 65535");
}

pub(super) fn of_8_bits(checker: &mut Checker, path: &str, node: &Node) {
    number_up_to(checker, path, node, 255.0, "a number from 0 to 255");
}

pub(super) fn of_32_bits(checker: &mut Checker, path: &str, node: &Node) {
    number_up_to(
        checker,
        path,
        node,
        4_294_967_295.0,
        "a number from 0 to 4294967295",
    );
}

fn number_up_to(checker: &mut Checker, path: &str, node: &Node, most: f64, wanted: &'static str) {
    match node {
        Node::Number(number) if number.as_f64().is_some_and(|n| (0.0..=most).contains(&n)) => {}
        _ => checker.wants(path, wanted, node),
    }
}
