//! The table of `docs/faults.md`: what drivers show of each fault, played by the mock.

use std::{fmt::Write as _, fs, process::Command, thread};

use mynah_testkit::repository;

use super::Suite;
use crate::{
    client::{DOWNLOAD_TIMEOUT, NotHere, Program, Protocol},
    families::{java, node, python},
    ours::Mock,
    run::Outcome,
};

/// The columns of the table, with their programs.
fn programs() -> [(&'static str, Box<dyn Program>); 3] {
    [
        (
            "PyMySQL 1.2.4",
            Box::new(python::program(
                "faults/faults.py",
                &["pymysql[rsa]==1.2.4"],
            )),
        ),
        (
            "mysql2 3.24.5",
            Box::new(node::program("faults/faults.js", &["mysql2@3.24.5"])),
        ),
        (
            "MariaDB Connector/J 3.5.10",
            Box::new(java::program("faults/Faults.java")),
        ),
    ]
}

pub(super) fn run() -> Suite {
    let page = fs::read_to_string(repository().join("docs/faults.md"));
    let (outcome, said) = match (page, Mock::play("faults.js")) {
        (Ok(page), Ok(mock)) => compare(&page, mock.address(Protocol::Classic).port()),
        (Err(error), _) => (Outcome::Fail(error.to_string()), String::new()),
        (_, Err(error)) => (Outcome::Fail(error.to_string()), String::new()),
    };
    Suite {
        name: "docs/faults.md",
        outcome,
        said,
    }
}

fn compare(page: &str, port: u16) -> (Outcome, String) {
    let faults = column(page, 0);
    let ran: Vec<_> = thread::scope(|scope| {
        let running = programs().map(|(driver, program)| {
            let faults = &faults;
            (driver, scope.spawn(move || play(&*program, faults, port)))
        });
        let joined = running.into_iter();
        joined
            .filter_map(|(driver, running)| Some((driver, running.join().ok()?)))
            .collect()
    });
    let (mut wrong, mut skipped) = (String::new(), 0);
    for (index, (driver, shown)) in ran.iter().enumerate() {
        match shown {
            Err(Outcome::Fail(why)) => {
                let _ = write!(wrong, "{driver}: {why}; ");
            }
            Err(_) => skipped += 1,
            Ok(shown) => {
                let wanted = column(page, index + 1);
                for ((fault, wanted), shown) in faults.iter().zip(&wanted).zip(shown) {
                    // A reset may overtake what was sent before it.
                    if !wanted.split("` or `").any(|wanted| wanted == *shown) {
                        let _ = write!(
                            wrong,
                            "{driver}: {fault}: it shows '{shown}', the table '{wanted}'; "
                        );
                    }
                }
                if shown.len() != faults.len() {
                    let _ = write!(wrong, "{driver}: {} faults were played; ", shown.len());
                }
            }
        }
    }
    let said = format!(
        "{} faults with {} drivers, {skipped} of the drivers skipped",
        faults.len(),
        ran.len()
    );
    match wrong.is_empty() && !faults.is_empty() {
        true => (Outcome::Pass, said),
        false => (Outcome::Fail(wrong), said),
    }
}

/// The cells of a column of the table, whose first column has faults.
fn column(page: &str, index: usize) -> Vec<String> {
    let rows = page.lines().filter(|line| line.starts_with("| `{"));
    let cells = rows.filter_map(|row| row.split(" | ").nth(index));
    cells
        .map(|cell| {
            let cell = cell.trim_start_matches("| ").trim_end_matches(" |");
            cell.trim_matches('`').to_owned()
        })
        .collect()
}

/// What a driver shows of each fault.
fn play(program: &dyn Program, faults: &[String], port: u16) -> Result<Vec<String>, Outcome> {
    let command = match program.command() {
        Ok(command) => command,
        Err(error @ NotHere::Broken(_)) => return Err(Outcome::Fail(error.to_string())),
        Err(error) => return Err(Outcome::Skip(error.to_string())),
    };
    let mut limited = Command::new("timeout");
    let set = command.get_envs();
    limited
        .arg(DOWNLOAD_TIMEOUT.as_secs().to_string())
        .arg(command.get_program())
        .args(command.get_args())
        .args(faults)
        .envs(set.filter_map(|(name, value)| Some((name, value?))))
        .env("MYSQL_TCP_PORT", port.to_string());
    let output = limited
        .output()
        .map_err(|error| Outcome::Fail(format!("timeout can't be run: {error}")))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.lines().last().unwrap_or_default();
        return Err(Outcome::Fail(format!("{}: {last}", output.status)));
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    let lines = stdout.lines().filter_map(|line| line.split_once('\t'));
    Ok(lines.map(|(_, shown)| shown.to_owned()).collect())
}
