//! A self-signed certificate that is kept in a folder, for clients that verify it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;

use super::TlsError;
use super::certificate::{certificates, private_key};
use super::self_signed::KeyPair;

/// The files of a certificate and its key.
pub(super) struct Kept {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// The certificate that the folder has; a new one where it has none, or one that has expired.
pub(super) fn in_folder(folder: &Path) -> Result<Kept, TlsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::Keep { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    // Two programs that start at once share what the first one makes.
    let lock = File::open(folder).map_err(failed(folder))?;
    lock.lock().map_err(failed(folder))?;
    let kept = Kept {
        cert: folder.join("server-cert.pem"),
        key: folder.join("server-key.pem"),
    };
    if kept.key.exists() && kept.is_good()? {
        return Ok(kept);
    }
    let made = KeyPair::make()?;
    write(&kept.cert, 0o644, &made.certificate_pem()?).map_err(failed(&kept.cert))?;
    // Last: without a key the certificate is made anew.
    write(&kept.key, 0o600, &made.key_pem()?).map_err(failed(&kept.key))?;
    Ok(kept)
}

impl Kept {
    /// Whether it can be used today. Files that are no certificate and key of each other are left
    /// for their owner to look at.
    fn is_good(&self) -> Result<bool, TlsError> {
        let chain = certificates(OPTION, &self.cert)?;
        let key = private_key(OPTION, &self.key)?;
        let today = Asn1Time::days_from_now(0)?;
        let Some(own) = chain.first() else {
            return Ok(false);
        };
        if !own.public_key().is_ok_and(|public| public.public_eq(&key)) {
            return Err(TlsError::Unfit {
                option: OPTION,
                path: self.key.clone(),
                problem: "is not the key of server-cert.pem beside it",
            });
        }
        Ok(own.not_after() > today)
    }
}

/// Replaces a file as a whole.
fn write(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&unfinished)?;
    // One that a crash left may have another mode.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(content)?;
    fs::rename(&unfinished, path)
}

const OPTION: &str = "ssl_self_signed";
