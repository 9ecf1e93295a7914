use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::answer::{Answer, Done, Refusal};
use super::client::Client;
use super::greeting::Greeting;
use super::login::Login;
use super::stream::Stream;
use super::trace::Script;

/// The value of `--isolation`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Isolation {
    Auto,
    Context,
}

/// The program, without arguments.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mynah-mock"));
    program.env_remove("RUST_LOG").env_remove("NOTIFY_SOCKET");
    program
}

/// The command line of every case.
fn command(trace: &Script, isolation: Isolation) -> Command {
    let mut command = program();
    command
        .args(["--compatible", "--bind-address", "127.0.0.1", "--filename"])
        .arg(trace.path());
    if !trace.args.iter().any(|arg| arg == "--socket") {
        command.args(["--port", "0"]);
    }
    if super::isolation_is_there() {
        command.arg("--isolation").arg(match isolation {
            Isolation::Auto => "auto",
            Isolation::Context => "context",
        });
    }
    command
        .args(&trace.args)
        .envs(trace.env.iter().map(|(name, value)| (name, value)));
    command
}

/// The program in its own process, which is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Mock {
    process: Child,
    stdout: BufReader<ChildStdout>,
    stderr: PathBuf,
    /// The listeners that it has printed.
    pub(crate) listeners: Vec<(String, String)>,
    pub(crate) isolation: Isolation,
}

impl Mock {
    /// Starts the program and waits until it listens.
    pub(crate) fn start(trace: &Script, isolation: Isolation) -> Self {
        let stderr = trace.folder().join(format!("{isolation:?}.log"));
        let mut process = command(trace, isolation)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&stderr).unwrap())
            .spawn()
            .expect("the program starts");
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let mut mock = Self {
            process,
            stdout,
            stderr,
            listeners: Vec::new(),
            isolation,
        };
        let has = |option: &str| trace.args.iter().any(|arg| arg.starts_with(option));
        let lines = 1 + usize::from(has("--http-port"));
        for _ in 0..lines {
            mock.read_listener();
        }
        mock
    }

    fn read_listener(&mut self) {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("stdout is text");
        let Some((name, address)) = line.trim_end().split_once(" listening on ") else {
            panic!("the program said '{line}', and logged:\n{}", self.log());
        };
        self.listeners.push((name.to_owned(), address.to_owned()));
    }

    /// The address of the listener with that name.
    pub(crate) fn listener(&self, name: &str) -> &str {
        let listener = self.listeners.iter().find(|(found, _)| found == name);
        let (_, address) = listener.unwrap_or_else(|| panic!("{name}: {:?}", self.listeners));
        address
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener("classic").parse().expect("an address")
    }

    /// A connection that waits for its greeting.
    pub(crate) fn client(&self) -> Client {
        let stream = TcpStream::connect(self.address()).expect("the program listens");
        // Only turns a test that would hang into one that fails.
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream.set_nodelay(true).unwrap();
        Client::new(Stream::Tcp(stream))
    }

    /// The greeting of a new connection, or the error in its place.
    pub(crate) fn greeting(&self) -> Result<Greeting, Refusal> {
        self.client().greeting()
    }

    /// The outcome of a login.
    pub(crate) fn attempt(&self, login: &Login) -> Result<Done, Refusal> {
        self.client().login(login)
    }

    /// A connection that is logged in as the default user.
    pub(crate) fn login(&self) -> Client {
        self.login_as(&Login::default())
    }

    /// A connection that is logged in.
    pub(crate) fn login_as(&self, login: &Login) -> Client {
        let mut client = self.client();
        client.login(login).expect("the login succeeds");
        client
    }

    /// The answers to statements on a new connection.
    pub(crate) fn answers(&self, statements: &[&str]) -> Vec<Answer> {
        let mut client = self.login();
        statements.iter().map(|text| client.query(text)).collect()
    }

    /// The answer to one statement on a new connection.
    pub(crate) fn answer(&self, statement: &str) -> Answer {
        self.login().query(statement)
    }

    /// The program's log so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.stderr).unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill is there").success());
    }

    /// Sends the program a signal; returns its exit status, and the rest of its stdout.
    pub(crate) fn end(mut self, signal: &str) -> (ExitStatus, String) {
        self.signal(signal);
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        (self.process.wait().unwrap(), stdout)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
