//! `sha256_password`: the client sends the password itself, in clear under TLS, encrypted without TLS,
//! also on a Unix socket.
//!
//! The client's response is a NUL for an empty password, and any other password [in
//! clear](crate::clear_password) under TLS. Without TLS it is the [encrypted](crate::rsa) password if
//! the client has the server's key; otherwise it is [`REQUEST_PUBLIC_KEY`], and the encrypted password
//! follows when the key has come.
//!
//! Documentation page: SHA256.

/// The client's request for the server's RSA public key: a packet with this byte.
pub const REQUEST_PUBLIC_KEY: u8 = 0x01;

/// The client's response for an empty password: a packet with this byte.
pub const EMPTY_PASSWORD: u8 = 0x00;

/// Whether `response` stands for an empty password: it is a NUL or empty, depending on the client.
#[must_use]
pub fn is_empty_password(response: &[u8]) -> bool {
    matches!(response, [] | [EMPTY_PASSWORD])
}
