//! Faults on purpose, as clients of both protocols see them, plain and under TLS.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use mynah_fault::{Draws, Fault, Framing, Step};
use mysql_async::prelude::Queryable;
use openssl::ssl::{SslConnector, SslMethod, SslStream, SslVerifyMode};
use support::{Mock, program, trace_file};
use tempfile::TempDir;

/// A statement that is a fault in JSON has it; `plain` has none.
const TRACE: &str = "({ stmts: function(stmt) {
    var answer = { result: { columns: [{ name: 'n', type: 'LONG' }], rows: [[1], [2], [3]] } };
    if (stmt.charAt(0) === '{') answer.fault = JSON.parse(stmt);
    if (stmt.charAt(0) === '[') answer = { packets: JSON.parse(stmt) };
    return answer;
  } })";

/// A protocol, and whether it is encrypted.
type Way = (Framing, bool);

const WAYS: [Way; 4] = [
    (Framing::Classic, false),
    (Framing::Classic, true),
    (Framing::X, false),
    (Framing::X, true),
];

struct Server {
    mock: Mock,
    x: SocketAddr,
    http: String,
    _folder: TempDir,
}

impl Server {
    fn start(trace: &str, args: &[&str]) -> Self {
        let (folder, path) = trace_file("trace.js", trace);
        let mut command = program();
        command.args(args).arg("-f").arg(path);
        command.args(["--xport", "0", "--http-port", "0"]);
        command.args(["--ssl-mode", "preferred"]);
        command.arg("--ssl-cert").arg(pem("server.pem"));
        command.arg("--ssl-key").arg(pem("server-key.pem"));
        let mut mock = Mock::start(&mut command);
        let x = mock.listening("x").parse().unwrap();
        let http = mock.listening("http");
        Self {
            mock,
            x,
            http,
            _folder: folder,
        }
    }

    fn connect(&self, framing: Framing) -> TcpStream {
        TcpStream::connect(match framing {
            Framing::Classic => self.mock.address,
            Framing::X => self.x,
        })
        .unwrap()
    }

    fn client(&self, (framing, is_encrypted): Way) -> Client {
        let stream = self.connect(framing);
        match framing {
            Framing::Classic => classic(stream, is_encrypted),
            Framing::X => x(stream, is_encrypted),
        }
    }

    /// The whole answer to a statement without a fault.
    fn plain(&self, way: Way) -> Vec<u8> {
        let mut client = self.client(way);
        client.ask("plain");
        client.answer()
    }
}

fn pem(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/tls")
        .join(name)
}

enum Stream {
    Plain(TcpStream),
    Tls(SslStream<TcpStream>),
}

/// A client that has logged in.
struct Client {
    stream: Stream,
    framing: Framing,
}

impl Client {
    fn ask(&mut self, statement: &str) {
        let command = match self.framing {
            Framing::Classic => packet(0, &[b"\x03", statement.as_bytes()].concat()),
            Framing::X => message(12, &field(1, statement.as_bytes())),
        };
        self.stream().write_all(&command).unwrap();
    }

    /// The next packet or message, with its header.
    fn frame(&mut self) -> Vec<u8> {
        let mut frame = vec![0; 4];
        self.stream().read_exact(&mut frame).unwrap();
        let len = match self.framing {
            Framing::Classic => u32::from_le_bytes([frame[0], frame[1], frame[2], 0]),
            Framing::X => u32::from_le_bytes([frame[0], frame[1], frame[2], frame[3]]),
        };
        let mut payload = vec![0; len as usize];
        self.stream().read_exact(&mut payload).unwrap();
        frame.extend(payload);
        frame
    }

    /// An answer of three rows, or an X Protocol's answer up to its end.
    fn answer(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        let mut packets = 0;
        loop {
            let frame = self.frame();
            packets += 1;
            answer.extend(&frame);
            let is_last = match self.framing {
                // Count, column, EOF, three rows, EOF.
                Framing::Classic => packets == 7,
                Framing::X => frame[4] == 17,
            };
            if is_last {
                return answer;
            }
        }
    }

    fn read(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.stream().read_exact(&mut bytes).unwrap();
        bytes
    }

    /// All that comes until the connection is closed.
    fn read_to_end(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.stream().read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn stream(&mut self) -> &mut dyn ReadWrite {
        match &mut self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream,
        }
    }

    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref(),
        }
    }
}

trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

fn encrypted(stream: TcpStream, is_encrypted: bool) -> Stream {
    if !is_encrypted {
        return Stream::Plain(stream);
    }
    let mut connector = SslConnector::builder(SslMethod::tls()).unwrap();
    connector.set_verify(SslVerifyMode::NONE);
    Stream::Tls(connector.build().connect("localhost", stream).unwrap())
}

fn classic(stream: TcpStream, is_encrypted: bool) -> Client {
    let framing = Framing::Classic;
    let mut client = Client {
        stream: Stream::Plain(stream),
        framing,
    };
    client.frame();
    // PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH; with SSL if that is wanted.
    let flags = if is_encrypted { 0x8a } else { 0x82 };
    let mut response = vec![0x00, flags, 0x08, 0x00, 0, 0, 0, 1, 45];
    response.extend([0; 23]);
    let mut id = 1;
    if is_encrypted {
        client.stream().write_all(&packet(1, &response)).unwrap();
        id = 2;
    }
    let Stream::Plain(stream) = client.stream else {
        unreachable!()
    };
    let mut client = Client {
        stream: encrypted(stream, is_encrypted),
        framing,
    };
    response.extend(b"ada\0\0caching_sha2_password\0");
    client.stream().write_all(&packet(id, &response)).unwrap();
    while client.frame()[4] != 0 {}
    client
}

fn x(stream: TcpStream, is_encrypted: bool) -> Client {
    let framing = Framing::X;
    let mut client = Client {
        stream: Stream::Plain(stream),
        framing,
    };
    client.frame();
    if is_encrypted {
        // CapabilitiesSet of tls: true.
        let scalar = [&[0x08, 1, 0x12, 4, 0x08, 7, 0x40, 1][..]].concat();
        let capability = [field(1, b"tls"), field(2, &scalar)].concat();
        let set = message(2, &field(1, &field(1, &capability)));
        client.stream().write_all(&set).unwrap();
        assert_eq!(client.frame()[4], 0);
    }
    let Stream::Plain(stream) = client.stream else {
        unreachable!()
    };
    let mut client = Client {
        stream: encrypted(stream, is_encrypted),
        framing,
    };
    let start = message(4, &field(1, b"MYSQL41"));
    client.stream().write_all(&start).unwrap();
    client.frame();
    let response = message(5, &field(1, b"\0ada\0"));
    client.stream().write_all(&response).unwrap();
    while client.frame()[4] != 4 {}
    client
}

fn packet(sequence_id: u8, payload: &[u8]) -> Vec<u8> {
    let [a, b, c, _] = u32::try_from(payload.len()).unwrap().to_le_bytes();
    [&[a, b, c, sequence_id], payload].concat()
}

fn message(message_type: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len() + 1).unwrap().to_le_bytes();
    [&len[..], &[message_type], payload].concat()
}

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let len = u8::try_from(bytes.len()).unwrap();
    let len = match len {
        0..0x80 => vec![len],
        _ => vec![len, 1],
    };
    [&[number << 3 | 2], &len[..], bytes].concat()
}

/// What a fault makes of an answer, by the crate that plays it.
fn made(fault: &str, framing: Framing, answer: &[u8]) -> Vec<u8> {
    let fault: Arc<Fault> = Arc::new(serde_json::from_str(fault).unwrap());
    let mut playing = fault.draw(Draws::new(0, None, 0, 0)).unwrap().play(framing);
    playing.push(answer);
    playing.finish();
    let sent = std::iter::from_fn(|| playing.next()).filter_map(|step| match step {
        Step::Send(bytes) => Some(bytes.to_vec()),
        _ => None,
    });
    sent.flatten().collect()
}

#[test]
fn what_is_late_or_in_pieces_arrives_whole_and_the_connection_goes_on() {
    let server = Server::start(TRACE, &[]);
    for way in WAYS {
        let plain = server.plain(way);
        let mut client = server.client(way);
        for fault in [
            r#"{"latency": {"latency": 2, "jitter": 1}}"#,
            r#"{"latency": {"lognormal": {"median": 1, "sigma": 0.1}}}"#,
            r#"{"slicer": {"average_size": 3, "size_variation": 2, "delay": 0}}"#,
            r#"{"bandwidth": 1000000}"#,
            r#"{"latency": 1, "slicer": 7, "bandwidth": 100000}"#,
            r#"{"reset_peer": true, "toxicity": 0}"#,
        ] {
            client.ask(fault);
            assert_eq!(client.answer(), plain, "{way:?} {fault}");
        }
        client.ask("plain");
        assert_eq!(client.answer(), plain, "{way:?}");
    }
}

#[test]
fn packets_are_malformed_as_the_fixtures_have_it() {
    let server = Server::start(TRACE, &[]);
    for way in WAYS {
        let plain = server.plain(way);
        for kind in ["cut_short", "wrong_sequence_id", "wrong_length", "junk"] {
            for packet in [1, 4] {
                let fault = format!(
                    r#"{{"malformed": {{"kind": "{kind}", "packet": {packet}}}, "slow_close": 0}}"#
                );
                let mut client = server.client(way);
                client.ask(&fault);
                let wanted = made(&fault, way.0, &plain);
                assert_ne!(wanted, plain);
                assert_eq!(client.read_to_end(), wanted, "{way:?} {fault}");
            }
        }
    }
}

#[test]
fn an_answer_ends_at_its_limit() {
    let server = Server::start(TRACE, &[]);
    for way in WAYS {
        let plain = server.plain(way);
        for fault in [
            r#"{"limit_data": 0}"#,
            r#"{"limit_data": 7}"#,
            r#"{"limit_data": {"packets": 2}}"#,
            r#"{"limit_data": {"rows": 2}, "slicer": 2}"#,
            r#"{"limit_data": 9, "slow_close": 1}"#,
            r#"{"limit_data": 9, "timeout": 1}"#,
            r#"{"timeout": 1}"#,
        ] {
            let mut client = server.client(way);
            client.ask(fault);
            let wanted = made(fault, way.0, &plain);
            assert!(wanted.len() < plain.len());
            assert_eq!(client.read_to_end(), wanted, "{way:?} {fault}");
        }
        let mut client = server.client(way);
        client.ask(r#"{"slow_close": 1}"#);
        assert_eq!(client.read_to_end(), plain, "{way:?}");
    }
}

#[test]
fn a_reset_is_seen_as_one() {
    let server = Server::start(TRACE, &[]);
    for way in WAYS {
        for fault in [
            r#"{"reset_peer": true}"#,
            r#"{"reset_peer": 1, "latency": 1}"#,
        ] {
            let mut client = server.client(way);
            client.ask(fault);
            let mut socket = client.socket();
            let error = socket.read(&mut [0]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{way:?} {fault}");
        }
    }
}

#[test]
fn an_answer_that_waits_blocks_no_other_session() {
    let server = Server::start(TRACE, &["--workers", "1"]);
    let hour = 3_600_000;
    for way in WAYS {
        let plain = server.plain(way);
        let mut other = server.client(way);
        for (fault, comes) in [
            (format!(r#"{{"latency": {hour}}}"#), 0),
            (r#"{"timeout": true}"#.to_owned(), 0),
            (format!(r#"{{"reset_peer": {hour}}}"#), 0),
            (
                format!(r#"{{"slicer": {{"average_size": 3, "delay": {hour}}}}}"#),
                3,
            ),
            (format!(r#"{{"limit_data": 6, "slow_close": {hour}}}"#), 6),
        ] {
            let mut client = server.client(way);
            client.ask(&fault);
            assert_eq!(client.read(comes), plain[..comes], "{way:?} {fault}");
            other.ask("plain");
            assert_eq!(other.answer(), plain, "{way:?} {fault}");
            // The session ends with its client.
            client.socket().shutdown(Shutdown::Write).unwrap();
            client.socket().read_to_end(&mut Vec::new()).unwrap();
        }
    }
}

#[test]
fn what_is_sent_after_the_server_stopped_reading_has_no_answer() {
    let server = Server::start(TRACE, &[]);
    for way in WAYS {
        let plain = server.plain(way);
        let mut client = server.client(way);
        client.ask(r#"{"stop_reading": true}"#);
        assert_eq!(client.answer(), plain, "{way:?}");
        client.ask("plain");
        client.socket().shutdown(Shutdown::Write).unwrap();
        // The session ends with unread bytes, which is a reset.
        match client.socket().read(&mut [0]) {
            Ok(read) => assert_eq!(read, 0, "{way:?}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{way:?}"),
        }
    }
}

#[test]
fn a_delay_is_added_to_the_time_of_the_answer_and_a_reset_ends_both() {
    let trace = "({ stmts: [{ exec_time: 1e9, fault: { latency: 80000000 }, ok: {} }] })";
    let server = Server::start(trace, &[]);
    let mut client = server.client((Framing::Classic, false));
    client.ask("select 1");
    // The statement is in the journal once it waits.
    let wait = "wait?count=1&timeout=60s";
    let (status, body) = Mock::rest(&server.http, "GET", wait, "");
    assert_eq!(status, 200, "{body}");
    let (status, body) = Mock::rest(&server.http, "POST", "reset", r#"{"delays": true}"#);
    assert_eq!(status, 204, "{body}");
    assert_eq!(client.frame()[4], 0);
}

#[test]
fn the_journal_and_the_log_say_that_a_fault_was_played() {
    let server = Server::start(
        "({ expectations: [
            { stmt: 'a', times: 1, ok: {}, fault: { latency: 1 } },
            { stmt: 'b', fault: { timeout: 1 } },
            { stmt: 'c', ok: {} },
            { stmt: 'd', answers: [{ ok: {} }, { fault: { reset_peer: true } }] },
        ] })",
        &["--verbose"],
    );
    let mut client = server.client((Framing::Classic, false));
    for statement in ["a", "c", "d"] {
        client.ask(statement);
        assert_eq!(client.frame()[4], 0);
    }
    client.ask("b");
    assert_eq!(client.read_to_end(), b"");
    let mut client = server.client((Framing::X, false));
    client.ask("d");
    assert_eq!(client.read_to_end_or_reset(), b"");
    let (_, journal) = Mock::rest(&server.http, "GET", "statements/", "");
    let journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
    let entries = journal["statements"].as_array().unwrap().iter();
    let faults: Vec<_> = entries
        .map(|entry| {
            (
                entry["statement"].as_str().unwrap(),
                entry["fault"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        faults,
        [
            ("a", Some("latency")),
            ("c", None),
            ("d", None),
            ("b", Some("timeout")),
            ("d", Some("reset_peer")),
        ]
    );
    let Server { mock, .. } = server;
    mock.signal("TERM");
    let (_, _, log) = mock.wait();
    for line in [
        "connection 1: fault: latency",
        "connection 1: fault: timeout",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
}

impl Client {
    fn read_to_end_or_reset(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Err(error) = self.socket().read_to_end(&mut bytes) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        }
        bytes
    }
}

#[test]
fn the_first_bytes_of_a_connection_have_the_fault_of_the_handshake() {
    for framing in [Framing::Classic, Framing::X] {
        let greeting = {
            let server = Server::start(TRACE, &[]);
            let mut stream = server.connect(framing);
            let mut first = vec![0; 5];
            stream.read_exact(&mut first).unwrap();
            first
        };
        let trace = "({ handshake: { fault: { limit_data: 5 } }, stmts: [] })";
        let server = Server::start(trace, &[]);
        let mut bytes = Vec::new();
        server.connect(framing).read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, greeting, "{framing:?}");

        let trace = "({ handshake: { fault: { reset_peer: true } }, stmts: [] })";
        let server = Server::start(trace, &[]);
        let error = server.connect(framing).read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{framing:?}");
    }
}

#[test]
fn the_answer_to_a_login_has_the_fault_of_its_account() {
    let trace = "({ handshake: { auth: { fault: { timeout: 1 } } }, stmts: [] })";
    let server = Server::start(trace, &[]);
    let mut client = Client {
        stream: Stream::Plain(server.connect(Framing::Classic)),
        framing: Framing::Classic,
    };
    client.frame();
    let mut response = vec![0x00, 0x82, 0x08, 0x00, 0, 0, 0, 1, 45];
    response.extend([0; 23]);
    response.extend(b"ada\0\0caching_sha2_password\0");
    client.stream().write_all(&packet(1, &response)).unwrap();
    assert_eq!(client.read_to_end(), b"");
    let mut client = Client {
        stream: Stream::Plain(server.connect(Framing::X)),
        framing: Framing::X,
    };
    client.frame();
    let start = message(4, &field(1, b"MYSQL41"));
    client.stream().write_all(&start).unwrap();
    client.frame();
    let response = message(5, &field(1, b"\0ada\0"));
    client.stream().write_all(&response).unwrap();
    assert_eq!(client.read_to_end(), b"");
}

/// Which of a hundred statements have their fault.
fn played(args: &[&str]) -> (Vec<bool>, String) {
    let server = Server::start(TRACE, args);
    let mut client = server.client((Framing::Classic, false));
    let played = (0..100).map(|_| {
        client.ask(r#"{"malformed": "wrong_sequence_id", "toxicity": 0.5}"#);
        client.answer()[3] == 2
    });
    let played = played.collect();
    let Server { mock, .. } = server;
    mock.signal("TERM");
    (played, mock.wait().2)
}

#[test]
fn the_same_seed_plays_the_same_faults() {
    let (first, log) = played(&["--fault-seed", "7"]);
    assert!(first.contains(&true) && first.contains(&false));
    assert!(!log.contains("seed"), "{log}");
    assert_eq!(played(&["--fault-seed", "7"]).0, first);
    assert_ne!(played(&["--fault-seed", "8"]).0, first);
    // A random one is in the log.
    let (random, log) = played(&[]);
    let (_, seed) = log.split_once("--fault-seed ").unwrap();
    let (seed, _) = seed.split_once(' ').unwrap();
    assert_eq!(log.matches("random seed").count(), 1, "{log}");
    assert_eq!(played(&["--fault-seed", seed]).0, random);
}

#[tokio::test]
async fn compressed_connections_have_faults_too() {
    let server = Server::start(TRACE, &["--compression-algorithms", "zlib"]);
    let options = server.mock.options();
    let options = options.compression(Some(mysql_async::Compression::default()));
    let mut client = mysql_async::Conn::new(options).await.unwrap();
    let fault = r#"{"slicer": {"average_size": 2, "delay": 0}}"#;
    let rows: Vec<u32> = client.query(fault).await.unwrap();
    assert_eq!(rows, [1, 2, 3]);
    let fault = r#"{"limit_data": {"rows": 2}}"#;
    client.query::<u32, _>(fault).await.unwrap_err();
}

#[test]
fn packets_of_ones_own_are_sent_as_they_are() {
    let server = Server::start(TRACE, &[]);
    for is_encrypted in [false, true] {
        let mut client = server.client((Framing::Classic, is_encrypted));
        client.ask(
            r#"[{"hex": "01"}, {"hex": "DE ad", "sequence_id": 9}, {"hex": ""}, {"raw": "ff ff"}]"#,
        );
        let wanted = b"\x01\0\0\x01\x01\x02\0\0\x09\xde\xad\0\0\0\x0a\xff\xff";
        assert_eq!(client.read(wanted.len()), wanted);
        client.ask("plain");
        assert_eq!(client.frame()[3], 1);

        let mut client = server.client((Framing::X, is_encrypted));
        client
            .ask(r#"[{"type": 127, "hex": "0102"}, {"type": 14, "hex": ""}, {"raw": "00000000"}]"#);
        let wanted = b"\x03\0\0\0\x7f\x01\x02\x01\0\0\0\x0e\0\0\0\0";
        assert_eq!(client.read(wanted.len()), wanted);
        client.ask("plain");
        assert_eq!(client.frame()[4], 12);
    }
    // Packets of the other protocol are an error.
    let mut client = server.client((Framing::Classic, false));
    client.ask(r#"[{"type": 14, "hex": ""}]"#);
    let error = String::from_utf8_lossy(&client.frame()).into_owned();
    assert!(error.contains("leave the type out"), "{error}");
    let mut client = server.client((Framing::X, false));
    client.ask(r#"[{"hex": ""}]"#);
    let error = String::from_utf8_lossy(&client.frame()).into_owned();
    assert!(error.contains("a packet without a type"), "{error}");
    client.ask(r#"[{"hex": "1"}]"#);
    let error = String::from_utf8_lossy(&client.frame()).into_owned();
    assert!(
        error.contains("packets: packet 1: hex must be an even number"),
        "{error}"
    );
}

#[test]
fn a_mistake_in_a_fault_fails_its_statement_with_the_reason() {
    let server = Server::start(TRACE, &[]);
    let mut client = server.client((Framing::Classic, false));
    client.ask(r#"{"latncy": 1}"#);
    let error = String::from_utf8_lossy(&client.frame()).into_owned();
    assert!(
        error.contains("fault: unknown key \"latncy\"; did you mean \"latency\"?"),
        "{error}"
    );
}

#[test]
fn the_examples_of_the_documentation_have_faults() {
    let pages = mynah_testkit::Page::all();
    let page = pages.iter().find(|page| page.name == "docs/faults.md");
    let mut count = 0;
    for block in page.unwrap().blocks() {
        if !["js", "json"].contains(&block.language) {
            continue;
        }
        count += 1;
        let text = block.lines.join("\n");
        let (_folder, path) = trace_file(&format!("example.{}", block.language), &text);
        let checked = program().arg("check").arg(&path).output().unwrap();
        assert!(checked.status.success(), "{text}: {checked:?}");

        let mut mock = program();
        mock.args(["--verbose", "-f"]);
        let mock = Mock::start(mock.arg(&path));
        let stream = TcpStream::connect(mock.address).unwrap();
        let mut client = classic(stream, false);
        client.ask("select 1");
        // Something comes, or the connection ends.
        let _ended = client.socket().read(&mut [0]);
        drop(client);
        mock.signal("TERM");
        let (_, _, log) = mock.wait();
        assert!(log.contains(": fault: "), "{text}: {log}");
    }
    assert_eq!(count, 5);
}
