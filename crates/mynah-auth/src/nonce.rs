use std::fmt;

use crate::NonceError;

/// The random bytes that a server sends for a login. The response is computed from the nonce and
/// the password, so that a recorded response is useless for another login.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; Self::LEN]);

impl Nonce {
    /// The length of a nonce in bytes, without the NUL that closes it on the wire.
    pub const LEN: usize = 20;

    /// A nonce from the system's random bytes. None of its bytes is NUL, which would end it for
    /// clients that read it as a C string; all are ASCII, as with servers.
    ///
    /// # Errors
    /// When the system provides no random bytes.
    pub fn random() -> Result<Self, NonceError> {
        Ok(Self(random()?))
    }

    /// A nonce of these bytes, cut or padded with NULs to [`LEN`](Self::LEN) bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(fit(bytes))
    }

    /// The bytes of the nonce, without a closing NUL.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({})", self.0.escape_ascii())
    }
}

/// The nonce of [`ed25519`](crate::ed25519), and of client and server in [`parsec`](crate::parsec): any
/// bytes, without a closing NUL. A server that doesn't know yet which method it will ask for makes
/// a long one, and cuts it where a [`Nonce`] is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LongNonce([u8; Self::LEN]);

impl LongNonce {
    /// Length of a long nonce in bytes.
    pub const LEN: usize = 32;

    /// A nonce from the system's random bytes. It is printable ASCII, as a [`Nonce`] is, so that it
    /// may be cut to one.
    ///
    /// # Errors
    /// When the system provides no random bytes.
    pub fn random() -> Result<Self, NonceError> {
        Ok(Self(random()?))
    }

    /// A nonce of these bytes, cut or padded with NULs to [`LEN`](Self::LEN) bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(fit(bytes))
    }

    /// The bytes of the nonce, without a closing NUL.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl fmt::Debug for LongNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LongNonce({})", self.0.escape_ascii())
    }
}

/// Random printable characters. The first 68 of the 94 are more likely, 3 in 256 to 2, so that each
/// holds 6.5 bits: 130 bits in a nonce.
fn random<const N: usize>() -> Result<[u8; N], NonceError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NonceError)?;
    Ok(bytes.map(|byte| b'!' + byte % 94))
}

fn fit<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut fitted = [0; N];
    for (to, from) in fitted.iter_mut().zip(bytes) {
        *to = *from;
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_nonces_differ_and_have_no_nul() {
        let (a, b) = (Nonce::random().unwrap(), Nonce::random().unwrap());
        assert_ne!(a, b);
        assert!(a.as_bytes().iter().all(u8::is_ascii_graphic), "{a:?}");
    }

    #[test]
    fn random_long_nonces_differ_and_may_be_cut_to_short_ones() {
        let (a, b) = (LongNonce::random().unwrap(), LongNonce::random().unwrap());
        assert_ne!(a, b);
        assert!(a.as_bytes().iter().all(u8::is_ascii_graphic), "{a:?}");
    }

    #[test]
    fn short_bytes_are_padded_and_long_ones_cut() {
        assert_eq!(Nonce::from_bytes(b"abc").as_bytes()[..5], *b"abc\0\0");
        assert_eq!(Nonce::from_bytes(&[7; 40]).as_bytes(), &[7; 20]);
        assert_eq!(LongNonce::from_bytes(&[7; 40]).as_bytes(), &[7; 32]);
    }
}
