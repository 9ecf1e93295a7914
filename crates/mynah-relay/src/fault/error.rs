use mynah_filter::FilterError;
use thiserror::Error;

use super::FaultPoint;

/// Why a text or a JSON document isn't a rule for a fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultRuleError {
    /// The condition of the rule isn't valid.
    #[error("when: {0}")]
    When(#[from] FilterError),
    /// The condition has a field, named here, that is known only when a command has its answer.
    #[error(
        "when: {0} is known only with the answer; a rule can ask for command, sql, user, schema, client, \
         listener, server and connection"
    )]
    NotKnownBefore(&'static str),
    /// The rule has neither `before_forward` nor `after_execute`.
    #[error(
        "it has no before_forward or after_execute; write sql ~ commit: after_execute reset_peer"
    )]
    NoPoint,
    /// The fault is missing or has these mistakes.
    #[error("{}", .0.join("; "))]
    Fault(Vec<String>),
    /// This part of the fault changes the server's answer, but with `before_forward` there is no answer.
    #[error("{0} is done to the server's answer, and {point} there is none; use {after}", point = FaultPoint::BeforeForward, after = FaultPoint::AfterExecute)]
    NoAnswer(&'static str),
    /// The JSON isn't a rule, for this reason.
    #[error("{0}")]
    Json(String),
    /// There would be more rules than this number, which is the limit.
    #[error("there may be {0} rules")]
    TooMany(usize),
    /// A mistake in one rule of a list.
    #[error("rule {number}: {error}")]
    InList {
        /// The position of the rule in the list, from 1.
        number: usize,
        /// The mistake in this rule.
        error: Box<Self>,
    },
}
