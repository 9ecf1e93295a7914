//! A server's side of a connection.
//!
//! A session has two storeys: the login (`login`), and the messages of a client that is logged in
//! (`messages`). Each storey has an enum of the things that it can wait for; a variant's data is what has to
//! be remembered meanwhile. `machine` only passes events to them.

mod answer;
mod capabilities;
mod checking;
mod commands;
mod compression;
mod core;
mod cursor;
mod cursors;
mod entering;
mod event;
mod expectations;
mod failures;
mod kill;
mod logged_in;
mod login;
mod machine;
mod messages;
mod options;
mod outgoing;
mod prepared;
mod sending;
mod statements;
mod waiting;
mod whole;

pub(super) use commands::request as command_request;
pub use event::{Action, BadFrame, Event};
pub use machine::Server;
pub use options::Options;
pub(super) use prepared::scalars;
pub use whole::{AnsweredMessage, encode_reply};
