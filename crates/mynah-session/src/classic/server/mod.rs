//! A server's side of a connection.

mod administration;
mod answer;
mod authentication;
mod bulk;
mod command_phase;
mod connection_phase;
mod init_db;
mod local_infile;
mod machine;
mod options;
mod prepared;
mod result_set;
mod statements;
mod x_client;

pub use administration::{Process, Statistics};
pub use machine::{Action, Event, Server};
pub use options::Options;
