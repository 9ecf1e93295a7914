//! Abandoned logins: each ends with an error that names the side that was waited for.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Mutex, Once};
use std::time::Duration;

use log::{Level, LevelFilter, Log, Metadata, Record};
use mynah_net::TlsMode;
use mynah_relay::{Protocol, RelayOptions};
use mynah_testkit::Direction;
use support::client::Connection;
use support::{Front, backend, error, front, read, read_to_end, recording};

const CLIENT_IS_LATE: &str = "the client did not log in within 0.5 s";
const SERVER_IS_LATE: &str = "the server did not answer the login within 0.5 s";

fn impatient(upstream: u16, change: impl FnOnce(&mut RelayOptions)) -> Front {
    KEPT.start();
    front(upstream, |options| {
        options.login_timeout = Duration::from_millis(500);
        change(options);
    })
}

/// One side's part of the first packets of a login: the greeting, the response to it.
fn plays(stream: &mut TcpStream, side: Direction, packets: usize) {
    let fixture = recording("mysql-5.6/ping.hex");
    for line in fixture.lines.iter().take(packets) {
        let wire = line.wire();
        if line.direction == side {
            stream.write_all(&wire).unwrap();
        } else {
            assert_eq!(read(stream, wire.len()), wire);
        }
    }
}

#[test]
fn a_client_that_does_not_answer_a_greeting_gets_an_error() {
    let backend = backend(|mut stream| {
        plays(&mut stream, Direction::Server, 1);
        read_to_end(&mut stream)
    });
    let front = impatient(backend.port, |_| {});
    let mut client = front.client();
    plays(&mut client, Direction::Client, 1);
    let (sequence_id, error) = error(&mut client);
    assert_eq!((sequence_id, error.error_code), (1, 1159));
    let message = String::from_utf8_lossy(&error.error_message).into_owned();
    assert!(message.ends_with(CLIENT_IS_LATE), "{message}");
    KEPT.has(&front, CLIENT_IS_LATE);
    backend.join();
}

#[test]
fn a_client_whose_server_does_not_answer_its_login_gets_an_error() {
    let backend = backend(|mut stream| {
        plays(&mut stream, Direction::Server, 2);
        read_to_end(&mut stream)
    });
    let front = impatient(backend.port, |_| {});
    let mut client = front.client();
    plays(&mut client, Direction::Client, 2);
    let (sequence_id, error) = error(&mut client);
    assert_eq!((sequence_id, error.error_code), (2, 1159));
    let message = String::from_utf8_lossy(&error.error_message).into_owned();
    assert!(message.ends_with(SERVER_IS_LATE), "{message}");
    KEPT.has(&front, SERVER_IS_LATE);
    backend.join();
}

#[test]
fn a_client_that_leaves_a_question_of_its_server_open_gets_an_error() {
    let question = b"\x2c\0\0\x02\xfemysql_native_password\x0001234567890123456789\0";
    let backend = backend(|mut stream| {
        plays(&mut stream, Direction::Server, 2);
        stream.write_all(question).unwrap();
        read_to_end(&mut stream)
    });
    let front = impatient(backend.port, |_| {});
    let mut client = front.client();
    plays(&mut client, Direction::Client, 2);
    assert_eq!(read(&mut client, question.len())[..], question[..]);
    let (sequence_id, error) = error(&mut client);
    assert_eq!((sequence_id, error.error_code), (3, 1159));
    KEPT.has(&front, CLIENT_IS_LATE);
    backend.join();
}

#[test]
fn a_client_under_tls_whose_server_is_not_gets_an_error_as_well() {
    // The client's handshake has to fit into the time, which it may not on a machine that is busy.
    let mut times = [500, 4_000, 32_000].map(Duration::from_millis).into_iter();
    let (front, message, late) = loop {
        let time = times.next().expect("a server that is late has no line");
        let backend = backend(|mut stream| {
            plays(&mut stream, Direction::Server, 1);
            read_to_end(&mut stream)
        });
        let front = impatient(backend.port, |options| {
            options.login_timeout = time;
            options.tls.client = Some(TlsMode::Preferred);
            options.tls.server = Some(TlsMode::Disabled);
        });
        // It has one packet more, and would take no other sequence id for the error.
        let address = ([127, 0, 0, 1], front.port).into();
        let refused = Connection::log_in(address, true, "ada", "any");
        let message = refused.err().unwrap().to_string();
        backend.join();
        let seconds = time.as_secs_f64();
        let late = format!("the server did not answer the login within {seconds} s");
        if message.contains(&late) {
            break (front, message, late);
        }
    };
    assert!(message.contains("1159"), "{message}");
    KEPT.has(&front, &late);
}

#[test]
fn clients_of_the_x_protocol_get_an_error_as_well() {
    const NOTICE: &[u8] = b"\x05\0\0\0\x0b\x08\x05\x1a\0";
    const CAPABILITIES_GET: &[u8] = b"\x01\0\0\0\x01";
    for (asks, why) in [(false, CLIENT_IS_LATE), (true, SERVER_IS_LATE)] {
        let backend = backend(|mut stream| {
            stream.write_all(NOTICE).unwrap();
            read_to_end(&mut stream)
        });
        let front = impatient(backend.port, |options| {
            options.routes[0].protocol = Protocol::Auto;
        });
        let mut client = front.client();
        assert_eq!(read(&mut client, NOTICE.len())[..], *NOTICE);
        if asks {
            client.write_all(CAPABILITIES_GET).unwrap();
        }
        let received = read_to_end(&mut client);
        let error = 1;
        assert_eq!(received[4], error);
        let received = received.escape_ascii().to_string();
        assert!(received.contains(why), "{received}");
        KEPT.has(&front, why);
        let asked = if asks { CAPABILITIES_GET } else { b"" };
        assert_eq!(backend.join()[..], *asked);
    }
}

#[test]
fn a_server_that_leaves_before_it_answers_a_login_just_leaves() {
    let backend = backend(|mut stream| plays(&mut stream, Direction::Server, 2));
    let front = impatient(backend.port, |_| {});
    let mut client = front.client();
    plays(&mut client, Direction::Client, 2);
    assert_eq!(read_to_end(&mut client)[..], *b"");
    KEPT.has(
        &front,
        "the server closed the connection before the login was done",
    );
    backend.join();
}

/// Warnings, and under which listener.
struct Kept(Mutex<Vec<(Option<String>, String)>>);

static KEPT: Kept = Kept(Mutex::new(Vec::new()));

impl Kept {
    fn start(&'static self) {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| {
            log::set_logger(self).unwrap();
            log::set_max_level(LevelFilter::Warn);
        });
    }

    /// The one connection that was.
    fn has(&self, front: &Front, why: &str) {
        let port = Some(front.port.to_string());
        let kept = self.0.lock().unwrap();
        let lines: Vec<_> = kept.iter().filter(|(of, _)| *of == port).collect();
        let [(_, line)] = lines[..] else {
            panic!("{lines:?}")
        };
        assert!(
            line.starts_with("connection ") && line.contains(&format!(": {why}")),
            "{line}"
        );
    }
}

impl Log for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        let listener = record.key_values().get("listener".into());
        let listener = listener.map(|listener| listener.to_string());
        let mut kept = self.0.lock().unwrap();
        kept.push((listener, record.args().to_string()));
    }

    fn flush(&self) {}
}
