//! The client's side of a login: the answer to each message of the server.

mod exchange;
mod options;

pub use exchange::Exchange;
pub use options::{Options, ServerKey};
