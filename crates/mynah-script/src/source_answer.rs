use mynah_expect::ExpectationId;

/// The answer of a [`Source`](crate::source::Source) to a statement, and the part of the trace that gave it.
#[derive(Debug)]
pub(crate) struct SourceAnswer<T> {
    pub(crate) by: AnsweredBy,
    pub(crate) answer: T,
}

/// The part of a trace that answers a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnsweredBy {
    /// An element of `stmts`, counted from 1.
    Entry(u64),
    /// An element of `expectations`, by its number.
    Expectation(u64),
    /// The function that `stmts` is, or what went wrong in the script.
    Script,
    /// The prelude: it knows the statements drivers send on connect.
    Prelude,
    /// Nothing has an answer; the client gets an error.
    Nothing,
}

impl<T> SourceAnswer<T> {
    pub(crate) fn entry(number: u64, answer: T) -> Self {
        let by = AnsweredBy::Entry(number);
        Self { by, answer }
    }

    pub(crate) fn expectation(id: ExpectationId, answer: T) -> Self {
        let by = AnsweredBy::Expectation(id.0);
        Self { by, answer }
    }

    pub(crate) fn script(answer: T) -> Self {
        let by = AnsweredBy::Script;
        Self { by, answer }
    }

    pub(crate) fn prelude(answer: T) -> Self {
        let by = AnsweredBy::Prelude;
        Self { by, answer }
    }

    /// `fallback` is what the client gets if no other layer has an answer.
    pub(crate) fn nothing(fallback: T) -> Self {
        let by = AnsweredBy::Nothing;
        Self {
            by,
            answer: fallback,
        }
    }

    /// Whether a layer that is asked later may answer.
    pub(crate) fn is_nothing(&self) -> bool {
        self.by == AnsweredBy::Nothing
    }

    /// Itself, if it is an answer.
    pub(crate) fn if_answered(self) -> Option<Self> {
        (!self.is_nothing()).then_some(self)
    }
}
