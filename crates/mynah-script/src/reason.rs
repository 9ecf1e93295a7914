//! The errors that a client gets when a script can't answer it.

use std::fmt::Display;
use std::path::Path;

use jsonc_parser::errors::ParseError;
use mynah_classic::error_code::ER_PARSE_ERROR;
use mynah_session::{Failure, Outcome, Reply};

use crate::document::Misfit;

/// The script could not be loaded.
pub(crate) fn load(reason: impl Display) -> Failure {
    Failure::general(ER_PARSE_ERROR, reason.to_string())
}

/// The script, or its handshake, isn't what it must be.
pub(crate) fn misfit(path: &Path, misfit: &Misfit) -> Failure {
    match misfit {
        Misfit::Auth | Misfit::HandshakeReturn => {
            Failure::general(CR_SERVER_LOST, misfit.to_string())
        }
        Misfit::NoScript(_) => load(format_args!("{}: {misfit}", path.display())),
        _ => load(misfit),
    }
}

/// A statement's entry could not be made, or isn't what it must be.
pub(crate) fn statement_failed(reason: impl Display) -> Reply {
    Outcome::Error(statement_failure(reason)).into()
}

/// The same where there is no reply.
pub(crate) fn statement_failure(reason: impl Display) -> Failure {
    let message = format!("executing statement failed: {reason}");
    Failure::general(ER_PARSE_ERROR, message)
}

/// A statement isn't the one that is due in a strict script; `number` is that of its entry.
pub(crate) fn unexpected(number: u64, difference: impl Display) -> Reply {
    Outcome::Error(unexpected_failure(number, difference)).into()
}

/// The same where there is no reply.
pub(crate) fn unexpected_failure(number: u64, difference: impl Display) -> Failure {
    let message = format!("Unexpected statement. Entry {number} of stmts: {difference}");
    Failure::general(ER_PARSE_ERROR, message)
}

/// The array of statements is at its end.
pub(crate) fn end_of_statements() -> Reply {
    Outcome::Error(Failure::general(
        ER_PARSE_ERROR,
        "Unknown statement. (end of stmts)",
    ))
    .into()
}

/// A JSON file isn't JSON.
pub(crate) fn json_syntax_error(path: &Path, error: &ParseError) -> String {
    syntax_error(path, error.line_display(), error)
}

/// A script could not be parsed.
pub(crate) fn syntax_error(path: &Path, line: usize, reason: impl Display) -> String {
    let path = path.display();
    format!("at {path}:{line}: SyntaxError: parse error: {reason}")
}

/// The error number of what is wrong with its `auth`, and of a handshake function that
/// returns no object.
const CR_SERVER_LOST: u16 = 2013;
