//! From text to a script that can be run.

use std::path::Path;

use boa_engine::{Context, Script, Source};

use super::nesting;
use crate::progress;

/// Why a text is no script.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) line: usize,
    pub(super) reason: String,
}

/// Parses a script.
pub(super) fn parse(path: &Path, text: &str, context: &mut Context) -> Result<Script, SyntaxError> {
    if let Some(found) = nesting::too_deep(text) {
        return Err(SyntaxError {
            line: found.place.line,
            reason: found.to_string(),
        });
    }
    progress::at("parsing", path);
    let source = Source::from_bytes(text).with_path(path);
    let script = Script::parse(source, None, context).map_err(|error| {
        let reason = match error.as_native() {
            Some(error) => error.message().to_owned(),
            None => error.to_string(),
        };
        with_line(text, reason)
    })?;
    progress::at("running", path);
    Ok(script)
}

/// Boa tells line and column in the text only, and of a script that ends too early, nothing.
fn with_line(text: &str, reason: String) -> SyntaxError {
    if let Some((_, position)) = reason.rsplit_once("at line ")
        && let Some(line) = position.split(|c: char| !c.is_ascii_digit()).next()
        && let Ok(line) = line.parse()
    {
        return SyntaxError { line, reason };
    }
    let line = text.lines().count().max(1);
    let column = text.lines().last().map_or(0, |last| last.chars().count()) + 1;
    SyntaxError {
        line,
        reason: format!("{reason} at line {line}, col {column}"),
    }
}
