//! The server's side of TLS.

mod certificate;
mod ciphers;
mod clients;
mod error;
mod name;
mod options;
mod server;

pub use error::TlsError;
pub use options::{TlsMode, TlsOptions, TlsVersion, UnknownTlsVersion};
pub use server::TlsServer;
pub(crate) use server::cipher_name;
