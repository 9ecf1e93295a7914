use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Remembered;
use crate::caching_sha2_password::Hash;
use crate::crypto::sha256;

/// The hashes of passwords that clients have sent in full, and that were right, by user: the cache that
/// `caching_sha2_password` is named after. It is empty when a server starts. A clone is another handle to the same
/// cache.
#[derive(Clone, Debug, Default)]
pub struct PasswordCache(Arc<Mutex<HashMap<User, Hash>>>);

/// SHA-256 of a user's name, as names may be long.
type User = [u8; 32];

impl PasswordCache {
    /// The cached hash of this user's password; [`Remembered::Nothing`] if there is none.
    #[must_use]
    pub fn remembered(&self, user: &[u8]) -> Remembered {
        let hash = self.hashes().get(&sha256(user)).copied();
        hash.map_or(Remembered::Nothing, Remembered::Hash)
    }

    /// Keeps the hash of a password that was right, for later logins of this user. If 10,000 users have one already,
    /// all of these hashes are forgotten first.
    pub fn remember(&self, user: &[u8], hash: Hash) {
        let mut hashes = self.hashes();
        if hashes.len() >= MAX_USERS {
            hashes.clear();
        }
        hashes.insert(sha256(user), hash);
    }

    fn hashes(&self) -> MutexGuard<'_, HashMap<User, Hash>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where any user may log in, clients choose the names; at this many the cache is emptied.
const MAX_USERS: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_known_after_the_password_was_sent_once() {
        let cache = PasswordCache::default();
        assert!(matches!(cache.remembered(b"ada"), Remembered::Nothing));
        cache.clone().remember(b"ada", Hash::of(b"secret"));
        let Remembered::Hash(hash) = cache.remembered(b"ada") else {
            panic!("nothing is remembered");
        };
        assert!(hash.is_of(b"secret"));
        assert!(matches!(cache.remembered(b"bert"), Remembered::Nothing));
    }

    #[test]
    fn the_memory_for_users_is_bounded() {
        let cache = PasswordCache::default();
        for user in 0..=MAX_USERS {
            cache.remember(user.to_string().as_bytes(), Hash::of(b""));
        }
        assert_eq!(cache.hashes().len(), 1);
    }
}
