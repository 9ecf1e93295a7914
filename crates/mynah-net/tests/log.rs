//! The log records of connections, and their listeners.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::sync::Mutex;

use log::{Level, LevelFilter, Log, Metadata, Record};
use mynah_net::TlsMode;
use mynah_session::Account;
use support::authority::Authority;
use support::client::{LogIn, refusal, tcp, tls};
use support::{Answers, tcp_address, tls_options};

struct Records(Mutex<Vec<(Level, Option<String>, String)>>);

impl Log for Records {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let listener = record.key_values().get("listener".into());
        self.0.lock().unwrap().push((
            record.level(),
            listener.map(|listener| listener.to_string()),
            record.args().to_string(),
        ));
    }

    fn flush(&self) {}
}

static RECORDS: Records = Records(Mutex::new(Vec::new()));

#[test]
fn a_connection_is_logged_under_its_listener_and_without_its_password() {
    log::set_logger(&RECORDS).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let answers = Answers {
        account: Account {
            password: Some("secret".into()),
            ..Account::default()
        },
        ..Answers::default()
    };
    let authority = Authority::new("zoo");
    let server = answers.start_tls(&tls_options(&authority, TlsMode::Preferred));
    let address = tcp_address(&server);
    let mut client = LogIn::default().over(tcp(address)).unwrap();
    client.query("select 'a\nb'").unwrap();
    drop(client);
    let wrong = LogIn {
        password: "guess",
        ..LogIn::default()
    };
    assert_eq!(refusal(wrong.over(tcp(address))).0, 1045);
    let tls = tls(None, None);
    let encrypted = LogIn {
        tls: Some(&tls),
        ..LogIn::default()
    };
    // Closes the socket without closing TLS first.
    drop(encrypted.over(tcp(address)).unwrap());
    while !server.connections().list().is_empty() {
        std::thread::yield_now();
    }
    let mut ended = LogIn::default().over(tcp(address)).unwrap();
    server.connections().end();
    ended.read_to_end();
    drop(ended);
    while !server.connections().list().is_empty() {
        std::thread::yield_now();
    }
    let mut logged: Vec<_> = RECORDS.0.lock().unwrap().drain(..).collect();
    logged.retain(|(_, _, text)| text.starts_with("connection "));
    let port = Some(address.port().to_string());
    for (level, listener, text) in &logged {
        assert_eq!((*level, listener), (Level::Info, &port), "{text}");
        assert!(
            !text.contains("secret") && !text.contains("guess"),
            "{text}"
        );
    }
    let has = |start: &str, end: &str| {
        let found = logged
            .iter()
            .any(|(_, _, text)| text.starts_with(start) && text.ends_with(end));
        assert!(found, "{start}…{end} in {logged:#?}");
    };
    has("connection 1: opened by 127.0.0.1:", "");
    has("connection 1: ada logged in", ", schema zoo");
    has("connection 1: ", r" us: select 'a\nb'");
    has("connection 1: closed", "");
    has(
        "connection 3: ada logged in",
        ", TLSv1.3 TLS_AES_256_GCM_SHA384",
    );
    has("connection 3: closed", "");
    has(
        "connection 2: refused: 1045 ",
        "Access Denied for user 'ada'@'localhost'",
    );
    has("connection 4: ended: 1053 Server shutdown in progress", "");
}
