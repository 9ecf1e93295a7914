#![doc = include_str!("../README.md")]

pub mod caching_sha2_password;
pub mod clear_password;
mod error;
mod method;
pub mod native_password;
mod nonce;
mod xor;

pub use error::NonceError;
pub use method::Method;
pub use nonce::Nonce;
