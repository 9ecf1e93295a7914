//! The forms in which real servers store the password `throw-away`.

#![allow(dead_code, reason = "not each test file needs each of them")]

/// `mysql_native_password` of MariaDB 11.8.
pub(crate) const NATIVE: &[u8] = b"*8E4529A4C6557BD606976CDD2D467DCCB18553AB";

/// `ed25519` of MariaDB 11.8.
pub(crate) const ED25519: &[u8] = b"1rW3WydmNUwWqhKfUxwlJLLIb1DjPoZ4/8uzvlkLVa0";

/// `parsec` of MariaDB 11.8.
pub(crate) const PARSEC: &[u8] =
    b"P0:LVj0kWa3CS4WB3Rw1cZnSxNL:ZCEzByO+aleaOQQYaoR/uqI8yf+p8vzVbEZ0ay+IrDY";

/// `caching_sha2_password` of MySQL 9.7.
pub(crate) const CACHING_SHA2: &[u8] =
    b"$A$00A$t\x05*>232\x07X.\x09p|l#:Ouw+9NjwSvuWMkgtpTjf178msnDFMLBEHDW3tdR2n/bHihA";

/// `caching_sha2_password` of MariaDB 11.8.
pub(crate) const CACHING_SHA2_MARIADB: &[u8] =
    b"$A$005$5'/^2bU+3{ee29s`JC+dNSFrqALrZBStAwupAoSN8of3jGk5d5SKDD2J/lHefHD";

/// `sha256_password` of MySQL 9.7.
pub(crate) const SHA256: &[u8] =
    b"$5$0\x1f2*}PNw*=9\x04rl\x11!NX\x09e$Vh8Giqviy2fgWpuhEVKp2Y3whSjk9kygKGFKwKS4Z12";
