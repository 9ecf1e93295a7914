//! The programs of `docs/connect.md`, run against a mock with the script that the page names.

use std::{process::Command, thread};

use super::Suite;
use crate::{
    client::{DOWNLOAD_TIMEOUT, NotHere, Program, Protocol},
    families::{go, java, node, python, rust, scripting},
    ours::Mock,
    run::Outcome,
};

/// The languages of the page, with their programs.
fn programs() -> [(&'static str, Box<dyn Program>); 6] {
    [
        (
            "Python",
            Box::new(python::program(
                "connect/connect.py",
                &["pymysql[rsa]==1.2.4"],
            )),
        ),
        (
            "Node.js",
            Box::new(node::program("connect/connect.js", &["mysql2@3.24.5"])),
        ),
        ("Go", Box::new(go::program(&["connect/connect.go"]))),
        ("Java", Box::new(java::program("connect/Connect.java"))),
        (
            "PHP",
            Box::new(scripting::php_program("connect/connect.php")),
        ),
        ("Rust", Box::new(rust::program("connect"))),
    ]
}

pub(super) fn run() -> Suite {
    let (outcome, said) = match Mock::play("hello.js") {
        Ok(mock) => connect_to(&mock),
        Err(error) => (Outcome::Fail(error.to_string()), String::new()),
    };
    Suite {
        name: "docs/connect.md",
        outcome,
        said,
    }
}

fn connect_to(mock: &Mock) -> (Outcome, String) {
    let port = mock.address(Protocol::Classic).port();
    let ran: Vec<_> = thread::scope(|scope| {
        let running = programs()
            .map(|(language, program)| (language, scope.spawn(move || connect(&*program, port))));
        let ran = running.into_iter().filter_map(|(language, running)| {
            let outcome = running.join().ok()?;
            Some((language, outcome))
        });
        ran.collect()
    });
    let is_skipped = |(_, outcome): &&(_, Outcome)| matches!(outcome, Outcome::Skip(_));
    let said = format!(
        "programs in {} languages, {} of them skipped",
        ran.len(),
        ran.iter().filter(is_skipped).count()
    );
    let failed = ran.iter().filter_map(|(language, outcome)| match outcome {
        Outcome::Fail(why) => Some(format!("{language}: {why}")),
        Outcome::Pass | Outcome::Skip(_) => None,
    });
    let failed: Vec<_> = failed.collect();
    if failed.is_empty() {
        (Outcome::Pass, said)
    } else {
        (Outcome::Fail(failed.join("; ")), said)
    }
}

fn connect(program: &dyn Program, port: u16) -> Outcome {
    let command = match program.command() {
        Ok(command) => command,
        Err(error @ NotHere::Broken(_)) => return Outcome::Fail(error.to_string()),
        Err(error) => return Outcome::Skip(error.to_string()),
    };
    let mut limited = Command::new("timeout");
    let set = command.get_envs();
    limited
        .arg(DOWNLOAD_TIMEOUT.as_secs().to_string())
        .arg(command.get_program())
        .args(command.get_args())
        .envs(set.filter_map(|(name, value)| Some((name, value?))))
        .env("MYSQL_TCP_PORT", port.to_string());
    match limited.output() {
        Ok(output) if output.status.success() => {
            let stdout = String::from_utf8_lossy(&output.stdout);
            // The second row has no age; each language has another word for that.
            let is_ada = |line: &str| line == "ada 36" || line == "ada Some(36)";
            match stdout.lines().next() {
                Some(line) if is_ada(line) => Outcome::Pass,
                _ => Outcome::Fail(format!("it printed {stdout:?}")),
            }
        }
        Ok(output) => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            let last = stderr.lines().last().unwrap_or_default();
            Outcome::Fail(format!("{}: {last}", output.status))
        }
        Err(error) => Outcome::Fail(format!("timeout can't be run: {error}")),
    }
}
