//! Client certificates, valid and invalid ones.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use mynah_net::{Server, TlsMode, TlsOptions};
use mynah_session::{Account, Certificate};
use openssl::ssl::SslVersion;
use support::authority::{Authority, Identity};
use support::client::{Client, Error, LogIn, refusal, tcp, tls};
use support::{Answers, tcp_address, tls_options};

const ADA: &[(&str, &str)] = &[("C", "GB"), ("O", "Zoo"), ("CN", "ada")];

fn verifying(authority: &Authority) -> TlsOptions {
    TlsOptions {
        ca: Some(authority.file("ca.pem")),
        ..tls_options(authority, TlsMode::Preferred)
    }
}

fn demanding(issuer: Option<&'static str>, subject: Option<&'static str>) -> Answers {
    Answers {
        account: Account {
            certificate: Some(Certificate {
                issuer: issuer.map(Into::into),
                subject: subject.map(Into::into),
            }),
            ..Account::default()
        },
        ..Answers::default()
    }
}

/// Logs in and runs a statement: under TLS 1.3 a client doesn't learn earlier that its certificate
/// is rejected.
fn log_in(
    server: &Server,
    identity: Option<&Identity>,
    version: SslVersion,
) -> Result<Client, Error> {
    let tls = tls(Some(version), identity);
    let login = LogIn {
        tls: Some(&tls),
        ..LogIn::default()
    };
    let mut client = login.over(tcp(tcp_address(server)))?;
    client.query("select 1")?;
    Ok(client)
}

/// The error of a client that couldn't log in.
fn error_of(result: Result<Client, Error>) -> String {
    let error = result.err().expect("the certificate is refused");
    error.to_string()
}

const VERSIONS: [SslVersion; 2] = [SslVersion::TLS1_2, SslVersion::TLS1_3];

#[test]
fn a_valid_certificate_is_passed_to_the_handler() {
    let authority = Authority::new("zoo");
    let ada = authority.sign(ADA, 7);
    let answers = demanding(Some("/CN=zoo"), Some("/C=GB/O=Zoo/CN=ada"));
    let server = answers.start_tls(&verifying(&authority));
    for version in VERSIONS {
        log_in(&server, Some(&ada), version).unwrap();
        let certificate = answers.last_login().tls.unwrap().certificate.unwrap();
        assert_eq!(certificate.issuer.as_deref(), Some(&b"/CN=zoo"[..]));
        let subject = certificate.subject.as_deref();
        assert_eq!(subject, Some(&b"/C=GB/O=Zoo/CN=ada"[..]));
    }
}

#[test]
fn a_certificate_of_another_user_is_denied() {
    let authority = Authority::new("zoo");
    let eve = authority.sign(&[("CN", "eve")], 8);
    for answers in [
        demanding(None, Some("/CN=ada")),
        demanding(Some("/CN=ark"), None),
    ] {
        let server = answers.start_tls(&verifying(&authority));
        for version in VERSIONS {
            let (code, message) = refusal(log_in(&server, Some(&eve), version));
            assert_eq!(code, 1045, "{message}");
            assert_eq!(message, "Access Denied for user 'ada'@'localhost'");
        }
    }
}

#[test]
fn without_a_certificate_only_accounts_that_need_none_can_be_used() {
    let authority = Authority::new("zoo");
    let options = verifying(&authority);
    let (open, closed) = (Answers::default(), demanding(None, None));
    let (open, closed) = (open.start_tls(&options), closed.start_tls(&options));
    for version in VERSIONS {
        log_in(&open, None, version).unwrap();
        assert_eq!(refusal(log_in(&closed, None, version)).0, 1045);
    }
    assert_eq!(
        refusal(LogIn::default().over(tcp(tcp_address(&closed)))).0,
        1045
    );
}

#[test]
fn without_authorities_no_certificate_is_asked_for() {
    let authority = Authority::new("zoo");
    let ada = authority.sign(ADA, 7);
    let server = demanding(None, None).start_tls(&tls_options(&authority, TlsMode::Preferred));
    for version in VERSIONS {
        assert_eq!(refusal(log_in(&server, Some(&ada), version)).0, 1045);
    }
}

#[test]
fn a_certificate_that_cannot_be_verified_ends_the_handshake() {
    let authority = Authority::new("zoo");
    let stranger = Authority::new("ark").sign(ADA, 7);
    let expired = authority.sign_for_days(ADA, 8, (-10, -1));
    let early = authority.sign_for_days(ADA, 9, (1, 10));
    let server = Answers::default().start_tls(&verifying(&authority));
    for (alert, identity) in [
        ("unknown ca", stranger),
        ("certificate expired", expired),
        ("bad certificate", early),
    ] {
        for version in VERSIONS {
            let received = error_of(log_in(&server, Some(&identity), version));
            assert!(received.contains(alert), "{alert}, {version:?}: {received}");
        }
    }
    log_in(&server, None, SslVersion::TLS1_3).unwrap();
}

#[test]
fn a_revoked_certificate_is_rejected() {
    let authority = Authority::new("zoo");
    let (ada, eve) = (authority.sign(ADA, 7), authority.sign(&[("CN", "eve")], 8));
    let list = authority.revoke(&[&eve.certificate]);
    let folder = authority.file("lists");
    std::fs::create_dir(&folder).unwrap();
    let hash = ada.certificate.issuer_name_hash();
    std::fs::copy(&list, folder.join(format!("{hash:08x}.r0"))).unwrap();
    for (crl, crlpath) in [(Some(list), None), (None, Some(folder))] {
        let server = demanding(None, None).start_tls(&TlsOptions {
            crl,
            crlpath,
            ..verifying(&authority)
        });
        for version in VERSIONS {
            log_in(&server, Some(&ada), version).unwrap();
            let received = error_of(log_in(&server, Some(&eve), version));
            assert!(
                received.contains("certificate revoked"),
                "{version:?}: {received}"
            );
        }
    }
}

#[test]
fn authorities_may_be_in_a_folder() {
    let authority = Authority::new("zoo");
    let ada = authority.sign(ADA, 7);
    let folder = authority.file("authorities");
    std::fs::create_dir(&folder).unwrap();
    let hash = ada.certificate.issuer_name_hash();
    std::fs::copy(
        authority.file("ca.pem"),
        folder.join(format!("{hash:08x}.0")),
    )
    .unwrap();
    let server = demanding(None, None).start_tls(&TlsOptions {
        capath: Some(folder),
        ..tls_options(&authority, TlsMode::Preferred)
    });
    for version in VERSIONS {
        log_in(&server, Some(&ada), version).unwrap();
    }
}
