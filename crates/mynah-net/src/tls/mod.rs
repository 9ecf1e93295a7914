//! TLS, the server's side of it and the client's.

mod certificate;
mod ciphers;
mod client;
mod clients;
mod error;
mod key_log;
mod name;
mod options;
mod self_signed;
mod server;

pub use client::{TlsClient, TlsClientOptions, TlsVerify};
pub use error::TlsError;
pub use options::{TlsMode, TlsOptions, TlsVersion, UnknownTlsVersion};
pub use server::TlsServer;
pub(crate) use server::cipher_name;
