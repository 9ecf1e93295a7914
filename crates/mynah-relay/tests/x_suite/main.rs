//! MySQL's own suite for the X Protocol: what its cases print is the same through the proxy.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod case;
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use case::{Step, steps};
use mynah_testkit::servers::{Mysqlxtest, RealServer, Server, mysql_x_suite};
use support::client::Connection;
use support::{front, json_trace};

#[test]
#[ignore = "fetches and starts a real server, and a large package with the suite"]
fn cases_of_mysqls_suite_print_the_same_through_the_proxy() {
    let fetched = || {
        Ok::<_, String>((
            Server::start(RealServer::MySql97).map_err(|reason| reason.to_string())?,
            Mysqlxtest::fetch().map_err(|reason| reason.to_string())?,
            mysql_x_suite().map_err(|reason| reason.to_string())?,
        ))
    };
    let (server, xtest, suite) = match fetched() {
        Ok(fetched) => fetched,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let x_port = server.x_address().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let front = front(x_port, |options| {
        options.trace = Some(json_trace(&folder.path().join("trace"), 1));
    });
    let mut cases: Vec<_> = std::fs::read_dir(&suite)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "test")
        })
        .filter(|path| is_wanted(path))
        .collect();
    cases.sort();
    let (mut same, mut vary, mut special, mut differ) = (0, 0, 0, Vec::new());
    for path in &cases {
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some(steps) = steps(&text).filter(|_| name != BY_CHANCE) else {
            special += 1;
            continue;
        };
        let run = |port, timeout| {
            let context = Context {
                timeout,
                server: &server,
                xtest: &xtest,
                suite: &suite,
                folder: folder.path(),
            };
            context.output(port, &steps)
        };
        let direct = run(x_port, SHORT);
        // It waits for something that is not there.
        let Some(direct) = direct else {
            special += 1;
            continue;
        };
        if run(x_port, SHORT).as_ref() != Some(&direct) {
            vary += 1;
            continue;
        }
        let through = run(front.port, LONG).unwrap_or_default();
        if direct == through {
            same += 1;
        } else {
            println!("{name}:\n{}", difference(&direct, &through));
            differ.push(name);
        }
    }
    println!("{same} the same, {vary} print something else each time, {special} need more");
    // The case session_sleep leaves while the server still runs its SLEEP(). The server keeps such a connection, one
    // without the proxy too, and so the proxy does.
    let _all_have_left = front.relay.shut_down(Duration::from_secs(1));
    assert!(differ.is_empty(), "{differ:?}");
    assert!(same >= 120 || std::env::var("MYNAH_CASE").is_ok(), "{same}");
}

/// `MYNAH_CASE` names one, if it is to be run alone.
fn is_wanted(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy();
    std::env::var("MYNAH_CASE").map_or(true, |wanted| wanted == name)
}

/// What cases are run with.
struct Context<'a> {
    server: &'a Server,
    xtest: &'a Mysqlxtest,
    suite: &'a Path,
    folder: &'a Path,
    /// How many seconds a script may take.
    timeout: &'a str,
}

impl Context<'_> {
    /// What `mysqlxtest` prints for all scripts of a case, unless it takes too long.
    fn output(&self, port: u16, steps: &[Step]) -> Option<String> {
        let account = RealServer::MySql97.accounts()[0];
        let (user, password) = (account.user, account.password);
        let mut connection =
            Connection::log_in(self.server.address(), true, user, password).unwrap();
        for sql in CLEAN {
            let _done = connection.query(sql).unwrap();
        }
        let mut printed = String::new();
        for step in steps {
            match step {
                Step::Sql(sql) => {
                    let _refused = connection.query(sql).unwrap();
                }
                Step::Script { options, text } => {
                    printed.push_str(&self.script(port, options, text)?);
                }
            }
        }
        Some(printed.replace(&format!(":{port}"), ":PORT"))
    }

    fn script(&self, port: u16, options: &[String], text: &str) -> Option<String> {
        let file = self.folder.join("script");
        std::fs::write(&file, text).unwrap();
        let program = self.xtest.command();
        let mut command = Command::new("timeout");
        command
            .arg(self.timeout)
            .arg(program.get_program())
            .args(program.get_args())
            .args(["--host=127.0.0.1", "--plain-auth", "--ssl-mode=REQUIRED"])
            .arg(format!("--import={}/", self.suite.display()))
            .arg(format!("--port={port}"))
            .args(options)
            .arg(format!("--file={}", file.display()));
        let output = command.output().unwrap();
        let [stdout, stderr] =
            [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said));
        let has_ended = output.status.code() != Some(TOO_LONG);
        has_ended.then(|| format!("{stdout}{stderr}{}\n", output.status))
    }
}

/// Its client writes on after the server has closed: whether SIGPIPE ends it depends on how far it came.
const BY_CHANCE: &str = "message_too_large";

/// How many seconds a script may take that waits for nothing, and through a proxy that isn't optimized.
const SHORT: &str = "10";
const LONG: &str = "60";

/// What `timeout` ends with that has ended a program.
const TOO_LONG: i32 = 124;

/// The first lines that aren't the same.
fn difference(one: &str, other: &str) -> String {
    let mut pairs = one.lines().zip(other.lines());
    match pairs.find(|(one, other)| one != other) {
        Some((one, other)) => format!("direct: {one}\nproxy:  {other}"),
        None => format!(
            "{} and {} lines",
            one.lines().count(),
            other.lines().count()
        ),
    }
}

const CLEAN: &[&str] = &[
    "drop schema if exists xtest",
    "drop schema if exists minimal",
    "drop user if exists x_root@localhost, x_root",
    "create user x_root identified by ''",
    "grant all on *.* to x_root with grant option",
];
