//! The slow hash that [`sha256_password`](crate::sha256_password) and
//! [`caching_sha2_password`](crate::caching_sha2_password) store: SHA-256 crypt, with a salt of 20
//! bytes where `crypt` has 16.

use std::fmt;

use crate::compare::same;
use crate::crypto::{Sha256, sha256};
use crate::{AuthError, Method};

/// The stored form of a password for `caching_sha2_password` or `sha256_password`, which clients can prove only by
/// the password itself.
#[derive(Clone)]
pub struct Hash {
    rounds: u32,
    salt: Vec<u8>,
    digits: [u8; DIGITS],
}

impl Hash {
    /// The length in bytes of the longest password that is hashed, as in MySQL. A longer one is wrong for any hash.
    pub const MAX_PASSWORD: usize = 256;

    /// Reads an authentication string: `$5$`, salt, `$` and 43 characters with `sha256_password`,
    /// `$A$`, thousands of rounds as three hex digits, `$`, 20 bytes of salt and 43 characters with
    /// `caching_sha2_password`.
    ///
    /// # Errors
    /// [`AuthError::NotStored`] for anything else, including the format of another method.
    pub fn parse(method: Method, stored: &[u8]) -> Result<Self, AuthError> {
        let parsed = match method {
            Method::Sha256Password => Self::parse_sha256(stored),
            Method::CachingSha2Password => Self::parse_caching_sha2(stored),
            _ => None,
        };
        parsed.ok_or(AuthError::NotStored { method })
    }

    /// Whether this is the hash of the given password. Slow by design: it takes as many rounds as the stored form says,
    /// 5000 with MySQL's defaults.
    #[must_use]
    pub fn is_of(&self, password: &[u8]) -> bool {
        password.len() <= Self::MAX_PASSWORD
            && same(&digits(password, &self.salt, self.rounds), &self.digits)
    }

    fn parse_sha256(stored: &[u8]) -> Option<Self> {
        let rest = stored.strip_prefix(b"$5$")?;
        let (rest, digits) = rest.split_last_chunk()?;
        let salt = rest.strip_suffix(b"$")?;
        (salt.len() <= SALT_LEN).then(|| Self {
            rounds: 5000,
            salt: salt.to_vec(),
            digits: *digits,
        })
    }

    fn parse_caching_sha2(stored: &[u8]) -> Option<Self> {
        let (thousands, rest) = stored.strip_prefix(b"$A$")?.split_first_chunk::<3>()?;
        // `from_str_radix` also takes a sign.
        if !thousands.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let thousands = u32::from_str_radix(str::from_utf8(thousands).ok()?, 16).ok()?;
        let (salt, digits) = rest.strip_prefix(b"$")?.split_first_chunk::<SALT_LEN>()?;
        Some(Self {
            rounds: thousands.checked_mul(1000)?,
            salt: salt.to_vec(),
            digits: digits.try_into().ok()?,
        })
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({} rounds, hidden)", self.rounds)
    }
}

/// The steps of SHA-crypt, as in Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512". Any other
/// order of the updates gives another hash.
fn digits(password: &[u8], salt: &[u8], rounds: u32) -> [u8; DIGITS] {
    let mut digest = first_digest(password, salt);
    // The salt is hashed as often as the first byte of the digest demands.
    let repeats = 16_usize.saturating_add(digest.first().copied().unwrap_or_default().into());
    let password = fill(&repeated(password, password.len()), password.len());
    let salt = fill(&repeated(salt, repeats), salt.len());
    for round in 0..rounds {
        let mut next = Sha256::new();
        let odd = round % 2 == 1;
        next.update(if odd { &password } else { &digest });
        if round % 3 != 0 {
            next.update(&salt);
        }
        if round % 7 != 0 {
            next.update(&password);
        }
        next.update(if odd { &digest } else { &password });
        digest = next.finish();
    }
    encode(&digest)
}

fn first_digest(password: &[u8], salt: &[u8]) -> [u8; 32] {
    let inner = sha256(&[password, salt, password].concat());
    let mut outer = Sha256::new();
    outer.update(password);
    outer.update(salt);
    outer.update(&fill(&inner, password.len()));
    let mut bits = password.len();
    // One update per bit of the length, the lowest first.
    while bits > 0 {
        outer.update(if bits % 2 == 1 { &inner } else { password });
        bits /= 2;
    }
    outer.finish()
}

fn repeated(bytes: &[u8], times: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    for _ in 0..times {
        hash.update(bytes);
    }
    hash.finish()
}

/// The bytes of a digest, repeated to `len` bytes.
fn fill(digest: &[u8; 32], len: usize) -> Vec<u8> {
    digest.iter().copied().cycle().take(len).collect()
}

/// Base 64 with the alphabet and byte order of `crypt`.
fn encode(digest: &[u8; 32]) -> [u8; DIGITS] {
    let byte = |at: usize| u32::from(digest.get(at).copied().unwrap_or_default());
    let mut digits = [0; DIGITS];
    let mut free = digits.iter_mut();
    // The bytes of each group are 10 apart, modulo 30; the two remaining ones come last.
    let groups = (0..10).map(|group| {
        let start = group * 21 % 30;
        let [a, b, c] = [start, (start + 10) % 30, (start + 20) % 30];
        byte(a) << 16 | byte(b) << 8 | byte(c)
    });
    for mut group in groups.chain([byte(31) << 8 | byte(30)]) {
        for digit in free.by_ref().take(4) {
            let value = usize::try_from(group & 63).unwrap_or_default();
            *digit = ALPHABET.get(value).copied().unwrap_or_default();
            group >>= 6;
        }
    }
    digits
}

const SALT_LEN: usize = 20;
const DIGITS: usize = 43;
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
