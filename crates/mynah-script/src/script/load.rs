use std::fs;
use std::path::Path;
use std::sync::Arc;

use mynah_expect::Tests;
use mynah_session::Failure;
use serde_json::Value;

use super::Script;
use crate::check::{Node, Rules};
use crate::checked::Loaded;
use crate::contents::{Contents, Verdict};
use crate::fault_seed::FaultSeed;
use crate::javascript::look_over;
use crate::outline::{self, ENTRIES, Places};
use crate::plan::{self, Plan};
use crate::prelude::{Identity, Server};
use crate::{
    Class, Globals, Positions, ScriptError, ScriptOptions, expectations, reason, recording,
};

impl Script {
    /// Loads the script in the file `path`: as a recording if the name ends in `.jsonl`, or in `.json` and the file has
    /// the key `recording`; else as JSON if the name ends in `.json`, else as JavaScript. Its sessions share the values
    /// in `globals`, which loading doesn't change.
    ///
    /// # Errors
    /// If the file can't be read, the script is JavaScript and this crate is built without the feature `javascript`,
    /// the script uses too much time, memory or stack in a place where it can't be interrupted, or no thread can be
    /// started to analyse it. Mistakes in the script are no error here: see [`Script::problem`].
    pub fn load(
        path: impl AsRef<Path>,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<Self, ScriptError> {
        let (script, loaded) = Self::load_closely(path.as_ref(), options, globals)?;
        loaded.warn_of_unknown_keys(path.as_ref());
        Ok(script)
    }

    /// Loads a script, and gives all that is known of it.
    pub(crate) fn load_closely(
        path: &Path,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<(Self, Loaded), ScriptError> {
        options.progress.set("reading", path);
        let text = fs::read(path).map_err(|source| ScriptError::Read {
            path: path.to_owned(),
            source,
        })?;
        if recording::is_recording(path, &text) {
            drop(text);
            return Ok((Self::from_recording(path, options), Loaded::of_recording()));
        }
        let text = String::from_utf8(text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Self::load_text(path, text, options, globals)
    }

    fn from_recording(path: &Path, options: ScriptOptions) -> Self {
        let places = Places::new(path, None);
        match recording::read(path, &options.replay) {
            Ok(read) => {
                let contents = Contents::Recording(Arc::new(read.recording));
                let script = Self::with(contents, Class::Static, None, places, options);
                script.tests.set_recording(read.setup, read.parts);
                script.tests.set_recorded_at(read.recorded_at);
                script
            }
            Err(problem) => {
                let failure = reason::load(&problem);
                let contents = Contents::Failed(failure);
                Self::with(
                    contents,
                    Class::Static,
                    Some(problem.into()),
                    places,
                    options,
                )
            }
        }
    }

    /// Loads a script from its text. `path` is the name for messages and decides by its ending between JSON and
    /// JavaScript; modules that the script requires by a relative path are looked for in its folder.
    ///
    /// # Errors
    /// If the script is JavaScript and this crate is built without the feature `javascript`, the script uses too much
    /// time, memory or stack in a place where it can't be interrupted, or no thread can be started to analyse it.
    pub fn from_text(
        path: impl AsRef<Path>,
        text: &str,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<Self, ScriptError> {
        let (path, text) = (path.as_ref(), text.to_owned());
        let (script, loaded) = Self::load_text(path, text, options, globals)?;
        loaded.warn_of_unknown_keys(path);
        Ok(script)
    }

    pub(crate) fn load_text(
        path: &Path,
        text: String,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<(Self, Loaded), ScriptError> {
        let extension = path.extension();
        let mut loaded = Loaded {
            rules: Rules {
                is_json: extension.is_some_and(|e| e.eq_ignore_ascii_case("json")),
                is_compatible: options.compatible,
            },
            node: None,
            not_static: String::new(),
            outline: None,
            text,
        };
        if !loaded.rules.is_json {
            let verdict = look_over(path, &loaded.text, &options, globals)?;
            let script = Self::from_javascript(path, verdict, options, &mut loaded);
            return Ok((script, loaded));
        }
        let value = plan::parse(path, &loaded.text);
        loaded.node = value.as_ref().ok().map(Node::from);
        let plan =
            value.and_then(|value| Plan::of(path, &value, options.strict, options.compatible));
        let expectations = plan
            .as_ref()
            .ok()
            .and_then(|plan| plan.expectations.clone());
        let places = Places::new(path, outline::json(&loaded.text, ENTRIES));
        let script = Self::from_plan(plan, places, options);
        Ok((script.expecting(path, expectations.as_ref()), loaded))
    }

    fn from_javascript(
        path: &Path,
        verdict: Verdict,
        options: ScriptOptions,
        loaded: &mut Loaded,
    ) -> Self {
        let problem = verdict
            .failure
            .map(|failure| String::from_utf8_lossy(&failure.message).into());
        let outline = verdict.outline.as_ref();
        let entries = outline.map(|outline| outline.to_levels(ENTRIES));
        let places = Places::new(path, entries);
        loaded.node = verdict.node;
        loaded.not_static = verdict.not_static;
        loaded.outline = verdict.outline;
        let script = Self {
            modules: verdict.modules.into(),
            ..Self::with(verdict.contents, verdict.class, problem, places, options)
        };
        script.expecting(path, verdict.expectations.as_ref())
    }

    /// The same script, with expectations for its sessions.
    fn expecting(self, path: &Path, expectations: Option<&Value>) -> Self {
        let Some(json) = expectations else {
            return self;
        };
        match expectations::read(&self.places, json) {
            Ok(list) => {
                self.tests.set_from_file(list.clone());
                Self {
                    expected: Arc::new(list),
                    ..self
                }
            }
            Err(problem) => {
                let failure = reason::load(format_args!("{}: {problem}", path.display()));
                Self {
                    problem: Some(String::from_utf8_lossy(&failure.message).into()),
                    contents: Contents::Failed(failure),
                    ..self
                }
            }
        }
    }

    fn from_plan(plan: Result<Plan, Failure>, places: Places, options: ScriptOptions) -> Self {
        match plan {
            Ok(plan) => {
                let contents = Contents::Plan(Arc::new(plan));
                Self::with(contents, Class::Static, None, places, options)
            }
            Err(failure) => {
                let problem = String::from_utf8_lossy(&failure.message).into();
                Self::with(
                    Contents::Failed(failure),
                    Class::Static,
                    Some(problem),
                    places,
                    options,
                )
            }
        }
    }

    fn with(
        contents: Contents,
        class: Class,
        problem: Option<Arc<str>>,
        places: Places,
        options: ScriptOptions,
    ) -> Self {
        Self {
            contents,
            class,
            problem,
            modules: Arc::default(),
            places: Arc::new(places),
            tests: Arc::new(Tests::new(options.tests)),
            expected: Arc::default(),
            fault_seed: Arc::new(FaultSeed::new(options.fault_seed)),
            positions: Positions::default(),
            options: Arc::new(options),
            beacons: Arc::default(),
            server: Arc::new(Server::new(Identity::default())),
        }
    }
}
