use std::fmt;

use crate::compare::same_password;

/// A password: any bytes, in the connection's character set. `Debug` doesn't show it, and the time of
/// comparing two passwords doesn't depend on how many of their bytes are equal.
#[derive(Clone, Default, Eq)]
pub struct Password(Box<[u8]>);

impl Password {
    /// The bytes of the password, in clear.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the password is empty. An empty password stands for an account without a password.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Password {
    fn eq(&self, other: &Self) -> bool {
        same_password(&self.0, &other.0)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

impl From<&[u8]> for Password {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for Password {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(
            format!("{:?}", Password::from("secret")),
            "Password(hidden)"
        );
    }

    #[test]
    fn passwords_are_equal_when_their_bytes_are() {
        assert_eq!(Password::from("secret"), Password::from(b"secret".to_vec()));
        assert_ne!(Password::from("secret"), Password::from("secre"));
        assert!(Password::default().is_empty());
    }
}
