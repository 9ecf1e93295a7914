use std::cell::RefCell;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What the loading of a script is doing at the moment, for a program that shows it when loading takes long.
/// A clone is another handle for the same progress.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<String>>);

impl Progress {
    /// The current step or, after loading, the last one, in words: `reading t.js`; empty before the first step.
    #[must_use]
    pub fn now(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set(&self, doing: &str, path: &Path) {
        let text = format!("{doing} {}", path.display());
        let _deferred = mynah_guard::defer();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }
}

/// Always equal: a progress is no setting, so options compare without it.
impl PartialEq for Progress {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Progress {}

/// From now on, [`at`] writes what the calling thread does into this progress.
pub(crate) fn begin(progress: &Progress) {
    CURRENT.set(Some(progress.clone()));
}

/// Notes what the calling thread does, if it has a progress.
pub(crate) fn at(doing: &str, path: &Path) {
    CURRENT.with_borrow(|current| {
        if let Some(current) = current {
            current.set(doing, path);
        }
    });
}

thread_local! {
    static CURRENT: RefCell<Option<Progress>> = const { RefCell::new(None) };
}
