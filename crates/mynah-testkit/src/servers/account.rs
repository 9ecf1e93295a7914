/// An account of a started server. It has all privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name of the account, which may connect from any host.
    pub user: &'static str,
    /// The password of the account; empty if it has none.
    pub password: &'static str,
    /// The server's authentication plugin for the account.
    pub plugin: &'static str,
}

/// The password of every account that has one.
pub const PASSWORD: &str = "throw-away";

/// The name of a schema that every server has.
pub const SCHEMA: &str = "test";

impl Account {
    pub(crate) const fn new(user: &'static str, plugin: &'static str) -> Self {
        Self {
            user,
            password: PASSWORD,
            plugin,
        }
    }

    pub(crate) const fn without_password(user: &'static str, plugin: &'static str) -> Self {
        Self {
            user,
            password: "",
            plugin,
        }
    }
}
