//! Counts of statements by their digests.

mod counts;
mod shown;
mod store;
mod subscriber;
mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests;

pub(crate) use shown::Sort;
pub(crate) use store::Digests;
pub(crate) use subscriber::DigestCounter;
