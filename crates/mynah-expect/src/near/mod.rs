//! Explains why a statement matched no expectation, and finds the closest one.

mod align;
mod closest;
mod explain;
mod explanation;
mod parts;
mod shorten;

pub(crate) use explain::{Snapshot, explain};
pub use explanation::{Closest, Explanation};
pub use shorten::beginning;
pub(crate) use shorten::floor;
