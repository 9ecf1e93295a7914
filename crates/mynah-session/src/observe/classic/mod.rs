//! The classic protocol, from the middle.

mod answers;
mod commands;
mod follower;
mod login;
mod settings;

pub(super) use follower::Follower;
