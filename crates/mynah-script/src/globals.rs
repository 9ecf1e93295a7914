use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, SystemTime};

use crate::locked::Locked;

/// What scripts share: the values of `mysqld.global`, as JSON text.
///
/// One store serves all sessions of a server, on all its threads. The text isn't checked;
/// a script that reads a value which is no JSON gets a `SyntaxError`.
#[derive(Debug, Default)]
pub struct Globals {
    values: RwLock<GlobalValues>,
}

/// The values of [`Globals`] while nobody else reads or changes them.
#[derive(Clone, Debug)]
pub struct GlobalValues {
    by_key: BTreeMap<String, Entry>,
    stored: u64,
    changed: SystemTime,
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
        self.write().remove(key)
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
        let mut replaced = GlobalValues::default();
        for (key, json) in entries {
            replaced.set(&key, json);
        }
        let mut values = self.write();
        replaced.changed = values.now();
        *values = replaced;
    }

    /// Changes values all at once: nobody sees some of it done, or changes a value between its
    /// being read and set here. Scripts wait meanwhile.
    pub fn update<T>(&self, change: impl FnOnce(&mut GlobalValues) -> T) -> T {
        change(&mut self.write())
    }

    /// When a value was last set or removed; when the store was made, if none was. Each change is
    /// later than the one before, even if the clock is set back.
    #[must_use]
    pub fn changed(&self) -> SystemTime {
        self.read().changed
    }

    /// A store of its own with the same values.
    pub(crate) fn fork(&self) -> Self {
        Self {
            values: RwLock::new(self.read().clone()),
        }
    }

    fn read(&self) -> Locked<RwLockReadGuard<'_, GlobalValues>> {
        Locked::new(|| self.values.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> Locked<RwLockWriteGuard<'_, GlobalValues>> {
        Locked::new(|| self.values.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl GlobalValues {
    /// The value stored under `key`, as JSON text.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its place when its value changes.
    pub fn set(&mut self, key: &str, json: impl Into<Arc<str>>) {
        let json = json.into();
        self.changed = self.now();
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.json = json;
            return;
        }
        self.stored += 1;
        let order = self.stored;
        self.by_key.insert(key.to_owned(), Entry { order, json });
    }

    /// Forgets `key`; says whether it was known.
    pub fn remove(&mut self, key: &str) -> bool {
        let known = self.by_key.remove(key).is_some();
        if known {
            self.changed = self.now();
        }
        known
    }

    /// Now, or just after the last change: whatever the clock says, each change is later.
    fn now(&self) -> SystemTime {
        let after = self.changed.checked_add(Duration::from_nanos(1));
        after.unwrap_or(self.changed).max(SystemTime::now())
    }
}

impl Default for GlobalValues {
    fn default() -> Self {
        Self {
            by_key: BTreeMap::new(),
            stored: 0,
            changed: SystemTime::now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_reads_and_sets_without_others_in_between() {
        let globals = Globals::new();
        globals.set("n", "0");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        globals.update(|values| {
                            let n: u32 = values.get("n").unwrap().parse().unwrap();
                            values.set("n", (n + 1).to_string());
                        });
                    }
                });
            }
        });
        assert_eq!(globals.get("n").as_deref(), Some("2000"));
    }

    #[test]
    fn keys_keep_the_order_they_were_first_stored_in() {
        let globals = Globals::new();
        for key in ["b", "a", "b", "c"] {
            globals.set(key, "1");
        }
        assert!(globals.remove("a"));
        globals.set("a", "2");
        assert_eq!(globals.keys(), ["b", "c", "a"]);
        globals.replace([("z".to_owned(), "1".into()), ("a".to_owned(), "1".into())]);
        assert_eq!(globals.keys(), ["z", "a"]);
    }

    #[test]
    fn only_a_change_is_later_than_the_one_before() {
        let globals = Globals::new();
        let mut before = globals.changed();
        assert_eq!(globals.keys(), [""; 0]);
        assert!(!globals.remove("a"));
        assert_eq!(globals.changed(), before);
        let changes: [&dyn Fn(); 4] = [
            &|| globals.set("a", "1"),
            &|| {
                globals.remove("a");
            },
            &|| globals.replace([]),
            &|| globals.update(|values| values.set("b", "2")),
        ];
        for change in changes {
            change();
            assert!(globals.changed() > before);
            before = globals.changed();
        }
    }
}
