//! A self-signed certificate that is stored in a folder, for clients that verify it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;

use super::TlsError;
use super::certificate::{certificates, private_key};
use super::self_signed::KeyPair;

/// The files of a certificate and its key.
pub(super) struct KeptFiles {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// The folder's certificate; makes a new one if there is none or it has expired.
pub(super) fn in_folder(folder: &Path) -> Result<KeptFiles, TlsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::Keep { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    // The lock lets two programs that start at once share the certificate that the first one makes.
    let lock = File::open(folder).map_err(failed(folder))?;
    lock.lock().map_err(failed(folder))?;
    let kept = KeptFiles {
        cert: folder.join("server-cert.pem"),
        key: folder.join("server-key.pem"),
    };
    if kept.key.exists() && kept.is_good()? {
        return Ok(kept);
    }
    let made = KeyPair::make()?;
    write(&kept.cert, 0o644, &made.certificate_pem()?).map_err(failed(&kept.cert))?;
    // The key is written last: a certificate without a key is incomplete, and made again.
    write(&kept.key, 0o600, &made.key_pem()?).map_err(failed(&kept.key))?;
    Ok(kept)
}

impl KeptFiles {
    /// Whether the certificate is valid today. Files that don't belong together are an error, and
    /// left as they are.
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

/// Replaces a file in one step.
fn write(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&unfinished)?;
    // A file left by a crash may have another mode.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(content)?;
    fs::rename(&unfinished, path)
}

const OPTION: &str = "ssl_self_signed";
