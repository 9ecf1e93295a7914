//! Where two recordings differ, and which rules would say that it is no difference.

mod answers;
mod compare;
mod propose;
mod statements;

pub use answers::{AnswerDifference, answer_differences};
pub use compare::{Comparison, compare};
pub use propose::Difference;
pub(crate) use propose::short;
