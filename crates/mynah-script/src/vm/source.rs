//! From the text of a script to a compiled one.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use boa_engine::{Context, Script, Source};

use super::{depth, nesting};
use crate::progress;

/// Why a text is no script.
#[derive(Clone, Debug)]
pub(crate) struct SyntaxError {
    pub(crate) line: usize,
    pub(crate) reason: String,
}

/// A text that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    text: Arc<str>,
    /// The same with functions that look how deep they are called.
    looking: Option<Arc<str>>,
}

impl Ready {
    /// So many functions around it aren't of the script itself; `modules` says whether it is a module or has some.
    ///
    /// # Errors
    /// The text nests deeper than the parser can go.
    pub(super) fn new(text: &str, outer: usize, modules: bool) -> Result<Self, SyntaxError> {
        if let Some(found) = nesting::too_deep(text) {
            return Err(SyntaxError {
                line: found.place.line,
                reason: found.to_string(),
            });
        }
        let looking = match depth::with_looks(text, outer, modules) {
            Cow::Owned(looking) => Some(looking.into()),
            Cow::Borrowed(_) => None,
        };
        Ok(Self {
            text: text.into(),
            looking,
        })
    }

    /// Parses a script.
    pub(super) fn parse(&self, path: &Path, context: &mut Context) -> Result<Script, SyntaxError> {
        progress::at("parsing", path);
        let mut parse = |text: &str| {
            let source = Source::from_bytes(text).with_path(path);
            Script::parse(source, None, context)
        };
        let looking = self.looking.as_ref().and_then(|text| parse(text).ok());
        let script = match looking {
            Some(script) => script,
            // Errors have columns, too.
            None => parse(&self.text).map_err(|error| {
                let reason = match error.as_native() {
                    Some(error) => error.message().to_owned(),
                    None => error.to_string(),
                };
                with_line(&self.text, reason)
            })?,
        };
        progress::at("running", path);
        Ok(script)
    }
}

/// Boa gives line and column only in the error's text, and none for a script that ends too early.
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
