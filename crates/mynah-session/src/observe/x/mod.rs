//! The X Protocol, from the middle.

mod answers;
mod follower;
mod requests;
mod side;

pub(super) use follower::Follower;
