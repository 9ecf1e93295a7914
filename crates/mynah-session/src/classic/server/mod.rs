//! A server's side of a connection.
//!
//! A session has two storeys: the login (`connection_phase`), and the commands of a client that is logged in
//! (`command_phase`). Each storey has an enum of the things that it can wait for; a variant's data is what
//! has to be remembered meanwhile. `machine` only passes events to them.

mod administration;
mod answer;
mod answered;
mod authenticating;
mod authentication;
mod bulk;
mod bulk_rows;
mod command_phase;
mod connecting;
mod connection_phase;
mod core;
mod cursor;
mod event;
mod greeting;
mod init_db;
mod kill;
mod local_infile;
mod logged_in;
mod machine;
mod options;
mod prepared;
mod receiving;
mod result_set;
mod statements;
mod waiting;
mod whole;
#[cfg_attr(not(feature = "x"), path = "no_x_client.rs")]
mod x_client;

pub use event::{Action, Event};
pub use machine::Server;
pub use options::Options;
pub use whole::encode_reply;
