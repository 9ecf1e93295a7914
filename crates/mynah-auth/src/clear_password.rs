//! `mysql_clear_password`: the password as it is, for a server that has somebody else check it.
//! The same bytes are what [`caching_sha2_password`](crate::caching_sha2_password) and
//! [`sha256_password`](crate::sha256_password) send over a secure channel.
//!
//! Documentation page: Clear text client plugin.

use crate::compare::same_password;

/// The client's response: the password and a NUL.
#[must_use]
pub fn response(password: &[u8]) -> Vec<u8> {
    [password, b"\0"].concat()
}

/// The password in a response: all of it up to the NUL at its end, which some clients leave out.
#[must_use]
pub fn password(response: &[u8]) -> &[u8] {
    response.strip_suffix(b"\0").unwrap_or(response)
}

/// Whether `response` is `password`. The time it takes doesn't tell how long the password is.
#[must_use]
pub fn verify(response: &[u8], password: &[u8]) -> bool {
    same_password(self::password(response), password)
}
