//! Explains statements that nothing answers.

use log::warn;
use mynah_expect::{Call, Explanation};
use mynah_session::{Outcome, Reply};

use crate::expectations::unexpected;
use crate::source_answer::SourceAnswer;
use crate::unanswered::Unanswered;

/// Whether there is nothing but expectations that could have an answer: the mock was started without a script.
pub(super) fn has_no_script(said: Option<&SourceAnswer<Reply>>) -> bool {
    let unanswered = said.and_then(|said| said.unanswered.as_deref());
    unanswered.is_some_and(Unanswered::has_no_entries)
}

/// Why a script without expectations has no answer.
pub(super) fn why<T>(said: Option<&SourceAnswer<T>>, call: &Call) -> Explanation {
    let unanswered = said.and_then(|said| said.unanswered.as_ref());
    let difference = unanswered.map_or_else(
        || "nothing answers".to_owned(),
        |unanswered| unanswered.difference(),
    );
    Explanation::because(call, difference)
}

/// Why a statement that met an expectation has no answer.
pub(super) fn why_failed(problem: &str, label: &str, call: &Call) -> Explanation {
    Explanation::because(call, format!("{problem} (in the answer of {label})"))
}

/// Logs that a statement is unexpected.
pub(super) fn warn_of(explanation: &Explanation, call: &Call) {
    warn!(
        "connection {}: unexpected statement: {explanation}",
        call.connection.id
    );
}

/// The answer to a statement that is refused.
pub(super) fn refused(why: &impl ToString) -> Reply {
    Outcome::Error(unexpected(why)).into()
}
