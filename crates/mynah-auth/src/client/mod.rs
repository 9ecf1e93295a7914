//! The client's side of a login: what to answer to each thing that the server says.

mod exchange;
mod options;

pub use exchange::Exchange;
pub use options::{Options, ServerKey};
