//! Passwords in statements: whatever servers take for one is in no form of a trace.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod generator;
#[path = "../support/mod.rs"]
mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use generator::{Mode, Numbers, SECRET, statement};
use mynah_net::ListenAddress;
use mynah_relay::{Format, HttpOptions, Output, TraceOptions};
use mynah_session::placeholders::Dialect;
use mynah_session::sql::{Characters, Secrets, Settings};
use mynah_testkit::servers::{RealServer, Server};
use support::client::Connection;
use support::{Front, front};

#[test]
fn no_password_that_is_made_up_is_left_in_a_statement() {
    let mut numbers = Numbers::new(1);
    let mut seen = 0;
    for number in 0..4000 {
        let mode = Mode::nth(number / 10);
        let is_mariadb = number % 2 == 0;
        let sql = statement(&mut numbers, mode, is_mariadb);
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

/// Each statement passes four proxies, one for each form, in front of a real server.
#[test]
#[ignore = "fetches and starts real servers, and runs 60,000 statements"]
fn no_password_that_a_server_takes_is_in_any_output() {
    let each = std::env::var("MYNAH_STATEMENTS").map_or(30_000, |each| each.parse().unwrap());
    for kind in [RealServer::MySql97, RealServer::MariaDb118] {
        let server = match Server::start(kind) {
            Ok(server) => server,
            Err(reason) => {
                println!("{kind}: skipped: {reason}");
                continue;
            }
        };
        let account = kind.accounts()[0];
        let direct =
            || Connection::log_in(server.address(), true, account.user, account.password).unwrap();
        for sql in SET_UP {
            direct()
                .query(sql)
                .unwrap()
                .unwrap_or_else(|| panic!("{kind}: {sql}"));
        }
        let mut numbers = Numbers::new(7);
        let (mut run, mut accepted) = (0, 0);
        while run < each {
            let mode = Mode::nth(run / BATCH);
            direct()
                .query("alter user gen identified by 'throw-away'")
                .unwrap()
                .unwrap();
            let folder = tempfile::tempdir().unwrap();
            let fronts = chain(server.address(), folder.path());
            let address = SocketAddr::from(([127, 0, 0, 1], fronts.last().unwrap().port));
            let mut client = Connection::log_in(address, false, "gen", "throw-away").unwrap();
            for sql in [
                format!("set names {}", mode.charset),
                format!("set sql_mode = '{}'", mode.sql_mode),
                "use shop".to_owned(),
            ] {
                let done = client.query(&sql).unwrap();
                if done.is_none() {
                    println!("{kind}: {sql} is refused");
                }
            }
            let mut statements = Vec::new();
            for _ in 0..BATCH {
                let sql = statement(&mut numbers, mode, kind == RealServer::MariaDb118);
                let done = client.query_bytes(sql.clone()).unwrap();
                accepted += usize::from(done.is_some());
                run += 1;
                statements.push((sql, done.is_some()));
                if done.is_none() || run % 7 == 0 {
                    let _warnings = client.query("show warnings").unwrap();
                }
            }
            for front in &fronts {
                for path in ["/connections/", "/metrics"] {
                    let answer = http(front, path);
                    assert!(!has_secret(answer.as_bytes()), "{kind}: {answer}");
                }
            }
            drop(client);
            for front in fronts {
                assert!(front.relay.shut_down(std::time::Duration::from_secs(10)));
            }
            check(kind, mode, folder.path(), &statements);
        }
        println!("{kind}: {run} statements, {accepted} accepted");
        assert!(
            accepted * 6 >= run,
            "{kind}: only {accepted} of {run} are accepted"
        );
    }
}

/// Text of levels 4 and 1, JSON, and hex, one behind the other.
fn chain(server: SocketAddr, folder: &Path) -> Vec<Front> {
    let forms = [
        (Format::Text, 4),
        (Format::Json, 4),
        (Format::Hex, 4),
        (Format::Text, 1),
    ];
    let mut port = server.port();
    let mut fronts = Vec::new();
    for (number, (format, level)) in forms.into_iter().enumerate() {
        let path = folder.join(number.to_string());
        if format == Format::Hex {
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

fn check(kind: RealServer, mode: Mode, folder: &Path, statements: &[(Vec<u8>, bool)]) {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            files.push(path);
        }
    }
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.len() > 1000, "{}", path.display());
        let dumped = dumped(&text);
        for bytes in [text.as_bytes(), &dumped] {
            let Some(at) = place_of_secret(bytes) else {
                continue;
            };
            let around = &bytes[at.saturating_sub(700)..bytes.len().min(at + 200)];
            let around = String::from_utf8_lossy(around);
            println!("{kind} {mode:?} {}: …{around}…", path.display());
            for (sql, done) in statements {
                if std::env::var("MYNAH_SHOW_ALL").is_ok() {
                    println!("{done} {}", String::from_utf8_lossy(sql));
                }
            }
            panic!("a password is shown");
        }
    }
}

/// The bytes that the dumps of a text have.
fn dumped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        let Some((_, rest)) = line.split_once("] ") else {
            continue;
        };
        let Some((offset, rest)) = rest.split_once("  ") else {
            continue;
        };
        if offset.len() != 6 || !offset.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        let numbers = rest.get(..47).unwrap_or(rest).split(' ');
        bytes.extend(numbers.map_while(|number| u8::from_str_radix(number, 16).ok()));
    }
    bytes
}

fn has_secret(text: &[u8]) -> bool {
    place_of_secret(text).is_some()
}

/// As it is, as hex, or as base64 wherever it stands in what is encoded.
fn place_of_secret(text: &[u8]) -> Option<usize> {
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    let encoded = ["U0VLUkVU", "NFS1JFV", "TRUtSRV"];
    let wanted = [SECRET, &hex, &hex.to_uppercase()];
    let wanted = wanted.into_iter().chain(encoded);
    wanted
        .filter_map(|wanted| find(text, wanted.as_bytes()))
        .min()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted[0];
    let mut at = 0;
    while let Some(next) = text[at..].iter().position(|&byte| byte == first) {
        at += next;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
    None
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
