//! Logins with stored and clear passwords, with certificates, by address; with `mynah-client`.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex};

use mynah_auth::x::Mechanism;
use mynah_client::{Address, Client, Error, Options, TlsClient, TlsClientOptions, x};
use mynah_server::{
    Account, Backend, Certificate, Failure, Finished, FullAuthentication, Login, Results,
    SelfSigned, Server, Statement, TlsMode, TlsOptions, TlsServer, codes,
};
use mynah_testkit::fixtures_folder;

/// The password `throw-away`, as real servers store it.
const NATIVE: &str = "*8E4529A4C6557BD606976CDD2D467DCCB18553AB";
const CACHING: &str = "$A$005$5'/^2bU+3{ee29s`JC+dNSFrqALrZBStAwupAoSN8of3jGk5d5SKDD2J/lHefHD";
const SHA256: &str =
    "$5$0\x1f2*}PNw*=9\x04rl\x11!NX\x09e$Vh8Giqviy2fgWpuhEVKp2Y3whSjk9kygKGFKwKS4Z12";
const ED25519: &str = "1rW3WydmNUwWqhKfUxwlJLLIb1DjPoZ4/8uzvlkLVa0";
const PARSEC: &str = "P0:LVj0kWa3CS4WB3Rw1cZnSxNL:ZCEzByO+aleaOQQYaoR/uqI8yf+p8vzVbEZ0ay+IrDY";
const PASSWORD: &str = "throw-away";

const STORED: [(&str, &str); 6] = [
    ("mysql_native_password", NATIVE),
    ("caching_sha2_password", CACHING),
    ("sha256_password", SHA256),
    ("client_ed25519", ED25519),
    ("ed25519", ED25519),
    ("parsec", PARSEC),
];

/// Logs clients in as its function says.
struct Gate<F>(F);

impl<F> Backend for Gate<F>
where
    F: Fn(&Login) -> Result<Account, Failure> + 'static,
{
    async fn authenticate(&self, login: &Login) -> Result<Account, Failure> {
        (self.0)(login)
    }

    async fn query(&self, _: &Statement, results: Results) -> Result<Finished, Failure> {
        Ok(results.ok())
    }
}

fn serve(
    account: impl Fn(&Login) -> Result<Account, Failure> + Clone + Send + Sync + 'static,
) -> Server {
    let tls = TlsServer::new(&TlsOptions {
        mode: TlsMode::Preferred,
        ca: Some(fixtures_folder("tls").join("ca.pem")),
        self_signed: SelfSigned::InMemory,
        ..TlsOptions::default()
    });
    Server::on_port(0)
        .x_port(0)
        .workers(1)
        .tls(tls.unwrap())
        .serve(move |_| Gate(account.clone()))
        .unwrap()
}

/// A server with accounts that are named after the methods of their passwords, with anything behind a blank.
fn stored() -> Server {
    serve(|login| {
        let name = String::from_utf8_lossy(&login.username).into_owned();
        let of_name = |method: &str| name.split(' ').next() == Some(method);
        let account = STORED.iter().find(|(method, _)| of_name(method));
        let (method, stored) = account.unwrap();
        Ok(Account::of_stored_password(method, *stored).unwrap())
    })
}

fn tls() -> TlsClient {
    TlsClient::new(TlsClientOptions::default()).unwrap()
}

/// A login that ends with OK, or the code of its error.
async fn log_in(server: &Server, options: Options) -> Result<Client, u16> {
    let address = Address::Tcp(server.tcp_address().unwrap());
    Client::connect(&address, options)
        .await
        .map_err(|error| code(&error))
}

async fn log_in_by_x(server: &Server, options: x::Options) -> Result<x::Client, u16> {
    let address = server.addresses().get(1).unwrap();
    x::Client::connect(address, options)
        .await
        .map_err(|error| code(&error))
}

/// The code of a server's error; 0 for the client's own.
fn code(error: &Error) -> u16 {
    error.code().unwrap_or_default()
}

const DENIED: Option<u16> = Some(codes::ER_ACCESS_DENIED_ERROR);

#[tokio::test]
async fn every_stored_form_is_checked_plain_and_under_tls() {
    let server = stored();
    for (method, _) in STORED {
        for with_tls in [false, true] {
            // What is kept of a login is kept by user.
            let options = |password| match with_tls {
                false => Options::new(method, password),
                true => Options::new(format!("{method} TLS"), password).tls(tls()),
            };
            // The first login has the password itself where a response isn't enough; the second has the hash that is
            // kept since.
            for password in [PASSWORD, PASSWORD, "wrong", "", PASSWORD] {
                let refused = log_in(&server, options(password)).await.err();
                let wanted = DENIED.filter(|_| password != PASSWORD);
                assert_eq!(refused, wanted, "{method}, {password:?}, TLS: {with_tls}");
            }
        }
    }
}

#[tokio::test]
async fn a_clear_password_is_checked_by_every_method_plain_and_under_tls() {
    let methods = [
        "mysql_native_password",
        "caching_sha2_password",
        "sha256_password",
        "client_ed25519",
        "parsec",
    ];
    let server = serve(|login| {
        Ok(Account {
            auth_method_name: Some(login.username.clone()),
            ..Account::of_password("secret")
        })
    });
    for method in methods {
        for (password, wanted) in [("secret", None), ("wrong", DENIED), ("", DENIED)] {
            let plain = Options::new(method, password);
            assert_eq!(log_in(&server, plain).await.err(), wanted, "{method}");
            let secure = Options::new(method, password).tls(tls());
            assert_eq!(log_in(&server, secure).await.err(), wanted, "{method}");
        }
    }
}

#[tokio::test]
async fn a_password_in_clear_text_is_checked_against_every_stored_form() {
    for (method, stored) in STORED {
        let server = serve(move |_| {
            Ok(Account {
                auth_method_name: Some("mysql_clear_password".into()),
                ..Account::of_stored_password(method, stored).unwrap()
            })
        });
        for (password, wanted) in [(PASSWORD, None), ("wrong", DENIED)] {
            let options = Options::new("ada", password).tls(tls());
            assert_eq!(log_in(&server, options).await.err(), wanted, "{method}");
        }
    }
}

#[tokio::test]
async fn an_account_whose_stored_form_is_empty_has_no_password() {
    let server = serve(|_| {
        let account = Account::of_stored_password("caching_sha2_password", "");
        Ok(account.unwrap())
    });
    for (password, wanted) in [("", None), ("wrong", DENIED)] {
        let options = Options::new("ada", password);
        assert_eq!(log_in(&server, options).await.err(), wanted);
        let options = x::Options::new("ada", password);
        assert_eq!(log_in_by_x(&server, options).await.err(), wanted);
    }
}

#[tokio::test]
async fn a_hash_that_was_kept_is_forgotten_with_a_new_password() {
    let stored = Arc::new(Mutex::new(CACHING.to_owned()));
    let shared = Arc::clone(&stored);
    let server = serve(move |_| {
        let stored = shared.lock().unwrap().clone();
        Ok(Account::of_stored_password("caching_sha2_password", stored).unwrap())
    });
    // Such a client fails if the password itself is needed.
    let by_hash = || Options::new("ada", PASSWORD).without_server_key();
    assert_eq!(log_in(&server, by_hash()).await.err(), Some(0));
    log_in(&server, Options::new("ada", PASSWORD))
        .await
        .unwrap();
    log_in(&server, by_hash()).await.unwrap();
    // The digits are those of another password.
    *stored.lock().unwrap() = CACHING.replace("HefHD", "HefHE");
    let refused = log_in(&server, Options::new("ada", PASSWORD)).await.err();
    assert_eq!(refused, DENIED);
}

#[tokio::test]
async fn a_clear_password_that_was_replaced_logs_in_no_more() {
    let password = Arc::new(Mutex::new("old"));
    let shared = Arc::clone(&password);
    let server = serve(move |_| {
        Ok(Account {
            full: FullAuthentication::First,
            ..Account::of_password(*shared.lock().unwrap())
        })
    });
    let by_x = |password| x::Options::new("ada", password).mechanism(Mechanism::Sha256Memory);
    let by_hash = |password| Options::new("ada", password).without_server_key();
    log_in(&server, Options::new("ada", "old")).await.unwrap();
    log_in(&server, by_hash("old")).await.unwrap();
    log_in_by_x(&server, x::Options::new("ada", "old").tls(tls()))
        .await
        .unwrap();
    log_in_by_x(&server, by_x("old")).await.unwrap();
    *password.lock().unwrap() = "new";
    let refused = log_in(&server, Options::new("ada", "old")).await.err();
    assert_eq!(refused, DENIED);
    assert_eq!(log_in_by_x(&server, by_x("old")).await.err(), DENIED);
    // The password itself is needed anew, once.
    assert_eq!(log_in(&server, by_hash("new")).await.err(), Some(0));
    log_in(&server, Options::new("ada", "new")).await.unwrap();
    log_in(&server, by_hash("new")).await.unwrap();
}

#[tokio::test]
async fn the_x_protocol_checks_stored_forms_too() {
    let server = stored();
    let plain = |method, password| x::Options::new(method, password).tls(tls());
    for (method, _) in STORED {
        for (password, wanted) in [(PASSWORD, None), ("wrong", DENIED), ("", DENIED)] {
            let refused = log_in_by_x(&server, plain(method, password)).await.err();
            assert_eq!(refused, wanted, "{method} {password}");
        }
    }
    for (password, wanted) in [(PASSWORD, None), ("wrong", DENIED)] {
        for (method, mechanism) in [
            ("mysql_native_password", Mechanism::Mysql41),
            // After a login by PLAIN.
            ("caching_sha2_password", Mechanism::Sha256Memory),
        ] {
            let options = x::Options::new(method, password).mechanism(mechanism);
            let refused = log_in_by_x(&server, options).await.err();
            assert_eq!(refused, wanted, "{method} {password}");
        }
    }
    let server = stored();
    let options = x::Options::new("caching_sha2_password", PASSWORD);
    let early = options.mechanism(Mechanism::Sha256Memory);
    assert_eq!(log_in_by_x(&server, early).await.err(), DENIED);
}

#[test]
fn what_is_no_stored_form_is_an_error() {
    for (method, stored) in [
        ("mysql_native_password", CACHING),
        ("caching_sha2_password", NATIVE),
        ("mysql_clear_password", "secret"),
        ("dialog", "secret"),
    ] {
        assert!(
            Account::of_stored_password(method, stored).is_err(),
            "{method}"
        );
    }
}

#[test]
fn a_stored_form_is_not_in_debug_output() {
    let account = Account::of_stored_password("mysql_native_password", NATIVE).unwrap();
    assert!(!format!("{account:?}").contains("8E45"));
}

#[tokio::test]
async fn a_certificate_is_demanded_and_seen() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&seen);
    let server = serve(move |login| {
        let certificate = login.tls.as_ref().and_then(|tls| tls.certificate.clone());
        let subject = certificate.and_then(|certificate| certificate.subject);
        shared.lock().unwrap().push(subject);
        Ok(
            Account::of_password("secret").with_certificate(Certificate {
                issuer: Some("/CN=Mynah test authority".into()),
                subject: None,
            }),
        )
    });
    let file = |name| Some(fixtures_folder("tls").join(name));
    let with_one = TlsClient::new(TlsClientOptions {
        cert: file("server.pem"),
        key: file("server-key.pem"),
        ..TlsClientOptions::default()
    });
    let with_one = Options::new("ada", "secret").tls(with_one.unwrap());
    for (options, wanted) in [
        (with_one, None),
        (Options::new("ada", "secret").tls(tls()), DENIED),
        (Options::new("ada", "secret"), DENIED),
    ] {
        assert_eq!(log_in(&server, options).await.err(), wanted);
    }
    assert_eq!(
        *seen.lock().unwrap(),
        [Some("/CN=localhost".into()), None, None]
    );
}

#[tokio::test]
async fn a_login_can_be_refused_by_its_address() {
    let server = serve(|login| {
        let peer = login.peer.unwrap();
        assert_eq!(login.host(), "localhost");
        match peer.ip().is_loopback() {
            true => Err(Failure::general(1130, "not from here")),
            false => Ok(Account::default()),
        }
    });
    let refused = log_in(&server, Options::new("ada", "")).await.err();
    assert_eq!(refused, Some(1130));
}
