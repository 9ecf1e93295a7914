use mynah_filter::FilterError;
use thiserror::Error;

use super::FaultPoint;

/// Why a text or a JSON document is no rule for a fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultRuleError {
    /// The condition is none.
    #[error("when: {0}")]
    When(#[from] FilterError),
    /// The condition asks for what is known only when a command has its answer.
    #[error(
        "when: {0} is known only with the answer; a rule can ask for command, sql, user, schema, client, \
         listener, server and connection"
    )]
    NotKnownBefore(&'static str),
    /// It isn't said where the fault is played.
    #[error(
        "it has no before_forward or after_execute; write sql ~ commit: after_execute reset_peer"
    )]
    NoPoint,
    /// There is no such fault, or it is none.
    #[error("{}", .0.join("; "))]
    Fault(Vec<String>),
    /// The fault shapes the server's answer, which there isn't.
    #[error("{0} is done to the server's answer, and {point} there is none; use {after}", point = FaultPoint::BeforeForward, after = FaultPoint::AfterExecute)]
    NoAnswer(&'static str),
    /// The JSON isn't that of a rule.
    #[error("{0}")]
    Json(String),
    /// There are as many rules as there may be.
    #[error("there may be {0} rules")]
    TooMany(usize),
    /// In a list, which rule it is.
    #[error("rule {number}: {error}")]
    InList {
        /// Which, from 1.
        number: usize,
        /// What is wrong with it.
        error: Box<Self>,
    },
}
