use std::{
    io::{self, Write as _},
    process::{Command, Output, Stdio},
    time::Duration,
};

use super::unavailable::Reason;

/// Runs a program to its end, and returns its standard output.
///
/// # Errors
/// [`Reason::CannotRun`], or [`Reason::Failed`] with the end of its error output.
pub fn run(command: &mut Command) -> Result<String, Reason> {
    let output = command.output();
    let output = successful(command, output)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// As [`run`], with a timeout, for a program that may wait for ever, such as for a registry that is down.
///
/// # Errors
/// As for [`run`]; a program that was ended fails with the exit code 124, or 137 if it had to be killed.
pub fn run_within(timeout: Duration, command: &Command) -> Result<String, Reason> {
    let mut limited = Command::new("timeout");
    limited
        .arg("--kill-after=5")
        .arg(timeout.max(SHORTEST).as_secs_f64().to_string())
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    run(&mut limited)
}

/// As [`run`], for a program that reads a short `input`. Also returns the program's error output.
///
/// # Errors
/// As for [`run`].
pub(crate) fn run_with_input(command: &mut Command, input: &str) -> Result<String, Reason> {
    let output = output_with_input(command, input);
    let output = successful(command, output)?;
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said += &String::from_utf8_lossy(&output.stderr);
    Ok(said)
}

fn output_with_input(command: &mut Command, input: &str) -> io::Result<Output> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading its input reports why.
        let _unread = stdin.write_all(input.as_bytes());
    }
    child.wait_with_output()
}

fn successful(command: &Command, output: io::Result<Output>) -> Result<Output, Reason> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match output {
        Ok(output) => output,
        Err(source) => return Err(Reason::CannotRun { program, source }),
    };
    if output.status.success() {
        return Ok(output);
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    let message = end_of(if said.trim().is_empty() {
        &printed
    } else {
        &said
    });
    Err(Reason::Failed {
        program,
        status: output.status,
        message,
    })
}

/// The last lines of a text, for an error message.
pub(crate) fn end_of(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let skipped = lines.len().saturating_sub(8);
    lines
        .into_iter()
        .skip(skipped)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// The least time of a program. `timeout 0` would be no timeout.
const SHORTEST: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_ended_after_less_than_a_second_too() {
        for timeout in [Duration::from_millis(50), Duration::ZERO] {
            match run_within(timeout, Command::new("sleep").arg("5")) {
                Err(Reason::Failed { status, .. }) => assert_eq!(status.code(), Some(124)),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_program_that_is_done_in_time_gives_its_output() {
        let said = run_within(Duration::from_secs(60), Command::new("echo").arg("done"));
        assert_eq!(said.unwrap(), "done\n");
    }
}
