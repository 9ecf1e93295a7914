use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use openssl::ssl::SslContextBuilder;

use super::TlsError;

/// Appends the secrets of each handshake to a file.
pub(super) fn set(context: &mut SslContextBuilder, path: &Path) -> Result<(), TlsError> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| TlsError::Read {
            option: "SSLKEYLOGFILE",
            path: path.to_owned(),
            source,
        })?;
    let file = Mutex::new(file);
    context.set_keylog_callback(move |_, line| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // If the file can't be written, the connection continues without.
        let _full = file.write_all(format!("{line}\n").as_bytes());
    });
    Ok(())
}
