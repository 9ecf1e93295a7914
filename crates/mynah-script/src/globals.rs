use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What scripts share: the values of `mysqld.global`, as JSON text.
///
/// One store serves all sessions of a server, on all its threads. The text isn't checked;
/// a script that reads a value which is no JSON gets a `SyntaxError`.
#[derive(Debug, Default)]
pub struct Globals {
    values: RwLock<Values>,
}

#[derive(Clone, Debug, Default)]
struct Values {
    by_key: BTreeMap<String, Entry>,
    stored: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    order: u64,
    json: Arc<str>,
}

impl Globals {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value stored under `key`, as JSON text.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.read().by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its place when its value changes.
    pub fn set(&self, key: &str, json: impl Into<Arc<str>>) {
        self.write().set(key, json.into());
    }

    /// Forgets `key`; says whether it was known.
    pub fn remove(&self, key: &str) -> bool {
        self.write().by_key.remove(key).is_some()
    }

    /// Whether something is stored under `key`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.read().by_key.contains_key(key)
    }

    /// The keys, in the order they were first stored.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.entries().into_iter().map(|(key, _)| key).collect()
    }

    /// Keys and values as JSON text, in the order the keys were first stored.
    #[must_use]
    pub fn entries(&self) -> Vec<(String, Arc<str>)> {
        let mut entries: Vec<_> = {
            let values = self.read();
            let entries = values.by_key.iter();
            entries.map(|(k, e)| (k.clone(), e.clone())).collect()
        };
        entries.sort_by_key(|(_, entry)| entry.order);
        entries.into_iter().map(|(k, e)| (k, e.json)).collect()
    }

    /// Replaces all there is, at once.
    pub fn replace(&self, entries: impl IntoIterator<Item = (String, Arc<str>)>) {
        let mut values = Values::default();
        for (key, json) in entries {
            values.set(&key, json);
        }
        *self.write() = values;
    }

    /// A store of its own with the same values.
    pub(crate) fn fork(&self) -> Self {
        Self {
            values: RwLock::new(self.read().clone()),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Values> {
        self.values.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Values> {
        self.values.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Values {
    fn set(&mut self, key: &str, json: Arc<str>) {
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.json = json;
            return;
        }
        self.stored += 1;
        let order = self.stored;
        self.by_key.insert(key.to_owned(), Entry { order, json });
    }
}
