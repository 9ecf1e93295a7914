//! The mechanisms of the X Protocol. A client names its mechanism in AuthenticateStart. With `MYSQL41`
//! and `SHA256_MEMORY`, the client receives a nonce in AuthenticateContinue, and answers in another
//! AuthenticateContinue.
//!
//! Documentation page: Authentication (X Protocol).

mod auth_data;
mod client;
mod mechanism;
mod server;

pub use auth_data::AuthData;
pub use client::ClientExchange;
pub use mechanism::Mechanism;
pub use server::{ServerExchange, Verdict};
