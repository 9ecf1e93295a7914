//! Whether a script's sessions may share one context: what it must not do, so that no session
//! sees another, and so that it finds everything as in a context of its own.
//!
//! A text is cleared by what stands in it, not by what it does: what isn't known to be
//! harmless isn't cleared. What a text could still do by names that it makes up at run time is
//! made harmless by freezing all that is shared.

mod completion;
mod declared;
mod names;
mod rules;
mod scopes;
mod visitor;
mod walk;

use std::path::Path;

use boa_engine::ast::Script;
use boa_engine::ast::scope::Scope;
use boa_engine::interner::Interner;
use boa_engine::parser::{Parser, Source};

pub(super) use completion::{last_item, start};
use walk::Check;

/// What a cleared script is like.
#[derive(Debug)]
pub(super) struct Cleared {
    /// The program as the body of a function, which returns its last value.
    pub(super) body: String,
    /// The names it requires.
    pub(super) requires: Vec<String>,
}

/// Clears a program.
///
/// # Errors
/// The reason why it can't be: a clause with the place.
pub(super) fn program(path: &Path, text: &str) -> Result<Cleared, String> {
    if text.starts_with("#!") {
        return Err(located(path, "the first line is for a shell", 1));
    }
    let mut interner = Interner::default();
    let script = parse(path, text, &mut interner)?;
    let check = Check::program(&script, &interner);
    let requires = check
        .run(&script)
        .map_err(|unclean| unclean.located(path))?;
    let body = completion::returning(text, &script)
        .ok_or_else(|| format!("its last statement is no expression, in {}", name(path)))?;
    completion::verify(&body, &script, &mut interner)
        .ok_or_else(|| format!("its last statement isn't understood, in {}", name(path)))?;
    Ok(Cleared { body, requires })
}

/// Clears a module, given as the function that it is run as; gives the names it requires.
///
/// # Errors
/// As [`program`].
pub(super) fn module(path: &Path, wrapped: &str) -> Result<Vec<String>, String> {
    let mut interner = Interner::default();
    let script = parse(path, wrapped, &mut interner)?;
    let check = Check::module(&script, &interner);
    check.run(&script).map_err(|unclean| unclean.located(path))
}

fn parse(path: &Path, text: &str, interner: &mut Interner) -> Result<Script, String> {
    if super::nesting::too_deep(text).is_some() {
        return Err(format!("{} nests too deep", name(path)));
    }
    let mut parser = Parser::new(Source::from_bytes(text));
    parser
        .parse_script(&Scope::new_global(), interner)
        .map_err(|_| format!("{} isn't JavaScript", name(path)))
}

fn located(path: &Path, what: &str, line: u32) -> String {
    format!("{what} at {}:{line}", name(path))
}

fn name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
}

#[cfg(test)]
mod tests;
