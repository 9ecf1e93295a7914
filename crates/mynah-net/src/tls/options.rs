use std::path::PathBuf;
use std::str::FromStr;

use openssl::ssl::SslVersion;
use thiserror::Error;

/// How a server speaks TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// Whether it does at all.
    pub mode: TlsMode,
    /// The server's certificate and those that lead from it to an authority, in PEM.
    pub cert: Option<PathBuf>,
    /// The key of the certificate, in PEM and without a pass phrase.
    pub key: Option<PathBuf>,
    /// The authorities that client certificates are verified with, in PEM. With it, or `capath`,
    /// clients are asked for a certificate; one that has none is no worse for it unless its
    /// account needs one.
    pub ca: Option<PathBuf>,
    /// A folder of authorities, in files that are named by hash, as `openssl rehash` does it.
    pub capath: Option<PathBuf>,
    /// Which certificates were revoked, in PEM. With it, or `crlpath`, there has to be such a list
    /// of each authority.
    pub crl: Option<PathBuf>,
    /// A folder of such lists, in files that are named by hash.
    pub crlpath: Option<PathBuf>,
    /// The ciphers, by OpenSSL's names, with `:` between them: those up to TLS 1.2, those of
    /// TLS 1.3, or both. OpenSSL's defaults stand for the kind that isn't there.
    pub cipher: Option<String>,
    /// The one version that is spoken; absent, TLS 1.2 and later.
    pub version: Option<TlsVersion>,
    /// Whether a certificate is made where there is neither [`cert`](Self::cert) nor
    /// [`key`](Self::key): for `localhost`, `127.0.0.1` and `::1`, signed by its own key.
    pub self_signed: SelfSigned,
    /// A file that secrets are appended to which let others decipher what was recorded, in NSS's
    /// key log format.
    pub key_log: Option<PathBuf>,
}

/// Whether a server makes its certificate itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SelfSigned {
    /// It doesn't.
    #[default]
    Never,
    /// It makes one when it starts, which no file ever holds.
    InMemory,
    /// It takes the one in this folder, `server-cert.pem` and `server-key.pem`, and makes it there
    /// first if there is none or it has expired. Clients verify the server with `server-cert.pem`.
    KeptIn(PathBuf),
}

/// Whether clients get TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// They don't.
    #[default]
    Disabled,
    /// They do if they want.
    Preferred,
    /// They do; those who don't want are refused, unless they come by a Unix socket.
    Required,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TlsVersion {
    /// `TLSv1`. Its ciphers are not strong enough for OpenSSL 3 by default, which is overruled.
    V1_0,
    /// `TLSv1.1`, of which the same is true.
    V1_1,
    /// `TLSv1.2`.
    V1_2,
    /// `TLSv1.3`.
    V1_3,
}

/// The name of a version of TLS that isn't one.
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

    /// Whether OpenSSL 3 takes it for too weak.
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
