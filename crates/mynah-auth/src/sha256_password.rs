//! `sha256_password`: the server gets the password itself, in clear over a secure channel,
//! encrypted over any other.
//!
//! The client's response is, for an empty password, a NUL; over a secure channel, the password
//! [in clear](crate::clear_password); over another [`REQUEST_PUBLIC_KEY`], and when the key is
//! there the password [encrypted](crate::rsa), or at once if it has the key already.
//!
//! Documentation page: SHA256.

/// What the client says to get the server's public key.
pub const REQUEST_PUBLIC_KEY: u8 = 0x01;

/// The client's response for an empty password.
pub const EMPTY_PASSWORD: u8 = 0x00;

/// Whether `response` is the one to an empty password: a NUL, or nothing in a client's first
/// packet.
#[must_use]
pub fn is_empty_password(response: &[u8]) -> bool {
    matches!(response, [] | [EMPTY_PASSWORD])
}
