use std::borrow::Cow;
use std::sync::Arc;

use mynah_expect::{Expectation, ExpectationId};

use crate::expectations::Answer;
use crate::unanswered::Unanswered;

/// The answer of a [`Source`](crate::source::Source) to a statement, and the part of the script that gave it.
#[derive(Debug)]
pub(crate) struct SourceAnswer<T> {
    pub(crate) by: AnsweredBy,
    /// Boxed, because each layer hands it on.
    pub(crate) answer: Box<T>,
    /// Why `stmts` has no answer, if nothing else has one. In compatible mode, `answer` is the error of the original mock.
    pub(crate) unanswered: Option<Box<Unanswered>>,
}

/// The part of a script that answers a statement.
#[derive(Clone, Debug)]
pub(crate) enum AnsweredBy {
    /// The entry of `stmts` of this number, from 1.
    Entry(u64),
    /// An expectation, and its id.
    Expectation(ExpectationId, Arc<Expectation<Answer>>),
    /// The function `stmts`, or an error in the script.
    Script,
    /// The prelude: built-in answers to statements that drivers send on connect.
    Prelude,
    /// Nothing; the client gets an error.
    Nothing,
}

impl<T> SourceAnswer<T> {
    fn by(by: AnsweredBy, answer: T) -> Self {
        Self {
            by,
            answer: Box::new(answer),
            unanswered: None,
        }
    }

    pub(crate) fn entry(number: u64, answer: T) -> Self {
        Self::by(AnsweredBy::Entry(number), answer)
    }

    pub(crate) fn expectation(
        id: ExpectationId,
        expectation: Arc<Expectation<Answer>>,
        answer: T,
    ) -> Self {
        Self::by(AnsweredBy::Expectation(id, expectation), answer)
    }

    pub(crate) fn script(answer: T) -> Self {
        Self::by(AnsweredBy::Script, answer)
    }

    pub(crate) fn prelude(answer: T) -> Self {
        Self::by(AnsweredBy::Prelude, answer)
    }

    /// `fallback` is what the client gets if no other layer has an answer.
    pub(crate) fn nothing(fallback: T) -> Self {
        Self::by(AnsweredBy::Nothing, fallback)
    }

    /// The same, with the reason why it is nothing.
    pub(crate) fn because(self, unanswered: Unanswered) -> Self {
        Self {
            unanswered: Some(Box::new(unanswered)),
            ..self
        }
    }

    /// Whether a layer that is asked later may answer.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.by, AnsweredBy::Nothing)
    }

    /// Itself, if it is an answer.
    pub(crate) fn if_answered(self) -> Option<Self> {
        (!self.is_nothing()).then_some(self)
    }
}

impl AnsweredBy {
    /// As the journal has it; `None` for nothing.
    pub(crate) fn in_journal(&self) -> Option<mynah_expect::AnsweredBy> {
        use mynah_expect::AnsweredBy as Journal;
        match self {
            Self::Entry(number) => Some(Journal::Script(format!("entry {number}").into())),
            Self::Script | Self::Expectation(..) => Some(Journal::Script(Cow::Borrowed("script"))),
            Self::Prelude => Some(Journal::Prelude),
            Self::Nothing => None,
        }
    }
}
