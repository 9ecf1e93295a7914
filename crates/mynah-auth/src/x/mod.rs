//! The mechanisms of the X Protocol. A login names its mechanism in AuthenticateStart; all but
//! `PLAIN` receive a nonce in AuthenticateContinue, and answer in another AuthenticateContinue.
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
