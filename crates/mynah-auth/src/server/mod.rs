//! The server's side of a login: whether a client may come in.

mod exchange;
mod secret;

pub use exchange::{Exchange, Options, Refusal, Step};
pub use secret::Secret;
