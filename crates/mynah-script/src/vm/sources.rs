use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use super::resolve::{resolve, searched};
use super::source::{Ready, SyntaxError};
use crate::locked::Locked;

/// The texts of modules, read once for all sessions, so that all see the same.
#[derive(Debug)]
pub(crate) struct Sources {
    prefix: PathBuf,
    texts: Mutex<HashMap<PathBuf, Arc<str>>>,
    /// The same as texts of functions.
    bodies: Mutex<HashMap<PathBuf, Ready>>,
    places: Mutex<HashMap<PathBuf, HashMap<String, Arc<Place>>>>,
}

/// Where a module lies.
#[derive(Debug)]
pub(crate) struct Place {
    /// As it was searched for.
    pub(crate) path: PathBuf,
    /// The one path that it has, however it was searched for.
    pub(crate) key: PathBuf,
}

impl Place {
    pub(crate) fn new(path: PathBuf) -> Self {
        let key = path.canonicalize().unwrap_or_else(|_| path.clone());
        Self { path, key }
    }
}

impl Sources {
    /// Modules that are searched for below `prefix`.
    pub(crate) fn new(prefix: PathBuf) -> Self {
        Self {
            prefix,
            texts: Mutex::default(),
            bodies: Mutex::default(),
            places: Mutex::default(),
        }
    }

    /// The module that `require(id)` means in one that lies in `directory`. What was found
    /// once is found again.
    pub(crate) fn resolve(&self, id: &str, directory: &Path) -> Option<Arc<Place>> {
        let places = || self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = Locked::new(places);
        if let Some(place) = places.get(directory).and_then(|places| places.get(id)) {
            return Some(place.clone());
        }
        let path = resolve(id, directory, self.searched())?;
        let place = Arc::new(Place::new(path));
        let there = places.entry(directory.to_owned()).or_default();
        there.insert(id.to_owned(), place.clone());
        Some(place)
    }

    /// Where modules that are named without a path are searched for.
    pub(crate) fn searched(&self) -> impl Iterator<Item = PathBuf> {
        searched(&self.prefix)
    }

    /// The text of the module at `path`.
    pub(crate) fn text(&self, path: &Path) -> io::Result<Arc<str>> {
        if let Some(text) = self.texts().get(path) {
            return Ok(text.clone());
        }
        let text = fs::read(path)?;
        let text = String::from_utf8_lossy(&text);
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
        self.texts().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    /// The files of all modules that were read.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.texts().keys().cloned().collect()
    }

    /// The text of the module at `path` as that of a function.
    pub(super) fn body(&self, path: &Path, text: &str) -> Result<Ready, SyntaxError> {
        let bodies = || self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(body) = Locked::new(bodies).get(path) {
            return Ok(body.clone());
        }
        let body = Ready::new(&wrapped(text), 1, true)?;
        Locked::new(bodies).insert(path.to_owned(), body.clone());
        Ok(body)
    }

    fn texts(&self) -> Locked<MutexGuard<'_, HashMap<PathBuf, Arc<str>>>> {
        Locked::new(|| self.texts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A module's text as that of a function.
pub(crate) fn wrapped(text: &str) -> String {
    format!("(function (exports, require, module, native, __filename, __dirname) {{{text}\n}})")
}
