//! `mysql_clear_password`: the password as it is, for a server that has somebody else check it.
//!
//! Documentation page: Clear text client plugin.

/// The client's response: the password and a NUL.
#[must_use]
pub fn response(password: &[u8]) -> Vec<u8> {
    [password, b"\0"].concat()
}

/// Whether `response` is `password`. Takes as long whatever a response of its length is.
#[must_use]
pub fn verify(response: &[u8], password: &[u8]) -> bool {
    let given = response.strip_suffix(b"\0").unwrap_or(response);
    given.len() == password.len() && openssl::memcmp::eq(given, password)
}
