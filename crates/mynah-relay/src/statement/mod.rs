//! What is known of statements besides their text: kind, tables, effects and digest.

mod borders;
mod digest;
mod facts;
mod messages;
mod statements;
mod upcoming;
mod wants;

pub(crate) use digest::Digest;
pub(crate) use facts::StatementFacts;
pub(crate) use statements::{Statements, is_execution, is_fetch};
pub(crate) use upcoming::of_upcoming;
pub(crate) use wants::Wants;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests;
