use mynah_expect::ExpectationId;

/// What is said to a statement, and who says it.
#[derive(Debug)]
pub(crate) struct SourceAnswer<T> {
    pub(crate) by: AnsweredBy,
    pub(crate) answer: T,
}

/// Who answers a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnsweredBy {
    /// An element of `stmts`, counted from 1.
    Entry(u64),
    /// An element of `expectations`, by its number.
    Expectation(u64),
    /// The function that `stmts` is, or what went wrong in the script.
    Script,
    /// The prelude: what drivers ask is known.
    Prelude,
    /// Nothing has an answer; the client is told so.
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

    /// `told` is what the client is told if no other layer has an answer.
    pub(crate) fn nothing(told: T) -> Self {
        let by = AnsweredBy::Nothing;
        Self { by, answer: told }
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
