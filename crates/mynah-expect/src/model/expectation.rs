use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Origin, Place, TextMatch, Times};
use crate::redact;
use crate::value::{Matcher, Pattern, Value};

/// An expected statement with its answers: the conditions for a match, how often a statement must match, and
/// the answers that the client gets. `A` is the type of answers; this crate doesn't interpret them.
#[derive(Debug, PartialEq)]
pub struct Expectation<A> {
    /// A name for messages and reports, in front of the place; `None` for none.
    pub name: Option<String>,
    /// Where the expectation was written, for messages.
    pub place: Place,
    /// The condition on the statement's text; `None` accepts any text.
    pub text: Option<TextMatch>,
    /// The conditions on values, in order; `None` accepts any values. With [`TextMatch::Statement`] they are for the
    /// values at the text's placeholders, bound or literal; otherwise for either the bound values or all values of
    /// the statement.
    pub params: Option<Vec<Matcher>>,
    /// The conditions on user, schema, attributes, protocol and command.
    pub origin: Origin,
    /// How often the expectation must and may match. [`Times::ANY`] makes it a stub: it answers, but need not
    /// match.
    pub times: Times,
    /// Expectations with a lower number are tried first.
    pub priority: i32,
    /// The state of a scenario in which the expectation can match, and the state after the match; `None` if it
    /// belongs to no scenario.
    pub scenario: Option<Scenario>,
    /// The answers: the first match gets the first, and so on; further matches get the last. If empty, the
    /// answer is OK.
    pub answers: Vec<Arc<A>>,
}

impl<A> Expectation<A> {
    /// The priority of expectations that have none of their own.
    pub const DEFAULT_PRIORITY: i32 = 5;

    /// An expectation that every statement that is run matches, any number of times.
    #[must_use]
    pub fn any() -> Self {
        Self {
            name: None,
            place: Place::default(),
            text: None,
            params: None,
            origin: Origin::default(),
            times: Times::ANY,
            priority: Self::DEFAULT_PRIORITY,
            scenario: None,
            answers: Vec::new(),
        }
    }

    /// An expectation that a statement with this text is sent exactly once.
    #[must_use]
    pub fn once(text: &str) -> Self {
        Self {
            text: Some(TextMatch::statement(text)),
            times: Times::exactly(1),
            ..Self::any()
        }
    }

    /// The answer to the next match, after `calls` earlier ones; `None` if the expectation has no answers, which
    /// means OK.
    #[must_use]
    pub fn answer(&self, calls: u64) -> Option<&Arc<A>> {
        let index = usize::try_from(calls).unwrap_or(usize::MAX);
        self.answers.get(index).or_else(|| self.answers.last())
    }

    /// Converts all answers of the expectation to another type by `map`.
    ///
    /// # Errors
    /// The error of the first answer that can't be converted.
    pub fn try_map_answers<B, E>(
        self,
        mut map: impl FnMut(&A) -> Result<B, E>,
    ) -> Result<Expectation<B>, E> {
        let answers = self.answers.iter().map(|answer| map(answer).map(Arc::new));
        Ok(Expectation {
            answers: answers.collect::<Result<_, E>>()?,
            name: self.name,
            place: self.place,
            text: self.text,
            params: self.params,
            origin: self.origin,
            times: self.times,
            priority: self.priority,
            scenario: self.scenario,
        })
    }

    /// A label for messages: the name, if it has one, and the place.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("\"{name}\", {}", self.place),
            None => self.place.to_string(),
        }
    }
}

impl<A> Expectation<A> {
    /// The same for a statement of which passwords are hidden.
    pub(crate) fn without_secrets(&self) -> Self {
        let mut expectation = self.clone();
        let Some(text) = &self.text else {
            return expectation;
        };
        if let (Some(params), true) = (
            &mut expectation.params,
            redact::has_secret_params(text.text()),
        ) {
            params.fill(Matcher::Is(Value::from(redact::HIDDEN)));
        }
        let shown = match (text, redact::text(text.text())) {
            (TextMatch::Statement(_), Cow::Owned(text)) => TextMatch::statement(&text),
            (TextMatch::Prefix(_), Cow::Owned(text)) => TextMatch::prefix(&text),
            (TextMatch::Regex(_), Cow::Owned(text)) => match hidden_in_pattern(&text) {
                Some(pattern) => TextMatch::Regex(pattern),
                None => return expectation,
            },
            _ => return expectation,
        };
        expectation.text = Some(shown);
        expectation
    }
}

/// The regular expression for statements whose passwords are hidden, of one in which they are; `None` if there is none.
fn hidden_in_pattern(text: &str) -> Option<Pattern> {
    // Of an expression with a quote that isn't closed, all would be hidden, and it would match each statement with a
    // password.
    if text == redact::HIDDEN {
        return None;
    }
    Pattern::new(&text.replace(redact::HIDDEN, &regex::escape(redact::HIDDEN))).ok()
}

impl<A> Clone for Expectation<A> {
    /// The same, with the same answers.
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            place: self.place.clone(),
            text: self.text.clone(),
            params: self.params.clone(),
            origin: self.origin.clone(),
            times: self.times,
            priority: self.priority,
            scenario: self.scenario.clone(),
            answers: self.answers.clone(),
        }
    }
}

impl<A> fmt::Display for Expectation<A> {
    /// What is expected, without passwords: `stmt "select 1"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => write!(f, "{} \"{}\"", text.key(), redact::text(text.text())),
            None => f.write_str("any statement"),
        }
    }
}

/// The part of an expectation about a scenario: a named state that matches change, so that the same statement
/// can get another answer later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The name of the scenario.
    pub name: Arc<str>,
    /// The state in which the expectation can match; `None` for any.
    pub when: Option<Arc<str>>,
    /// The state after a match; `None` leaves it unchanged.
    pub then: Option<Arc<str>>,
}

impl Scenario {
    /// The scenario of JSON expectations that have `when` or `then` but name no scenario.
    pub const DEFAULT: &str = "default";
    /// The state that every scenario begins in.
    pub const START: &str = "start";
}
