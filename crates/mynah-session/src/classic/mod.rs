//! The classic protocol: a server's side of a connection.

mod authentication;
mod command_phase;
mod connection_phase;
mod exchange;
mod response;
mod result_set;
mod server;

pub use response::{Part, Response};
pub use server::{Action, Event, Server, ServerOptions};
