//! Follows a connection of the X Protocol.

mod answers;
mod follower;
mod prepared;
mod requests;
mod side;

pub(super) use follower::Follower;
