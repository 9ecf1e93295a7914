//! The client's side of a login: the answer to each message of the server.

mod credentials;
mod exchange;

pub use credentials::{Credentials, ServerKey};
pub use exchange::Exchange;
