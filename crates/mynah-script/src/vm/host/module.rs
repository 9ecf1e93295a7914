use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fs, io};

/// The texts of modules, read once for all sessions, so that all see the same.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(super) prefix: PathBuf,
    texts: Mutex<HashMap<PathBuf, Arc<str>>>,
}

impl Sources {
    /// Modules that are searched for below `prefix`.
    pub(crate) fn new(prefix: PathBuf) -> Self {
        Self {
            prefix,
            texts: Mutex::default(),
        }
    }

    /// The text of the module at `path`.
    pub(super) fn text(&self, path: &Path) -> io::Result<Arc<str>> {
        if let Some(text) = self.texts().get(path) {
            return Ok(text.clone());
        }
        let text = fs::read(path)?;
        let text = String::from_utf8_lossy(&text);
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
        self.texts().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    fn texts(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<str>>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
