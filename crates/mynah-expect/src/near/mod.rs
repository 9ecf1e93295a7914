//! Why a statement is unexpected, and which expectation is the closest.

mod align;
mod closest;
mod explain;
mod explanation;
mod parts;
mod shorten;

pub(crate) use explain::{Snapshot, explain};
pub use explanation::{Closest, Explanation};
pub use shorten::beginning;
