//! TLS in both roles, server and client.

mod authorities;
mod certificate;
mod ciphers;
mod client;
mod clients;
mod error;
mod handshake;
mod kept;
mod key_log;
mod mirror;
mod name;
mod options;
mod self_signed;
mod server;

use openssl::ssl::{SslContextBuilder, SslOptions};

pub use client::{TlsClient, TlsClientOptions, TlsVerify};
pub use error::TlsError;
pub use handshake::HandshakeError;
pub use mirror::TlsMirror;
pub use options::{SelfSigned, TlsMode, TlsOptions, TlsVersion, UnknownTlsVersion};
pub use server::TlsServer;
pub(crate) use server::cipher_name;

/// Many clients, and some servers, close their socket without closing TLS first. OpenSSL 3 treats
/// that as a possible attack, but MySQL's packets have lengths, so nothing can be cut off
/// unnoticed.
fn ignore_unexpected_eof(context: &mut SslContextBuilder) {
    if openssl::version::number() >= OPENSSL_3 {
        // SSL_OP_IGNORE_UNEXPECTED_EOF
        context.set_options(SslOptions::from_bits_retain(1 << 7));
    }
}

/// The version of OpenSSL that is used, as OpenSSL writes it: `OpenSSL 3.0.17 1 Jul 2025`.
#[must_use]
pub fn openssl_version() -> &'static str {
    openssl::version::version()
}

/// Whether OpenSSL was built with this crate, rather than being the system's.
pub const OPENSSL_IS_VENDORED: bool = cfg!(feature = "vendored-openssl");

const OPENSSL_3: i64 = 0x3000_0000;
