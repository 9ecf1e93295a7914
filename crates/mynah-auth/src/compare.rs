use crate::crypto::{is_same, sha256};

/// Whether two byte strings are equal, in a time that depends on their lengths only.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    is_same(a, b)
}

/// Whether two passwords are equal, in a time that doesn't reveal the length of `own`.
pub(crate) fn same_password(given: &[u8], own: &[u8]) -> bool {
    // The hashes have the same length, whatever the lengths of the passwords.
    same(&sha256(given), &sha256(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_bytes_are_the_same() {
        assert!(same(b"", b""));
        assert!(same(b"ab", b"ab"));
        assert!(!same(b"ab", b"ac"));
        assert!(!same(b"ab", b"abc"));
        assert!(same_password(b"ab", b"ab"));
        assert!(!same_password(b"ab", b"abc"));
    }
}
