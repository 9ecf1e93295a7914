use std::path::PathBuf;
use std::str::FromStr;

use openssl::ssl::SslVersion;
use thiserror::Error;

/// How a server uses TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// Whether clients may or must use TLS; by default they can't.
    pub mode: TlsMode,
    /// A file with the server's certificate and the chain to its authority, in PEM. With `None`,
    /// [`TlsServer::new`](super::TlsServer::new) fails unless a certificate is [self-signed](Self::self_signed).
    pub cert: Option<PathBuf>,
    /// A file with the private key of [`cert`](Self::cert), in PEM and without a pass phrase. With `None`,
    /// [`TlsServer::new`](super::TlsServer::new) fails unless a certificate is [self-signed](Self::self_signed).
    pub key: Option<PathBuf>,
    /// A file with the authorities for verifying client certificates, in PEM; none by default. With this or `capath`,
    /// clients are asked for a certificate; a client without one is still accepted unless its account needs one.
    pub ca: Option<PathBuf>,
    /// A folder of authorities for verifying client certificates, in files named by hash, as `openssl rehash` does
    /// it; none by default.
    pub capath: Option<PathBuf>,
    /// A file with certificate revocation lists, in PEM; none by default. With this or `crlpath`, a client certificate
    /// is accepted only if there is a list of each of its authorities.
    pub crl: Option<PathBuf>,
    /// A folder of revocation lists, in files named by hash, as `openssl rehash` does it; none by default.
    pub crlpath: Option<PathBuf>,
    /// The ciphers, by OpenSSL's names, separated by `:`: those up to TLS 1.2, those of TLS 1.3, or both. For a
    /// kind without any, and with `None`, OpenSSL's defaults are used.
    pub cipher: Option<String>,
    /// The only version of TLS to use; `None` for TLS 1.2 and later.
    pub version: Option<TlsVersion>,
    /// Whether a certificate is made if neither [`cert`](Self::cert) nor [`key`](Self::key) is set:
    /// for `localhost`, `127.0.0.1` and `::1`, signed by its own key.
    pub self_signed: SelfSigned,
    /// A file that receives the secrets of each handshake in NSS's key log format, so that recorded traffic can be
    /// decrypted; none by default.
    pub key_log: Option<PathBuf>,
}

/// Whether a server makes a self-signed certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SelfSigned {
    /// The server makes no certificate.
    #[default]
    Never,
    /// The server makes a certificate at each start, and keeps the certificate in memory only.
    InMemory,
    /// The server uses the certificate in this folder, `server-cert.pem` and `server-key.pem`. If there is none, or
    /// it has expired, the server makes one there first. Clients verify the server with `server-cert.pem`.
    KeptIn(PathBuf),
}

/// Whether clients may or must use TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// Clients can't use TLS.
    #[default]
    Disabled,
    /// Clients may use TLS.
    Preferred,
    /// Clients must use TLS, unless they connect by a Unix socket; TCP clients without TLS are refused.
    Required,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// `TLSv1`. OpenSSL 3 disables it by default for its weak ciphers; choosing it overrides that.
    V1_0,
    /// `TLSv1.1`. As `TLSv1`, OpenSSL 3 disables it by default; choosing it overrides that.
    V1_1,
    /// `TLSv1.2`, the earliest version that is used by default.
    V1_2,
    /// `TLSv1.3`, the latest version.
    V1_3,
}

/// The error for a text that isn't the name of a version of TLS; it contains the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown TLS version '{0}'; it is one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3")]
pub struct UnknownTlsVersion(pub String);

impl FromStr for TlsVersion {
    type Err = UnknownTlsVersion;

    fn from_str(name: &str) -> Result<Self, UnknownTlsVersion> {
        match name {
            "TLSv1" => Ok(Self::V1_0),
            "TLSv1.1" => Ok(Self::V1_1),
            "TLSv1.2" => Ok(Self::V1_2),
            "TLSv1.3" => Ok(Self::V1_3),
            other => Err(UnknownTlsVersion(other.to_owned())),
        }
    }
}

impl TlsVersion {
    pub(super) fn of_openssl(self) -> SslVersion {
        match self {
            Self::V1_0 => SslVersion::TLS1,
            Self::V1_1 => SslVersion::TLS1_1,
            Self::V1_2 => SslVersion::TLS1_2,
            Self::V1_3 => SslVersion::TLS1_3,
        }
    }

    /// Whether OpenSSL 3 disables it by default.
    pub(super) fn is_weak(self) -> bool {
        matches!(self, Self::V1_0 | Self::V1_1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_named_exactly() {
        assert_eq!("TLSv1.1".parse(), Ok(TlsVersion::V1_1));
        for name in ["TLSv1.0", "tlsv1.2", "TLSv1.2,TLSv1.3", "", "SSLv3"] {
            let error = name.parse::<TlsVersion>().unwrap_err();
            assert!(error.to_string().contains(&format!("'{name}'")), "{error}");
        }
    }
}
