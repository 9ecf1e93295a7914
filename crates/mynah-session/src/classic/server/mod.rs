//! A server's side of a connection.

mod authentication;
mod command_phase;
mod connection_phase;
mod machine;
mod options;
mod result_set;

pub use machine::{Action, Event, Server};
pub use options::Options;
