use std::process::Command;

use super::unavailable::Reason;

/// Runs a program to its end and returns what it printed.
///
/// # Errors
/// [`Reason::CannotRun`], or [`Reason::Failed`] with the end of what it said.
pub fn run(command: &mut Command) -> Result<String, Reason> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Ok(output) => output,
        Err(source) => return Err(Reason::CannotRun { program, source }),
    };
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
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
