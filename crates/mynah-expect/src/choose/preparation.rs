use std::sync::Arc;

/// The answer for a statement that is being prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparation<A> {
    /// The answer; `None` if the expectation has none.
    pub answer: Option<Arc<A>>,
    /// How often the expectation has matched: of an expectation of `prepare`, including this preparation; of others,
    /// including the next execution.
    pub call: u64,
}
