use std::path::Path;

use openssl::error::ErrorStack;
use openssl::ssl::{SslContextBuilder, SslFiletype, SslVerifyMode};
use openssl::x509::X509;
use openssl::x509::store::X509Lookup;
use openssl::x509::verify::X509VerifyFlags;

use super::certificate::{certificates, read};
use super::{TlsError, TlsOptions};

/// Asks clients for certificates if the options name anything to verify them with.
pub(super) fn set(context: &mut SslContextBuilder, options: &TlsOptions) -> Result<(), TlsError> {
    if let Some(path) = &options.ca {
        authorities(context, path)?;
    }
    if let Some(path) = &options.capath {
        folder(context, "ssl_capath", path)?;
    }
    if let Some(path) = &options.crl {
        revoked(context, path)?;
    }
    if let Some(path) = &options.crlpath {
        folder(context, "ssl_crlpath", path)?;
    }
    if options.crl.is_some() || options.crlpath.is_some() {
        let check = X509VerifyFlags::CRL_CHECK | X509VerifyFlags::CRL_CHECK_ALL;
        context.cert_store_mut().set_flags(check)?;
    }
    if options.ca.is_some() || options.capath.is_some() {
        context.set_verify(SslVerifyMode::PEER);
    }
    Ok(())
}

fn authorities(context: &mut SslContextBuilder, path: &Path) -> Result<(), TlsError> {
    let refused = |source| TlsError::Refused {
        option: "ssl_ca",
        path: path.to_owned(),
        source,
    };
    for authority in certificates("ssl_ca", path)? {
        context.add_client_ca(&authority).map_err(refused)?;
        add(context, authority).map_err(refused)?;
    }
    Ok(())
}

fn add(context: &mut SslContextBuilder, authority: X509) -> Result<(), ErrorStack> {
    context.cert_store_mut().add_cert(authority)
}

fn revoked(context: &mut SslContextBuilder, path: &Path) -> Result<(), TlsError> {
    let option = "ssl_crl";
    let text = read(option, path)?;
    let unfit = |problem| TlsError::Unfit {
        option,
        path: path.to_owned(),
        problem,
    };
    if openssl::x509::X509Crl::from_pem(&text).is_err() {
        return Err(unfit("holds no certificate revocation list in PEM"));
    }
    if !is_for_openssl(path) {
        return Err(unfit("has a path that is not UTF-8"));
    }
    let files = context.cert_store_mut().add_lookup(X509Lookup::file())?;
    match files.load_crl_file(path, SslFiletype::PEM) {
        Ok(_) => Ok(()),
        Err(source) => Err(TlsError::Refused {
            option,
            path: path.to_owned(),
            source,
        }),
    }
}

fn folder(
    context: &mut SslContextBuilder,
    option: &'static str,
    path: &Path,
) -> Result<(), TlsError> {
    // OpenSSL opens the folder only for the first client, and ignores a missing one then.
    std::fs::read_dir(path).map_err(|source| TlsError::Read {
        option,
        path: path.to_owned(),
        source,
    })?;
    let Some(name) = path.to_str().filter(|_| is_for_openssl(path)) else {
        return Err(TlsError::Unfit {
            option,
            path: path.to_owned(),
            problem: "has a path that is not UTF-8",
        });
    };
    let folders = context
        .cert_store_mut()
        .add_lookup(X509Lookup::hash_dir())?;
    folders
        .add_dir(name, SslFiletype::PEM)
        .map_err(|source| TlsError::Refused {
            option,
            path: path.to_owned(),
            source,
        })
}

/// Whether the path can be passed to OpenSSL's binding, which takes UTF-8 only.
fn is_for_openssl(path: &Path) -> bool {
    path.to_str().is_some_and(|path| !path.contains('\0'))
}
