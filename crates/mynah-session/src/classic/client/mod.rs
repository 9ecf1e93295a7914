//! A client's side of a connection.

mod commands;
mod error;
mod handshake;
mod machine;
mod options;

pub use error::ClientError;
pub use machine::{Action, Client, Event};
pub use options::{Options, TlsMode};
