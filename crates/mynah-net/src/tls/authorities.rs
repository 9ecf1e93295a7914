#[cfg(feature = "vendored-openssl")]
use std::path::PathBuf;

use openssl::error::ErrorStack;
use openssl::ssl::SslContextBuilder;

/// Trusts the authorities that the system trusts.
#[cfg(not(feature = "vendored-openssl"))]
pub(super) fn trust_the_systems(context: &mut SslContextBuilder) -> Result<(), ErrorStack> {
    context.set_default_verify_paths()
}

/// Trusts the authorities that the system trusts. An OpenSSL that is part of the program looks for them only where it
/// would have been installed itself, and each system has them elsewhere.
#[cfg(feature = "vendored-openssl")]
pub(super) fn trust_the_systems(context: &mut SslContextBuilder) -> Result<(), ErrorStack> {
    let found = openssl_probe::probe();
    // As in OpenSSL's own defaults, a file without certificates is no error. A path that isn't UTF-8 would panic.
    let is_text = |path: &&PathBuf| path.to_str().is_some();
    for file in found.cert_file.iter().filter(is_text) {
        let _is_loaded = context.load_verify_locations(Some(file), None).is_ok();
    }
    for folder in found.cert_dir.iter().filter(is_text) {
        let _is_loaded = context.load_verify_locations(None, Some(folder)).is_ok();
    }
    Ok(())
}
