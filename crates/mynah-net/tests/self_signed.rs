//! Self-signed certificates that a server stores in a folder.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use mynah_net::{SelfSigned, TlsError, TlsMode, TlsOptions, TlsServer};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::x509::X509;
use tempfile::TempDir;

fn start(folder: &Path) -> Result<TlsServer, TlsError> {
    TlsServer::new(&TlsOptions {
        mode: TlsMode::Preferred,
        self_signed: SelfSigned::KeptIn(folder.to_owned()),
        ..TlsOptions::default()
    })
}

/// A folder with a certificate, and the paths of the certificate and its key.
fn made() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    start(folder.path()).unwrap();
    let (cert, key) = (
        folder.path().join("server-cert.pem"),
        folder.path().join("server-key.pem"),
    );
    (folder, cert, key)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_the_owner_reads_the_key_and_all_read_the_certificate() {
    let (folder, cert, key) = made();
    assert_eq!((mode(&key), mode(&cert)), (0o600, 0o644));
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}

#[test]
fn the_certificate_is_for_this_machine() {
    let (_folder, cert, _) = made();
    let cert = X509::from_pem(&fs::read(cert).unwrap()).unwrap();
    let names = cert.subject_alt_names().unwrap();
    let names: Vec<_> = names
        .iter()
        .map(|name| match (name.dnsname(), name.ipaddress()) {
            (Some(name), _) => name.to_owned(),
            (None, address) => format!("{address:?}"),
        })
        .collect();
    let v6 = "Some([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])";
    assert_eq!(names, ["localhost", "Some([127, 0, 0, 1])", v6]);
}

#[test]
fn a_folder_that_is_not_there_is_made() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a/b");
    start(&folder).unwrap();
    assert!(folder.join("server-key.pem").exists());
}

#[test]
fn an_existing_certificate_is_used_again() {
    let (folder, cert, key) = made();
    let before = (fs::read(&cert).unwrap(), fs::read(&key).unwrap());
    start(folder.path()).unwrap();
    assert_eq!((fs::read(&cert).unwrap(), fs::read(&key).unwrap()), before);
}

#[test]
fn servers_that_start_at_once_share_one() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| start(folder.path()).unwrap());
        }
    });
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}

#[test]
fn an_expired_certificate_is_replaced() {
    let (folder, cert, key) = made();
    let own = PKey::private_key_from_pem(&fs::read(&key).unwrap()).unwrap();
    let mut expired = X509::builder().unwrap();
    expired
        .set_not_before(&Asn1Time::from_unix(0).unwrap())
        .unwrap();
    expired
        .set_not_after(&Asn1Time::from_unix(1_000_000_000).unwrap())
        .unwrap();
    expired.set_pubkey(&own).unwrap();
    expired.sign(&own, MessageDigest::sha256()).unwrap();
    let expired = expired.build().to_pem().unwrap();
    fs::write(&cert, &expired).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    start(folder.path()).unwrap();
    assert_ne!(fs::read(&cert).unwrap(), expired);
    assert_eq!(mode(&key), 0o600);
}

#[test]
fn a_certificate_whose_key_was_never_written_is_replaced() {
    let (folder, _, key) = made();
    fs::remove_file(&key).unwrap();
    start(folder.path()).unwrap();
    assert!(key.exists());
}

#[test]
fn files_that_do_not_belong_together_are_named_and_stay() {
    let ((folder, cert, key), (_other, other_cert, _)) = (made(), made());
    let kept = fs::read(&key).unwrap();
    for (content, expected) in [
        (
            fs::read(other_cert).unwrap(),
            "server-key.pem' failed: it is not the key of",
        ),
        (
            b"no certificate".to_vec(),
            "server-cert.pem' failed: it holds no certificate",
        ),
    ] {
        fs::write(&cert, &content).unwrap();
        let error = start(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with("setting ssl_self_signed="), "{error}");
        assert!(error.contains(expected), "{error}");
        assert_eq!(fs::read(&key).unwrap(), kept);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let error = start(&file).unwrap_err().to_string();
    let expected = format!(
        "setting ssl_self_signed failed: can't write {}",
        file.display()
    );
    assert_eq!(error, expected);
}
