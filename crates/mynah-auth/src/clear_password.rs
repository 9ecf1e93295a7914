//! `mysql_clear_password`: the password in clear, for a server that has it checked elsewhere, by
//! PAM say. [`caching_sha2_password`](crate::caching_sha2_password) and
//! [`sha256_password`](crate::sha256_password) send the same bytes under TLS, the former on a Unix
//! socket, too.
//!
//! Documentation page: Clear text client plugin.

use crate::compare::same_password;

/// The client's response: the password and a NUL.
#[must_use]
pub fn response(password: &[u8]) -> Vec<u8> {
    [password, b"\0"].concat()
}

/// The password in a response: everything up to the NUL at its end, which some clients omit.
#[must_use]
pub fn password(response: &[u8]) -> &[u8] {
    response.strip_suffix(b"\0").unwrap_or(response)
}

/// Whether `response` is `password`. The time doesn't reveal how long the password is.
#[must_use]
pub fn verify(response: &[u8], password: &[u8]) -> bool {
    same_password(self::password(response), password)
}
