//! Hashes and comparison in constant time. They are OpenSSL's with the feature `openssl`, and those
//! of the RustCrypto crates without it, with the feature `rustcrypto`. RSA is OpenSSL's only: the decryption of the
//! crate `rsa` is known to leak the key by its timing (RUSTSEC-2023-0071).

#[cfg(feature = "openssl")]
mod openssl;
#[cfg_attr(feature = "openssl", path = "openssl_rsa.rs")]
#[cfg_attr(not(feature = "openssl"), path = "no_rsa.rs")]
pub(crate) mod rsa;
// With both features, only tests use it.
#[cfg(feature = "rustcrypto")]
#[cfg_attr(feature = "openssl", allow(dead_code, unused_imports))]
mod rustcrypto;

#[cfg(feature = "openssl")]
use self::openssl as backend;
#[cfg(all(feature = "rustcrypto", not(feature = "openssl")))]
use rustcrypto as backend;

#[cfg(any(feature = "openssl", feature = "rustcrypto"))]
pub(crate) use backend::{Error, Sha1, Sha256, is_same, pbkdf2_sha512, sha1, sha256, sha512};

#[cfg(not(any(feature = "openssl", feature = "rustcrypto")))]
compile_error!("mynah-auth needs hashes: turn on the feature `openssl` or `rustcrypto`");

#[cfg(all(test, feature = "openssl", feature = "rustcrypto"))]
mod tests;
