//! Passwords in statements: whatever servers take for one is in no form of a trace.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod generator;
mod outputs;
mod session;
#[path = "../support/mod.rs"]
mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use generator::{Mode, Numbers, Statement, statement};
use mynah_net::ListenAddress;
use mynah_relay::{DigestOptions, HttpOptions, Output, TraceFormat, TraceOptions};
use mynah_session::placeholders::Dialect;
use mynah_session::sql::{Characters, Secrets, Settings};
use mynah_testkit::servers::{RealServer, Server};
use outputs::{has_secret, keep_log, leaks};
use session::Session;
use support::client::Connection;
use support::{Front, front};

#[test]
fn no_password_that_is_made_up_is_left_in_a_statement() {
    let mut numbers = Numbers::new(1);
    let mut seen = 0;
    for number in 0..4000 {
        let mode = Mode::nth(number / 10);
        let is_mariadb = number % 2 == 0;
        let Statement { sql, .. } = statement(&mut numbers, mode, is_mariadb);
        let version: &[u8] = if is_mariadb {
            b"11.8.9-MariaDB"
        } else {
            b"9.7.4"
        };
        let known = Settings {
            server: Dialect::of_version(version),
            ansi_quotes: Some(mode.ansi()),
            no_backslash_escapes: Some(!mode.escapes()),
            characters: Some(Characters::of(mode.charset)),
            character_set: Some(mode.charset),
        };
        for settings in [known, Settings::default()] {
            let mut shown = sql.clone();
            for range in Secrets::of(&sql, &settings).ranges {
                shown[range].fill(b'*');
            }
            let text = String::from_utf8_lossy(&sql);
            assert!(!has_secret(&shown), "{mode:?} {settings:?}: {text}");
            seen += 1;
        }
    }
    assert_eq!(seen, 8000);
}

/// Each statement passes five proxies, one for each form, in front of a real server.
#[test]
#[ignore = "fetches and starts real servers, and runs 75,000 statements"]
fn no_password_that_a_server_takes_is_in_any_output() {
    keep_log();
    let each = std::env::var("MYNAH_STATEMENTS").map_or(30_000, |each| each.parse().unwrap());
    for (kind, x, share) in [
        (RealServer::MySql97, false, 1),
        (RealServer::MySql97, true, 2),
        (RealServer::MariaDb118, false, 1),
    ] {
        let server = match Server::start(kind) {
            Ok(server) => server,
            Err(reason) => {
                println!("{kind}: skipped: {reason}");
                continue;
            }
        };
        let protocol = if x { "X" } else { "classic" };
        let (run, accepted) = runs(&server, kind, x, each / share);
        println!("{kind}, {protocol}: {run} statements, {accepted} accepted");
        assert!(
            accepted * 6 >= run,
            "{kind}: only {accepted} of {run} are accepted"
        );
    }
}

/// How many statements were run, and how many the server has accepted.
fn runs(server: &Server, kind: RealServer, x: bool, most: usize) -> (usize, usize) {
    let account = kind.accounts()[0];
    let direct = |sql: &str| {
        let (user, password) = (account.user, account.password);
        let mut client = Connection::log_in(server.address(), true, user, password).unwrap();
        let done = client.query(sql).unwrap();
        assert!(done.is_some(), "{kind}: {sql}");
    };
    SET_UP.iter().for_each(|sql| direct(sql));
    let upstream = match x {
        true => server.x_address().unwrap(),
        false => server.address(),
    };
    let mut numbers = Numbers::new(7);
    let (mut run, mut accepted, mut leaked) = (0, 0, 0);
    while run < most {
        let number = run / BATCH;
        let mode = Mode::nth(number);
        direct("alter user gen identified by 'throw-away'");
        let folder = tempfile::tempdir().unwrap();
        let fronts = chain(upstream, number, folder.path());
        let address = SocketAddr::from(([127, 0, 0, 1], fronts.last().unwrap().port));
        let mut client = Session::log_in(address, x, "gen", "throw-away");
        for sql in [
            format!("set names {}", mode.charset),
            format!("set sql_mode = '{}'", mode.sql_mode),
            "use shop".to_owned(),
        ] {
            if !client.asks(&sql) {
                println!("{kind}: {sql} is refused");
            }
        }
        for _ in 0..BATCH {
            let statement = statement(&mut numbers, mode, kind == RealServer::MariaDb118);
            let done = client.runs(&statement);
            accepted += usize::from(done);
            run += 1;
            if !done || run % 7 == 0 {
                client.asks("show warnings");
            }
        }
        for front in &fronts {
            for path in ["/connections/", "/metrics", "/digests/?limit=1000"] {
                let answer = http(front, path);
                assert!(!has_secret(answer.as_bytes()), "{kind}: {answer}");
            }
        }
        drop(client);
        for front in fronts {
            assert!(front.relay.shut_down(Duration::from_secs(10)));
        }
        for leak in leaks(folder.path()) {
            println!("{mode:?}, {leak}");
            leaked += 1;
        }
        assert!(leaked < MOST_LEAKS, "{kind}: passwords are shown");
    }
    assert_eq!(leaked, 0, "{kind}: passwords are shown");
    (run, accepted)
}

/// Text and JSON, each of a high and a low level, and hex, one behind the other.
fn chain(server: SocketAddr, number: usize, folder: &Path) -> Vec<Front> {
    let (high, low) = ([4, 3, 2][number % 3], [1, 0][number % 2]);
    let forms = [
        (TraceFormat::Text, high),
        (TraceFormat::Json, high),
        (TraceFormat::Hex, 4),
        (TraceFormat::Text, low),
        (TraceFormat::Json, low),
    ];
    let mut port = server.port();
    let mut fronts = Vec::new();
    for (number, (format, level)) in forms.into_iter().enumerate() {
        let path = folder.join(number.to_string());
        if format == TraceFormat::Hex {
            std::fs::create_dir(&path).unwrap();
        }
        let front = front(port, |options| {
            options.trace = Some(TraceOptions {
                format,
                level,
                width: 0,
                output: Output::File {
                    path,
                    rotate_at: None,
                    keep: 0,
                },
                ..TraceOptions::default()
            });
            options.http = Some(HttpOptions {
                bind: "127.0.0.1".to_owned(),
                port: 0,
                token: None,
            });
            options.digests = Some(DigestOptions::default());
        });
        port = front.port;
        fronts.push(front);
    }
    fronts
}

fn http(front: &Front, path: &str) -> String {
    let Some(ListenAddress::Tcp(address)) = front.relay.http_address() else {
        panic!("HTTP has a port");
    };
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

const SET_UP: &[&str] = &[
    "create database shop",
    "create table shop.users (name varchar(200) character set binary, password text character set binary)",
    "create user u1, u2, u3",
    "create user gen identified by 'throw-away'",
    "grant all on *.* to gen with grant option",
    "create server s1 foreign data wrapper mysql options (user 'u', host 'h')",
];

/// How many statements a connection runs.
const BATCH: usize = 250;

/// How many leaks of a server are shown.
const MOST_LEAKS: usize = 50;
