//! The server's side of a login: checks a client's password.

mod cache;
mod exchange;
mod options;
mod secret;

pub use cache::PasswordCache;
pub use exchange::{Exchange, Refusal, Step};
pub use options::{Options, PublicKeyAnswer, Remembered};
pub use secret::Secret;
