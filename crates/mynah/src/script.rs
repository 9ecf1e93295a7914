use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, TryLockError};

use mynah_net::Connections;
use mynah_rest::{NewScript, Replaced, ScriptControl};
use mynah_script::{Class, Globals, Script, ScriptError, ScriptOptions};

use crate::{InlineScript, StartError};

/// The script that is played, which another one can take the place of.
pub(crate) struct PlayedScript {
    script: RwLock<Script>,
    /// Counts the scripts, so that threads notice a new one.
    version: AtomicU64,
    source: Source,
    /// The connections to close when there is a new script, if they are to be closed.
    to_close: OnceLock<Connections>,
    /// Held while a script is loaded.
    loading: Mutex<()>,
}

/// Where the script comes from, and how it is loaded.
pub(crate) struct Source {
    pub(crate) file: Option<PathBuf>,
    pub(crate) inline: Option<InlineScript>,
    pub(crate) options: ScriptOptions,
    pub(crate) globals: Arc<Globals>,
}

impl Source {
    fn load(&self, script: Option<&NewScript>) -> Result<Script, ScriptError> {
        let (options, globals) = (self.options.clone(), Arc::clone(&self.globals));
        match (script, &self.file) {
            (Some(script), _) => {
                let name = if script.is_json {
                    "script.json"
                } else {
                    "script.js"
                };
                // Modules are found as those of a file in the same folder are.
                let folder = self.file.as_deref().and_then(Path::parent);
                let path = folder.unwrap_or(Path::new("")).join(name);
                Script::from_text(path, &script.text, options, globals)
            }
            (None, Some(file)) => Script::load(file, options, globals),
            (None, None) if self.inline.is_some() => {
                let text = self.inline.as_ref().map(|inline| &*inline.text);
                Script::from_text(self.path(), text.unwrap_or_default(), options, globals)
            }
            (None, None) => Script::from_text(EMPTY, r#"{"stmts": []}"#, options, globals),
        }
    }

    /// What errors call the script.
    fn path(&self) -> &Path {
        let inline = self.inline.as_ref().map(|inline| &*inline.name);
        let path = self.file.as_deref().or(inline);
        path.unwrap_or(Path::new(EMPTY))
    }
}

impl PlayedScript {
    /// Loads the script for the first time. One that doesn't load is an error, unless clients are to get it.
    pub(crate) fn load(source: Source, tell_clients: bool) -> Result<Self, StartError> {
        let script = source.load(None)?;
        if let (Some(problem), false) = (script.problem(), tell_clients) {
            return Err(StartError::Script {
                path: source.path().to_owned(),
                problem: problem.to_owned(),
            });
        }
        log::info!("{}: {}", source.path().display(), script.class());
        Ok(Self {
            script: RwLock::new(script),
            version: AtomicU64::new(0),
            source,
            to_close: OnceLock::new(),
            loading: Mutex::new(()),
        })
    }

    /// Has these connections closed whenever there is a new script.
    pub(crate) fn set_to_close(&self, connections: Connections) {
        let _set_before = self.to_close.set(connections);
    }

    /// Changes the script before it is played.
    pub(crate) fn change(&self, change: impl FnOnce(Script) -> Script) {
        let mut script = self.script.write().unwrap_or_else(PoisonError::into_inner);
        *script = change(script.clone());
    }

    /// The script that is played now.
    pub(crate) fn now(&self) -> Script {
        let script = self.script.read().unwrap_or_else(PoisonError::into_inner);
        script.clone()
    }

    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(crate) fn class(&self) -> Class {
        self.now().class().clone()
    }

    /// Takes what was never played out of the file of a recording.
    pub(crate) fn prune(&self) -> Result<(usize, usize), String> {
        let file = self.source.file.as_ref();
        self.now().prune(file.ok_or("there is no recording")?)
    }

    /// Whether a script may come that isn't data.
    pub(crate) fn may_run_code(&self, has_http: bool) -> bool {
        let is_json = |file: &PathBuf| {
            let extension = file.extension();
            extension
                .is_some_and(|e| e.eq_ignore_ascii_case("json") || e.eq_ignore_ascii_case("jsonl"))
        };
        let is_data = self.source.file.as_ref().is_none_or(is_json);
        has_http || !is_data || self.class() != Class::Static
    }
}

impl ScriptControl for PlayedScript {
    fn replace(&self, script: Option<NewScript>) -> Result<Replaced, String> {
        let _one = match self.loading.try_lock() {
            Ok(one) => one,
            Err(TryLockError::Poisoned(one)) => one.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err("another script is being loaded; try again when it is".to_owned());
            }
        };
        let loaded = self.source.load(script.as_ref());
        let loaded = loaded.map_err(|error| error.to_string())?;
        if let Some(problem) = loaded.problem() {
            return Err(problem.to_owned());
        }
        let class = loaded.class().to_string();
        self.change(|before| loaded.in_place_of(&before));
        self.version.fetch_add(1, Ordering::AcqRel);
        if let Some(connections) = self.to_close.get() {
            connections.close_all();
        }
        Ok(Replaced { class })
    }

    fn problem(&self) -> Option<String> {
        self.now().problem().map(str::to_owned)
    }
}

impl fmt::Debug for PlayedScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("PlayedScript");
        debug.field("path", &self.source.path());
        debug
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

/// The name of the script of a mock that starts without a file.
const EMPTY: &str = "empty.json";
