#![doc = include_str!("../README.md")]

mod base64;
pub mod caching_sha2_password;
mod channel;
pub mod clear_password;
pub mod client;
mod compare;
mod crypto;
pub mod ed25519;
mod error;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod hex;
mod method;
pub mod native_password;
mod nonce;
pub mod parsec;
mod password;
pub mod rsa;
pub mod server;
pub mod sha256_crypt;
pub mod sha256_password;
pub mod x;
mod xor;

pub use channel::Channel;
pub use error::{AuthError, CryptoError, NonceError};
pub use method::Method;
pub use nonce::{LongNonce, Nonce};
pub use password::Password;
