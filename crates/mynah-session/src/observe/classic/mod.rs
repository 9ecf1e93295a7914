//! Follows a connection of the classic protocol.

mod answers;
mod commands;
mod follower;
mod login;
mod settings;

pub(super) use follower::Follower;
