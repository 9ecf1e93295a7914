//! The program, and servers and clients that play recordings.

#![allow(dead_code, reason = "each test uses what it needs")]

pub(crate) mod upstream;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};

use bytes::Bytes;
use mynah_testkit::{Direction, Fixture, fixtures_folder};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_mynah-proxy");

pub(crate) struct Proxy {
    pub(crate) child: Child,
    pub(crate) said: BufReader<ChildStderr>,
    pub(crate) ports: Vec<u16>,
}

impl Proxy {
    /// Starts the proxy with a route to each of these ports, and these further arguments.
    pub(crate) fn start(upstreams: &[u16], args: &[&str]) -> Self {
        let upstreams: Vec<_> = upstreams
            .iter()
            .map(|port| format!("127.0.0.1:{port}"))
            .collect();
        Self::start_to(&upstreams, args)
    }

    /// The same with the texts of `--upstream`.
    pub(crate) fn start_to(upstreams: &[String], args: &[&str]) -> Self {
        Self::start_by(Command::new(PROGRAM), upstreams, args)
    }

    /// The same by a command that runs the program.
    pub(crate) fn start_by(mut command: Command, upstreams: &[String], args: &[&str]) -> Self {
        for upstream in upstreams {
            command.arg("--listen=127.0.0.1:0");
            command.arg(format!("--upstream={upstream}"));
        }
        let http = args.iter().any(|arg| arg.starts_with("--http-port"));
        let mut child = command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let ports = (0..upstreams.len() + usize::from(http)).map(|_| {
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            assert!(line.contains("listening on 127.0.0.1:"), "{line}");
            line.trim().rsplit_once(':').unwrap().1.parse().unwrap()
        });
        let ports = ports.collect();
        Self { child, said, ports }
    }

    /// Ends the proxy, and returns its standard output.
    pub(crate) fn end(self) -> String {
        self.end_with_errors().0
    }

    /// Ends the proxy, and returns its standard output and standard error.
    pub(crate) fn end_with_errors(self) -> (String, String) {
        let (text, rest, status) = self.ended();
        assert!(status.success(), "{status}: {rest}");
        (text, rest)
    }

    /// Ends the proxy, and returns its exit code and its standard error.
    pub(crate) fn end_with_status(self) -> (Option<i32>, String) {
        let (_, rest, status) = self.ended();
        (status.code(), rest)
    }

    fn ended(mut self) -> (String, String, ExitStatus) {
        let ended = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(ended.unwrap().success());
        let mut text = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut text).unwrap();
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).unwrap();
        let status = self.child.wait().unwrap();
        (text, rest, status)
    }
}

/// A server that plays recordings, one for each client.
pub(crate) fn server(names: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for name in names {
            let (mut stream, _) = listener.accept().unwrap();
            play(&mut stream, &wires(name), Direction::Server);
        }
    });
    port
}

pub(crate) fn client(port: u16, name: &str) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    play(&mut stream, &wires(name), Direction::Client);
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

pub(crate) fn recording(name: &str) -> Fixture {
    Fixture::read(fixtures_folder("classic").join(name)).unwrap()
}

/// The messages of a recording as bytes: X Protocol if the name is of one, else the classic
/// protocol.
pub(crate) fn wires(name: &str) -> Vec<(Direction, Bytes)> {
    let (fixture, is_x) = match name.strip_prefix("x/") {
        Some(name) => (
            Fixture::read(fixtures_folder("x").join(name)).unwrap(),
            true,
        ),
        None => (recording(name), false),
    };
    let lines = fixture.lines.iter();
    lines
        .map(|line| {
            let wire = if is_x { line.x_wire() } else { line.wire() };
            (line.direction, wire)
        })
        .collect()
}

pub(crate) fn play(stream: &mut TcpStream, wires: &[(Direction, Bytes)], side: Direction) {
    // A packet must not wait for the acknowledgement of the previous one.
    stream.set_nodelay(true).unwrap();
    for (direction, wire) in wires {
        if *direction == side {
            stream.write_all(wire).unwrap();
        } else {
            let mut seen = vec![0; wire.len()];
            stream.read_exact(&mut seen).unwrap();
            assert_eq!(seen[..], wire[..]);
        }
    }
}

pub(crate) fn run(args: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(args).output().unwrap()
}

pub(crate) fn ask(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}
