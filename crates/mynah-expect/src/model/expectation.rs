use std::fmt;
use std::sync::Arc;

use super::{Origin, Place, TextMatch, Times};
use crate::value::Matcher;

/// A statement that is expected, and its answers. What an answer is, the user of this crate says.
#[derive(Debug, PartialEq)]
pub struct Expectation<A> {
    /// What reports call it, besides its place.
    pub name: Option<String>,
    /// Where it was written.
    pub place: Place,
    /// What is expected of the text; anything if absent.
    pub text: Option<TextMatch>,
    /// What is expected of the parameters, in order; anything if absent.
    pub params: Option<Vec<Matcher>>,
    /// The user, schema, attributes, protocol and command it has to come with.
    pub origin: Origin,
    /// How often it has to come, and may; [`Times::ANY`] makes it a stub.
    pub times: Times,
    /// Expectations of a lower number are compared first.
    pub priority: i32,
    /// The state it needs, and the state it leads to.
    pub scenario: Option<Scenario>,
    /// Its answers, one after the other; the last one stays. Without any it succeeds.
    pub answers: Vec<Arc<A>>,
}

impl<A> Expectation<A> {
    /// The priority of those that have none of their own.
    pub const DEFAULT_PRIORITY: i32 = 5;

    /// One that anything meets, any number of times.
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

    /// One for this text, once.
    #[must_use]
    pub fn once(text: &str) -> Self {
        Self {
            text: Some(TextMatch::statement(text)),
            times: Times::exactly(1),
            ..Self::any()
        }
    }

    /// The answer to its next call, if it was called so often before.
    #[must_use]
    pub fn answer(&self, calls: u64) -> Option<&Arc<A>> {
        let index = usize::try_from(calls).unwrap_or(usize::MAX);
        self.answers.get(index).or_else(|| self.answers.last())
    }

    /// The same with answers of another kind.
    ///
    /// # Errors
    /// That of the first answer that can't be had.
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

    /// What messages call it: its name, its place.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("\"{name}\", {}", self.place),
            None => self.place.to_string(),
        }
    }
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
    /// What is expected: `stmt "select 1"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => write!(f, "{} \"{}\"", text.key(), text.text()),
            None => f.write_str("any statement"),
        }
    }
}

/// A state that an expectation needs, and one it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The scenario's name.
    pub name: Arc<str>,
    /// The state that it must be in; any if absent.
    pub when: Option<Arc<str>>,
    /// The state it is in after the expectation's answer; the same if absent.
    pub then: Option<Arc<str>>,
}

impl Scenario {
    /// The scenario of expectations that name none.
    pub const DEFAULT: &str = "default";
    /// The state that each scenario begins in.
    pub const START: &str = "start";
}
