use std::fmt;

use crate::AuthMethod;

/// An authentication method that the client's first response decides, so that a server can check
/// it without an [`Exchange`](crate::server::Exchange). [`AuthMethod`] has all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// [`caching_sha2_password`](crate::caching_sha2_password), the default since MySQL 8.0.
    CachingSha2Password,
    /// [`mysql_native_password`](crate::native_password), the default before it.
    NativePassword,
    /// [`mysql_clear_password`](crate::clear_password).
    ClearPassword,
}

impl Method {
    /// The method of that name, if it is known.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [
            Self::CachingSha2Password,
            Self::NativePassword,
            Self::ClearPassword,
        ]
        .into_iter()
        .find(|method| method.name().as_bytes() == name)
    }

    /// The method's name, as it crosses the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CachingSha2Password => "caching_sha2_password",
            Self::NativePassword => "mysql_native_password",
            Self::ClearPassword => "mysql_clear_password",
        }
    }
}

impl From<Method> for AuthMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::CachingSha2Password => Self::CachingSha2Password,
            Method::NativePassword => Self::NativePassword,
            Method::ClearPassword => Self::ClearPassword,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
