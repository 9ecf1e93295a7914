//! Follows a connection of the X Protocol.

mod answers;
mod follower;
mod prepared;
mod requests;
mod side;
mod words;

pub(super) use follower::Follower;
pub use words::in_words;
