//! A certificate authority for one test.

use std::path::PathBuf;

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{AuthorityKeyIdentifier, BasicConstraints, CrlNumber};
use openssl::x509::{X509, X509CrlBuilder, X509Name, X509Ref, X509RevokedBuilder};
use tempfile::TempDir;

pub(crate) struct Authority {
    own: X509,
    name: X509Name,
    key: PKey<Private>,
    folder: TempDir,
}

/// A certificate and its key.
pub(crate) struct Identity {
    pub(crate) certificate: X509,
    pub(crate) key: PKey<Private>,
}

impl Authority {
    /// Makes an authority, and `ca.pem`, `server.pem` and `server-key.pem` in its folder.
    pub(crate) fn new(name: &str) -> Self {
        let (name, key) = (common_name(&[("CN", name)]), key());
        let authority = Self {
            own: certificate(&name, &key, &name, &key, 1, (-1, 30), true),
            name,
            key,
            folder: tempfile::tempdir().unwrap(),
        };
        authority.write("ca.pem", &authority.own.to_pem().unwrap());
        let server = authority.sign(&[("CN", "localhost")], 2);
        authority.write("server.pem", &server.certificate.to_pem().unwrap());
        let key = server.key.private_key_to_pem_pkcs8().unwrap();
        authority.write("server-key.pem", &key);
        authority
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.file(name), content).unwrap();
    }

    pub(crate) fn sign(&self, subject: &[(&str, &str)], serial: u32) -> Identity {
        self.sign_for_days(subject, serial, (-1, 30))
    }

    pub(crate) fn sign_for_days(
        &self,
        subject: &[(&str, &str)],
        serial: u32,
        days: (i64, i64),
    ) -> Identity {
        let key = key();
        Identity {
            certificate: certificate(
                &self.name,
                &self.key,
                &common_name(subject),
                &key,
                serial,
                days,
                false,
            ),
            key,
        }
    }

    /// Writes a revocation list, and returns its path.
    pub(crate) fn revoke(&self, revoked: &[&X509Ref]) -> PathBuf {
        let mut list = X509CrlBuilder::new().unwrap();
        list.set_issuer_name(&self.name).unwrap();
        list.set_last_update(&day(-1)).unwrap();
        list.set_next_update(&day(30)).unwrap();
        for certificate in revoked {
            let mut entry = X509RevokedBuilder::new().unwrap();
            entry
                .set_serial_number(certificate.serial_number())
                .unwrap();
            entry.set_revocation_date(&day(-1)).unwrap();
            list.add_revoked(entry.build()).unwrap();
        }
        let dummy = X509::builder().unwrap();
        let context = dummy.x509v3_context(Some(&self.own), None);
        let mut from = AuthorityKeyIdentifier::new();
        list.append_extension(from.issuer(true).build(&context).unwrap())
            .unwrap();
        let number = CrlNumber::new(BigNum::from_u32(1).unwrap()).unwrap();
        list.append_extension(number.build().unwrap()).unwrap();
        list.sign(&self.key, MessageDigest::sha256()).unwrap();
        self.write("crl.pem", &list.build().unwrap().to_pem().unwrap());
        self.file("crl.pem")
    }
}

fn certificate(
    issuer: &X509Name,
    issuer_key: &PKey<Private>,
    subject: &X509Name,
    key: &PKey<Private>,
    serial: u32,
    (from, to): (i64, i64),
    is_authority: bool,
) -> X509 {
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(subject).unwrap();
    builder.set_issuer_name(issuer).unwrap();
    builder.set_not_before(&day(from)).unwrap();
    builder.set_not_after(&day(to)).unwrap();
    builder.set_pubkey(key).unwrap();
    if is_authority {
        let extension = BasicConstraints::new().critical().ca().build().unwrap();
        builder.append_extension(extension).unwrap();
    }
    builder.sign(issuer_key, MessageDigest::sha256()).unwrap();
    builder.build()
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn common_name(entries: &[(&str, &str)]) -> X509Name {
    let mut name = X509Name::builder().unwrap();
    for (kind, value) in entries {
        name.append_entry_by_text(kind, value).unwrap();
    }
    name.build()
}

/// So many days from now.
fn day(days: i64) -> Asn1Time {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Asn1Time::from_unix(now.as_secs() as i64 + days * 24 * 3600).unwrap()
}
