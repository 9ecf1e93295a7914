use std::error::Error;
use std::process::ExitCode;

use crate::print_error;

/// Prints an error with its causes to standard error; returns the exit code of a program that failed, 1.
#[must_use]
pub fn failed(error: &dyn Error) -> ExitCode {
    print_error(&format!("error: {}", one_line(error)));
    ExitCode::FAILURE
}

/// Prints an error with its causes to standard error; returns the exit code of a wrong command line, 2.
#[must_use]
pub fn wrong_usage(error: &dyn Error) -> ExitCode {
    print_error(&format!("error: {}", one_line(error)));
    ExitCode::from(WRONG_USAGE)
}

/// An error and its causes, as one line.
#[must_use]
pub fn one_line(error: &dyn Error) -> String {
    // Errors name their cause only by `source()`, so each is added once.
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text.replace('\n', " ")
}

const WRONG_USAGE: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UsageError;

    #[test]
    fn an_error_and_its_causes_are_one_line() {
        let cause = std::io::Error::other("line 1\nline 2");
        let error = UsageError::Refused {
            option: "--file",
            value: "x".to_owned(),
            source: Box::new(cause),
        };
        let expected = "bad value 'x' in --file: line 1 line 2";
        assert_eq!(one_line(&error), expected);
    }
}
