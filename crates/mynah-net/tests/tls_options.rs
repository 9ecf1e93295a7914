//! The errors for files that are missing or wrong.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::error::Error;
use std::path::PathBuf;

use mynah_net::{TlsMode, TlsOptions, TlsServer};
use support::authority::Authority;
use support::tls_options;

fn problem(options: &TlsOptions) -> String {
    let error = TlsServer::new(options).unwrap_err();
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[test]
fn a_file_that_is_not_there_is_named_with_its_option() {
    let authority = Authority::new("zoo");
    let good = || tls_options(&authority, TlsMode::Preferred);
    let missing = || Some(PathBuf::from("/no/such/file"));
    let cases = [
        (
            "ssl_cert",
            TlsOptions {
                cert: missing(),
                ..good()
            },
        ),
        (
            "ssl_key",
            TlsOptions {
                key: missing(),
                ..good()
            },
        ),
        (
            "ssl_ca",
            TlsOptions {
                ca: missing(),
                ..good()
            },
        ),
        (
            "ssl_capath",
            TlsOptions {
                capath: missing(),
                ..good()
            },
        ),
        (
            "ssl_crl",
            TlsOptions {
                crl: missing(),
                ..good()
            },
        ),
        (
            "ssl_crlpath",
            TlsOptions {
                crlpath: missing(),
                ..good()
            },
        ),
    ];
    for (option, options) in cases {
        let problem = problem(&options);
        let start = format!("setting {option}='/no/such/file' failed: No such file");
        assert!(problem.starts_with(&start), "{problem}");
    }
}

#[test]
fn a_file_of_something_else_is_named_with_its_option() {
    let authority = Authority::new("zoo");
    let good = || tls_options(&authority, TlsMode::Preferred);
    authority.write("other", b"neither this nor that");
    let other = || Some(authority.file("other"));
    let cases = [
        (
            "ssl_cert",
            TlsOptions {
                cert: other(),
                ..good()
            },
        ),
        (
            "ssl_key",
            TlsOptions {
                key: other(),
                ..good()
            },
        ),
        (
            "ssl_ca",
            TlsOptions {
                ca: other(),
                ..good()
            },
        ),
        (
            "ssl_crl",
            TlsOptions {
                crl: other(),
                ..good()
            },
        ),
    ];
    for (option, options) in cases {
        let problem = problem(&options);
        assert!(
            problem.contains(&format!("setting {option}='")),
            "{problem}"
        );
        assert!(problem.contains("in PEM"), "{problem}");
    }
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let (authority, other) = (Authority::new("zoo"), Authority::new("ark"));
    let options = TlsOptions {
        key: Some(other.file("server-key.pem")),
        ..tls_options(&authority, TlsMode::Preferred)
    };
    let problem = problem(&options);
    assert!(problem.contains("ssl_key"), "{problem}");
}

#[test]
fn a_key_with_a_pass_phrase_is_refused_without_asking_for_it() {
    let authority = Authority::new("zoo");
    let locked = authority.sign(&[("CN", "localhost")], 3);
    let pem = locked
        .key
        .private_key_to_pem_pkcs8_passphrase(openssl::symm::Cipher::aes_128_cbc(), b"phrase")
        .unwrap();
    authority.write("locked.pem", &pem);
    let options = TlsOptions {
        key: Some(authority.file("locked.pem")),
        ..tls_options(&authority, TlsMode::Preferred)
    };
    assert!(problem(&options).contains("pass phrase"));
}

#[test]
fn certificate_and_key_have_to_be_there() {
    let problem = problem(&TlsOptions::default());
    assert_eq!(
        problem,
        "if ssl_mode is not DISABLED, ssl_key and ssl_cert MUST be set. \
         ssl_key is empty, ssl_cert is empty; --ssl-self-signed makes both"
    );
}

#[test]
fn an_unknown_cipher_is_named() {
    let authority = Authority::new("zoo");
    let options = TlsOptions {
        cipher: Some("HIGH:NO-SUCH-CIPHER".to_owned()),
        ..tls_options(&authority, TlsMode::Preferred)
    };
    assert!(problem(&options).contains("no cipher 'NO-SUCH-CIPHER'"));
}

#[test]
fn a_list_that_selects_no_cipher_is_named_with_its_option() {
    let authority = Authority::new("zoo");
    let options = TlsOptions {
        cipher: Some("HIGH:!HIGH".to_owned()),
        ..tls_options(&authority, TlsMode::Preferred)
    };
    let problem = problem(&options);
    let start = "setting ssl_cipher='HIGH:!HIGH' failed: it selects no cipher: ";
    assert!(problem.starts_with(start), "{problem}");
}
