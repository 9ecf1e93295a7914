use std::fmt;

/// A client's authentication data: schema, user and response, with a NUL between them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuthData<'a> {
    /// The schema to use; empty if there is none.
    pub schema: &'a [u8],
    /// The name of the user who logs in.
    pub user: &'a [u8],
    /// The mechanism's response: with `PLAIN` the password, otherwise hex digits, with `MYSQL41` after a `*`; empty for
    /// an empty password.
    pub response: &'a [u8],
}

impl<'a> AuthData<'a> {
    /// Reads authentication data; `None` if there are fewer than two NULs.
    #[must_use]
    pub fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        let mut parts = bytes.splitn(3, |byte| *byte == 0);
        Some(Self {
            schema: parts.next()?,
            user: parts.next()?,
            response: parts.next()?,
        })
    }

    /// Joins schema, user and response by NULs. Schema and user must not contain a NUL; this isn't checked, and the
    /// server would split them there.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.schema, self.user, self.response].join(&0)
    }
}

impl fmt::Debug for AuthData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthData")
            .field("schema", &self.schema.escape_ascii().to_string())
            .field("user", &self.user.escape_ascii().to_string())
            .finish_non_exhaustive()
    }
}
