use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::nesting::{InParentheses, Place, in_parentheses};
use super::source::{Ready, SyntaxError};
use super::sources::Sources;
use crate::{Globals, ScriptOptions};

/// A script as it was read, and what its sessions have in common.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) text: Arc<str>,
    /// The parenthesis that was put before an object, if the file is nothing else.
    pub(super) inserted: Option<Place>,
    pub(crate) options: ScriptOptions,
    pub(crate) globals: Arc<Globals>,
    /// The same, until the client is known.
    pub(crate) at_top_level: Arc<Globals>,
    pub(crate) sources: Arc<Sources>,
    /// Whether output of the script, and changes of `mysqld.global`, are dropped.
    pub(crate) rehearsal: bool,
    /// The text, once it was looked at.
    pub(crate) ready: Arc<OnceLock<Result<Ready, SyntaxError>>>,
    /// Why its sessions can't share a context after all.
    pub(crate) foul: Arc<OnceLock<String>>,
}

/// How sessions of a program share a context.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    /// The program as the body of a function.
    pub(crate) body: String,
    /// The modules that were cleared.
    pub(crate) modules: HashSet<PathBuf>,
    /// Whether a text names them, and sessions need them.
    pub(crate) process: bool,
    pub(crate) mysqld: bool,
    pub(crate) console: bool,
    pub(crate) duktape: bool,
    pub(crate) require: bool,
}

impl Program {
    pub(crate) fn new(
        path: &Path,
        text: &str,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let object = match options.compatible {
            true => None,
            false => in_parentheses(text),
        };
        let (text, inserted) = match object {
            Some(InParentheses { text, place }) => (text.into(), Some(place)),
            None => (text.into(), None),
        };
        Self {
            path: path.to_owned(),
            text,
            inserted,
            sources: Arc::new(Sources::new(options.module_prefix.clone())),
            options,
            at_top_level: Arc::new(globals.at_top_level()),
            globals,
            rehearsal: false,
            ready: Arc::default(),
            foul: Arc::default(),
        }
    }

    /// The text, ready to be parsed.
    pub(super) fn ready(&self) -> Result<&Ready, SyntaxError> {
        let ready = self
            .ready
            .get_or_init(|| Ready::new(&self.text, 0, self.text.contains("require")));
        ready.as_ref().map_err(SyntaxError::clone)
    }

    /// The same script, to be run for nothing but to see whether it can be.
    pub(crate) fn rehearsal(&self) -> Self {
        let globals = self.globals.fork();
        Self {
            at_top_level: Arc::new(globals.at_top_level()),
            globals: Arc::new(globals),
            rehearsal: true,
            foul: Arc::default(),
            ..self.clone()
        }
    }
}
