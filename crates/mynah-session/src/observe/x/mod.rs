//! Follows a connection of the X Protocol.

mod answers;
mod follower;
mod requests;
mod side;

pub(super) use follower::Follower;
