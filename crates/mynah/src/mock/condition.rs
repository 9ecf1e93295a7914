use std::collections::BTreeMap;

use mynah_expect::{Expectation, Matcher, Origin, TextMatch};
use mynah_script::Answer;

/// A condition on statements: on their text, parameters, user, schema, attributes, protocol or command. The
/// functions of [`matchers`](crate::matchers) make conditions, and [`and`](Self::and) combines them.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Condition {
    pub(super) text: Option<TextMatch>,
    pub(super) params: Option<Vec<Matcher>>,
    pub(super) origin: Origin,
    /// What is wrong with it; reported where it is used.
    pub(super) problems: Vec<String>,
}

impl Condition {
    /// Combines two conditions: a statement must fulfil both. Two conditions on the same property or attribute
    /// (such as the text or the user) are a mistake: mounting a mock with them, or waiting for them, panics.
    pub fn and(mut self, other: Self) -> Self {
        let problems = &mut self.problems;
        problems.extend(other.problems);
        let (origin, more) = (self.origin, other.origin);
        self.text = one_of(self.text, other.text, "text", problems);
        self.params = one_of(self.params, other.params, "parameters", problems);
        self.origin = Origin {
            user: one_of(origin.user, more.user, "user", problems),
            schema: one_of(origin.schema, more.schema, "schema", problems),
            connection_attributes: all(
                origin.connection_attributes,
                more.connection_attributes,
                problems,
            ),
            query_attributes: all(origin.query_attributes, more.query_attributes, problems),
            protocol: one_of(origin.protocol, more.protocol, "protocol", problems),
            command: one_of(origin.command, more.command, "command", problems),
        };
        self
    }

    /// Adds a condition on the next parameter (the first call is about the first): it must be this value, or fulfil
    /// one of the [`matchers`](crate::matchers) for values, such as [`anything`](crate::matchers::anything). There must
    /// be no further parameters. A [`query`](crate::matchers::query) needs as many conditions as it has placeholders, or
    /// none; other numbers are a mistake: mounting a mock with them, or waiting for them, panics.
    pub fn param(mut self, value: impl Into<Matcher>) -> Self {
        self.params.get_or_insert_default().push(value.into());
        self
    }

    pub(super) fn wrong(problem: String) -> Self {
        Self {
            problems: vec![problem],
            ..Self::default()
        }
    }

    pub(super) fn text(text: TextMatch) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }

    pub(super) fn origin(origin: Origin) -> Self {
        Self {
            origin,
            ..Self::default()
        }
    }

    /// An expectation of this condition, any number of times and without an answer.
    ///
    /// # Errors
    /// What is wrong with the condition.
    pub(super) fn expectation(self) -> Result<Expectation<Answer>, String> {
        let mut problems = self.problems;
        if let (Some(text), Some(params)) = (&self.text, &self.params) {
            problems.extend(text.misfit_of(params).map(|problem| problem.to_string()));
        }
        if !problems.is_empty() {
            return Err(problems.join("; "));
        }
        Ok(Expectation {
            text: self.text,
            params: self.params,
            origin: self.origin,
            ..Expectation::any()
        })
    }
}

impl From<&str> for Condition {
    /// The whole text of the statement, as [`query`](crate::matchers::query).
    fn from(text: &str) -> Self {
        Self::text(TextMatch::statement(text))
    }
}

/// The one that is there.
fn one_of<T>(
    one: Option<T>,
    other: Option<T>,
    what: &str,
    problems: &mut Vec<String>,
) -> Option<T> {
    if one.is_some() && other.is_some() {
        problems.push(two(what));
    }
    one.or(other)
}

/// The conditions on attributes of both, by their names.
fn all(
    mut one: BTreeMap<String, Matcher>,
    other: BTreeMap<String, Matcher>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, Matcher> {
    let same = other.keys().filter(|name| one.contains_key(*name));
    problems.extend(same.map(|name| two(&format!("attribute \"{name}\""))));
    one.extend(other);
    one
}

fn two(what: &str) -> String {
    format!("two conditions on the {what} are combined; keep one of them")
}
