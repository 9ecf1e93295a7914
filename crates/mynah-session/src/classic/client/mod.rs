//! A client's side of a connection.

mod commands;
mod core;
mod error;
mod event;
mod handshake;
mod machine;
mod options;
mod state;

pub use error::ClientError;
pub use event::{Action, Event};
pub use machine::Client;
pub use options::{Options, TlsMode};
