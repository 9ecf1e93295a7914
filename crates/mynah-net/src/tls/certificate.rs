use std::path::Path;

use openssl::pkey::{PKey, Private};
use openssl::ssl::SslContextBuilder;
use openssl::x509::X509;

use super::TlsError;

/// Sets the server's certificate, the chain to its authority, and its key.
pub(super) fn set(
    context: &mut SslContextBuilder,
    cert: &Path,
    key: &Path,
) -> Result<(), TlsError> {
    let mut chain = certificates("ssl_cert", cert)?.into_iter();
    let refused = |option, path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::Refused {
            option,
            path,
            source,
        }
    };
    if let Some(own) = chain.next() {
        context
            .set_certificate(&own)
            .map_err(refused("ssl_cert", cert))?;
    }
    for authority in chain {
        context
            .add_extra_chain_cert(authority)
            .map_err(refused("ssl_cert", cert))?;
    }
    let private = private_key("ssl_key", key)?;
    context
        .set_private_key(&private)
        .map_err(refused("ssl_key", key))?;
    context.check_private_key().map_err(|_| TlsError::Unfit {
        option: "ssl_key",
        path: key.to_owned(),
        problem: "is not the key of ssl_cert",
    })
}

/// Reads the private key in a file.
pub(super) fn private_key(option: &'static str, path: &Path) -> Result<PKey<Private>, TlsError> {
    // Without this, OpenSSL would ask the terminal for a pass phrase.
    let no_pass_phrase = |_: &mut [u8]| Ok(0);
    let key = PKey::private_key_from_pem_callback(&read(option, path)?, no_pass_phrase);
    key.map_err(|_| TlsError::Unfit {
        option,
        path: path.to_owned(),
        problem: "is no private key in PEM without a pass phrase",
    })
}

/// Reads the certificates in a file, at least one.
pub(super) fn certificates(option: &'static str, path: &Path) -> Result<Vec<X509>, TlsError> {
    match X509::stack_from_pem(&read(option, path)?) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(TlsError::Unfit {
            option,
            path: path.to_owned(),
            problem: "holds no certificate in PEM",
        }),
    }
}

pub(super) fn read(option: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read {
        option,
        path: path.to_owned(),
        source,
    })
}
