use std::collections::BTreeMap;
use std::fmt;

/// The accounts by which a relay logs in to a second server, whose answers are compared with those of the first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MirrorAccounts {
    /// The user who logs in for all clients; with `None`, the user's name is that of the client.
    pub user: Option<String>,
    /// The password of users that [`passwords`](Self::passwords) doesn't have; empty by default.
    pub password: String,
    /// The passwords of users, by their names.
    pub passwords: BTreeMap<String, String>,
}

impl MirrorAccounts {
    /// The user and the password by which to log in for a client with this user name.
    pub(super) fn of<'a>(&'a self, user: &'a str) -> (&'a str, &'a str) {
        let user = self.user.as_deref().unwrap_or(user);
        let password = self.passwords.get(user).unwrap_or(&self.password);
        (user, password)
    }
}

impl fmt::Debug for MirrorAccounts {
    /// Hides the passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MirrorAccounts")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_its_own_password_or_that_of_all() {
        let mut accounts = MirrorAccounts {
            password: "all".to_owned(),
            ..MirrorAccounts::default()
        };
        accounts
            .passwords
            .insert("ada".to_owned(), "own".to_owned());
        assert_eq!(accounts.of("ada"), ("ada", "own"));
        assert_eq!(accounts.of("bert"), ("bert", "all"));
        accounts.user = Some("reader".to_owned());
        assert_eq!(accounts.of("ada"), ("reader", "all"));
        assert!(!format!("{accounts:?}").contains("own"));
    }
}
