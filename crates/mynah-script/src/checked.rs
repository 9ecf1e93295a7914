use std::path::Path;
use std::sync::Arc;

use log::warn;

use crate::check::{Finding, Node, Rules, problems, unknown_keys};
use crate::outline::{self, ALL, Outline};
use crate::{Class, Globals, Script, ScriptError, ScriptOptions};

/// The result of [`Script::check`]: the mistakes and suspicious things in a script, and how it would be run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// What was found, in the order of the text. If nothing is found in the script's values, the one finding is the
    /// problem for which the script doesn't load, if there is such a problem.
    pub findings: Vec<Finding>,
    /// How the script would be run: see [`Class`].
    pub class: Class,
    /// The reason for the class, in words.
    pub reason: String,
}

/// A script's text, and what was found while it was loaded.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) rules: Rules,
    pub(crate) text: String,
    /// Where a script's values are in the text.
    pub(crate) outline: Option<Outline>,
    /// What it says, as far as it is data; absent if it doesn't load.
    pub(crate) node: Option<Node>,
    /// Why a script isn't data alone.
    pub(crate) not_static: String,
}

impl Script {
    /// Loads a script and looks for all mistakes in its values, without serving clients. What its functions return
    /// isn't checked; in a recording, only what makes it unreadable is found.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn check(path: impl AsRef<Path>, options: ScriptOptions) -> Result<Checked, ScriptError> {
        let path = path.as_ref();
        let (script, loaded) = Self::load_closely(path, options, Arc::new(Globals::new()))?;
        Ok(script.checked(path, loaded))
    }

    /// As [`check`](Self::check), of a script's text: see [`from_text`](Self::from_text).
    ///
    /// # Errors
    /// As [`from_text`](Self::from_text).
    pub fn check_text(
        path: impl AsRef<Path>,
        text: &str,
        options: ScriptOptions,
    ) -> Result<Checked, ScriptError> {
        let (path, text) = (path.as_ref(), text.to_owned());
        let (script, loaded) = Self::load_text(path, text, options, Arc::new(Globals::new()))?;
        Ok(script.checked(path, loaded))
    }

    fn checked(&self, path: &Path, loaded: Loaded) -> Checked {
        let outline = loaded.outline();
        let mut findings = match &loaded.node {
            Some(node) => problems(node, loaded.rules, outline.as_ref()),
            None => Vec::new(),
        };
        if findings.is_empty()
            && let Some(problem) = self.problem()
        {
            let path = path.display().to_string();
            findings.push(Finding::of_loading(&path, problem));
        }
        let reason = match self.class() {
            Class::Static if loaded.rules.is_json => "it is JSON".to_owned(),
            Class::Static if self.problem().is_some() => "it doesn't load".to_owned(),
            Class::Static => "it is data, and depends on nothing else".to_owned(),
            Class::Factory => loaded.not_static,
            Class::Isolated(reason) => reason.to_string(),
        };
        Checked {
            findings,
            class: self.class().clone(),
            reason,
        }
    }
}

impl Loaded {
    /// Of a recording, whose reader says what is wrong.
    pub(crate) fn of_recording() -> Self {
        Self {
            rules: Rules {
                is_json: true,
                is_compatible: false,
            },
            text: String::new(),
            outline: None,
            node: None,
            not_static: String::new(),
        }
    }

    /// Logs a warning for each key that means nothing.
    pub(crate) fn warn_of_unknown_keys(&self, path: &Path) {
        let Some(node) = &self.node else {
            return;
        };
        for finding in unknown_keys(node, self.rules, || self.outline()) {
            warn!("{}:{finding}", path.display());
        }
    }

    fn outline(&self) -> Option<Outline> {
        match self.rules.is_json {
            true => outline::json(&self.text, ALL),
            false => self.outline.clone(),
        }
    }
}
