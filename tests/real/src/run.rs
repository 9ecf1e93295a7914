use std::{
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use mynah_testkit::fixtures_folder;

use crate::{column::Column, stage::Target};

/// The outcome of a cell of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    Fail(String),
    Skip(String),
}

/// The result of a client's run.
#[derive(Debug)]
pub(crate) struct Ran {
    steps: Vec<String>,
    skipped: Vec<(String, String)>,
    failed: Option<String>,
    pub(crate) took: Duration,
}

/// The steps of each client, including connecting and closing.
const STEPS: [&str; 6] = ["connect", "select", "error", "large", PREPARED, "close"];
const PREPARED: &str = "prepared";

impl Ran {
    /// Runs a client to its end, or until the timeout.
    pub(crate) fn of(command: &Command, target: Target) -> Self {
        let mut limited = Command::new("timeout");
        limited
            .arg("--kill-after=5")
            .arg(TIMEOUT.as_secs().to_string())
            .arg(command.get_program())
            .args(command.get_args())
            .envs(
                command
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .env("MYNAH_HOST", target.address.ip().to_string())
            .env("MYNAH_PORT", target.address.port().to_string())
            .env("MYNAH_USER", target.user)
            .env("MYNAH_PASSWORD", target.password)
            .env("MYNAH_BROWSE", if target.browse { "1" } else { "0" })
            .env("MYNAH_TLS", if target.tls { "1" } else { "0" })
            .env("MYNAH_CA", fixtures_folder("tls").join("ca.pem"))
            .stdin(Stdio::null());
        if let Some(folder) = command.get_current_dir() {
            limited.current_dir(folder);
        }
        let start = Instant::now();
        let output = limited.output();
        let took = start.elapsed();
        let mut ran = Self {
            steps: Vec::new(),
            skipped: Vec::new(),
            failed: None,
            took,
        };
        match output {
            Ok(output) => ran.read(&output),
            Err(error) => ran.failed = Some(format!("timeout cannot be run: {error}")),
        }
        ran
    }

    /// Why it failed, if it did.
    pub(crate) fn failed(&self) -> Option<String> {
        self.failed.is_some().then(|| self.why("close"))
    }

    /// What it printed, as far as it is known: its steps, those that it left out, and why it failed.
    pub(crate) fn said(&self) -> String {
        let skipped = self.skipped.iter();
        let skipped = skipped.map(|(step, why)| format!("skip {step}: {why}"));
        let steps = self.steps.iter().map(|step| format!("ok {step}"));
        let all: Vec<_> = steps.chain(skipped).chain(self.failed.clone()).collect();
        all.join("; ")
    }

    /// The outcome for a column.
    pub(crate) fn outcome(&self, column: Column) -> Outcome {
        let wanted = STEPS.into_iter().filter(|step| match column {
            Column::MockPrepared => matches!(*step, "connect" | PREPARED | "close"),
            // A failure of prepared statements doesn't affect the other steps.
            Column::MockPlain => {
                *step != PREPARED
                    && (*step != "close" || self.did(PREPARED) || self.skipped(PREPARED).is_some())
            }
            Column::MockTls
            | Column::MockMariaDb
            | Column::Router
            | Column::Sqlite
            | Column::Direct(_)
            | Column::Proxy(_) => true,
        });
        for step in wanted {
            if self.did(step) {
                continue;
            }
            return match self.skipped(step) {
                Some(why) if column == Column::MockPrepared => Outcome::Skip(why.to_owned()),
                Some(_) => continue,
                None => Outcome::Fail(self.why(step)),
            };
        }
        Outcome::Pass
    }

    fn did(&self, step: &str) -> bool {
        self.steps.iter().any(|done| done == step)
    }

    fn skipped(&self, step: &str) -> Option<&str> {
        let skip = self.skipped.iter().find(|(skipped, _)| skipped == step);
        skip.map(|(_, why)| why.as_str())
    }

    fn why(&self, step: &str) -> String {
        let next = STEPS
            .into_iter()
            .find(|next| !self.did(next) && self.skipped(next).is_none());
        let said = self.failed.as_deref().unwrap_or("it ended without output");
        format!("{}: {said}", next.unwrap_or(step))
    }

    fn read(&mut self, output: &Output) {
        let (stdout, stderr) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        self.read_steps(&stdout);
        if output.status.success() {
            return;
        }
        // Some clients print everything to one output.
        let said = if stderr.trim().is_empty() {
            stdout
        } else {
            stderr
        };
        let matters = |line: &&str| !line.trim().is_empty() && !line.starts_with("note: ");
        let last = said.lines().rfind(matters);
        self.failed = Some(match (output.status.code(), last) {
            (Some(TIMED_OUT), _) => format!("it hung: no end within {TIMEOUT:?}"),
            (_, Some(line)) => printable(line.trim()),
            (_, None) => format!("it ended with {} and said nothing", output.status),
        });
    }

    fn read_steps(&mut self, stdout: &str) {
        for line in stdout.lines() {
            if let Some(step) = line.strip_prefix("ok ") {
                self.steps.push(step.trim().to_owned());
            } else if let Some((step, why)) = line
                .strip_prefix("skip ")
                .and_then(|skip| skip.split_once(": "))
            {
                self.skipped.push((step.to_owned(), why.to_owned()));
            }
        }
    }
}

/// Text that is safe for a terminal: a broken answer may contain any bytes.
fn printable(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        match letter.is_control() {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
}

/// The exit code of `timeout` at the timeout.
const TIMED_OUT: i32 = 124;
/// How long a client may take. Most take less than a second.
const TIMEOUT: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(stdout: &str, failed: Option<&str>) -> Ran {
        let mut ran = Ran {
            steps: Vec::new(),
            skipped: Vec::new(),
            failed: failed.map(str::to_owned),
            took: Duration::ZERO,
        };
        ran.read_steps(stdout);
        ran
    }

    #[test]
    fn a_client_with_all_steps_passes_everywhere() {
        let ran = ran(
            "ok connect\nok select\nok error\nok large\nok prepared\nok close\n",
            None,
        );
        for column in Column::ALL {
            assert_eq!(ran.outcome(column), Outcome::Pass, "{}", column.name());
        }
    }

    #[test]
    fn a_client_without_prepared_statements_is_skipped_where_only_they_count() {
        let ran = ran(
            "ok connect\nok select\nok error\nok large\nskip prepared: none\nok close\n",
            None,
        );
        for column in Column::ALL {
            let wanted = match column {
                Column::MockPrepared => Outcome::Skip("none".to_owned()),
                _ => Outcome::Pass,
            };
            assert_eq!(ran.outcome(column), wanted, "{}", column.name());
        }
    }

    #[test]
    fn a_failing_prepared_statement_fails_all_columns_but_the_plain_one() {
        let ran = ran(
            "ok connect\nok select\nok error\nok large\n",
            Some("NULL is 0"),
        );
        for column in Column::ALL {
            let wanted = match column {
                Column::MockPlain => Outcome::Pass,
                _ => Outcome::Fail("prepared: NULL is 0".to_owned()),
            };
            assert_eq!(ran.outcome(column), wanted, "{}", column.name());
        }
    }

    #[test]
    fn a_client_without_output_fails() {
        let wanted = Outcome::Fail("connect: it ended without output".to_owned());
        assert_eq!(ran("", None).outcome(Column::MockPlain), wanted);
    }
}
