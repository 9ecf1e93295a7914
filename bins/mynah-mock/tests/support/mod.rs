//! Starts the real program with a trace of the test, on a free port.

#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod raw;
pub(crate) mod talk;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder};
use tempfile::TempDir;

/// The program, without arguments.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mynah-mock"));
    program.env_remove("RUST_LOG").env_remove("NOTIFY_SOCKET");
    program
}

/// Runs the program to its end.
pub(crate) fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program starts")
}

/// A mock server in its own process, which is killed when this is dropped.
pub(crate) struct Mock {
    process: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    _folder: Option<TempDir>,
}

impl Mock {
    /// Serves `trace`, the text of a script.
    pub(crate) fn script(trace: &str) -> Self {
        Self::file("trace.js", trace)
    }

    /// Serves `trace`, the text of a JSON trace.
    pub(crate) fn json(trace: &str) -> Self {
        Self::file("trace.json", trace)
    }

    fn file(name: &str, trace: &str) -> Self {
        let (folder, path) = trace_file(name, trace);
        let mut mock = Self::start(program().arg("--filename").arg(path));
        mock._folder = Some(folder);
        mock
    }

    /// Starts the program with these arguments, on a free port of the loopback interface.
    pub(crate) fn start(program: &mut Command) -> Self {
        Self::start_at(program, SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// The same, on this address.
    pub(crate) fn start_at(program: &mut Command, address: SocketAddr) -> Self {
        let mut process = program
            .args(["--bind-address", &address.ip().to_string()])
            .args(["--port", &address.port().to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("stdout is text");
        let Some(address) = line.trim_end().strip_prefix("classic listening on ") else {
            let mut stderr = String::new();
            let pipe = process.stderr.take().expect("stderr is a pipe");
            let _ = BufReader::new(pipe).read_to_string(&mut stderr);
            panic!("the program said '{line}', and on stderr: {stderr}");
        };
        Self {
            address: address.parse().expect("the line ends in an address"),
            process,
            stdout,
            _folder: None,
        }
    }

    /// The next listener that the program announces, which must be of this protocol.
    pub(crate) fn listening(&mut self, protocol: &str) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("stdout is text");
        let address = line.strip_prefix(&format!("{protocol} listening on "));
        address.expect("it is announced").trim_end().to_owned()
    }

    /// Sends an HTTP request; returns status and body of the answer.
    pub(crate) fn rest(http: &str, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(http).unwrap();
        write!(
            stream,
            "{method} /api/v1/mock_server/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        (status.parse().unwrap(), body.to_owned())
    }

    /// A client's options: any user, and no statements of its own on connect.
    pub(crate) fn options(&self) -> OptsBuilder {
        OptsBuilder::default()
            .ip_or_hostname(self.address.ip().to_string())
            .tcp_port(self.address.port())
            .max_allowed_packet(Some(64 * 1024 * 1024))
            .wait_timeout(Some(60))
            .prefer_socket(false)
    }

    pub(crate) async fn connect(&self) -> Conn {
        Conn::new(self.options()).await.expect("the login succeeds")
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.process.id().to_string()])
            .status()
            .expect("kill is there");
        assert!(status.success());
    }

    /// Waits for the end; returns the exit status and the rest of stdout and stderr.
    pub(crate) fn wait(mut self) -> (ExitStatus, String, String) {
        let status = self.process.wait().expect("the program ends");
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).expect("text");
        let mut pipe = self.process.stderr.take().expect("stderr is a pipe");
        pipe.read_to_string(&mut stderr).expect("text");
        (status, stdout, stderr)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// A trace file in a temporary folder.
pub(crate) fn trace_file(name: &str, trace: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, trace).expect("the trace is written");
    (folder, path)
}

/// The path of a script of the repository.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/scripts")
        .join(name)
}

/// The servers behind an address, as reached by so many clients one after the other.
pub(crate) async fn reached(address: SocketAddr, clients: usize) -> BTreeSet<u16> {
    let mut ports = BTreeSet::new();
    for _ in 0..clients {
        let options = OptsBuilder::default()
            .ip_or_hostname(address.ip().to_string())
            .tcp_port(address.port())
            .user(Some("root"))
            .max_allowed_packet(Some(64 * 1024 * 1024))
            .wait_timeout(Some(60))
            .prefer_socket(false);
        let mut client = Conn::new(options).await.unwrap();
        let port: Option<u16> = client.query_first("select @@port").await.unwrap();
        ports.insert(port.unwrap());
        client.disconnect().await.unwrap();
    }
    ports
}
