//! A server's side of a connection.

mod answer;
mod capabilities;
mod commands;
mod compression;
mod cursors;
mod expectations;
mod failures;
mod login;
mod machine;
mod messages;
mod options;
mod outgoing;
mod prepared;
mod sending;

pub use machine::{Action, BadFrame, Event, Server};
pub use options::Options;
