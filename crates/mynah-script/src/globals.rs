use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, SystemTime};

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Number, Value};
use thiserror::Error;

use crate::locked::Locked;

/// What scripts share: the values of `mysqld.global`, as JSON text.
///
/// One store serves all sessions of a server, on all its threads. The text isn't checked;
/// a script that reads a value which is no JSON gets a `SyntaxError`.
#[derive(Debug, Default)]
pub struct Globals {
    values: RwLock<GlobalValues>,
}

/// Exclusive access to the values of [`Globals`].
#[derive(Clone, Debug)]
pub struct GlobalValues {
    by_key: BTreeMap<String, Entry>,
    stored: u64,
    changed: SystemTime,
    /// How many bytes keys and values have.
    size: usize,
    /// How many they may have.
    limit: usize,
}

/// A value that isn't stored, since the values would take more than they may.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the globals would take {needed} bytes, and at most {limit} are allowed")]
pub struct GlobalsFull {
    /// How many bytes keys and values would have.
    pub needed: usize,
    /// How many they may have.
    pub limit: usize,
}

/// Why a value isn't changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeError {
    /// It is no number.
    #[error("what is stored under '{}' is no number", .0.escape_debug())]
    NoNumber(String),
    /// It is no array.
    #[error("what is stored under '{}' is no array", .0.escape_debug())]
    NoArray(String),
    /// The sum isn't finite.
    #[error("the new value is no value of JSON")]
    TooLarge,
    /// There is no memory for it.
    #[error(transparent)]
    Full(#[from] GlobalsFull),
}

#[derive(Clone, Debug)]
struct Entry {
    order: u64,
    json: Arc<str>,
}

impl Globals {
    /// An empty store, whose keys and values may take 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store, whose keys and values may take so many bytes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            values: RwLock::new(GlobalValues::with_limit(limit)),
        }
    }

    /// The value stored under `key`, as JSON text.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.read().by_key.get(key).map(|entry| entry.json.clone())
    }

    /// Stores a value, given as JSON text. A key keeps its place when its value changes.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the key's value is then as it was.
    pub fn set(&self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        self.write().set(key, json.into())
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
    ///
    /// # Errors
    /// [`GlobalsFull`]; the values are then as they were.
    pub fn replace(
        &self,
        entries: impl IntoIterator<Item = (String, Arc<str>)>,
    ) -> Result<(), GlobalsFull> {
        let mut replaced = GlobalValues::with_limit(self.read().limit);
        for (key, json) in entries {
            replaced.set(&key, json)?;
        }
        let mut values = self.write();
        replaced.changed = values.now();
        *values = replaced;
        Ok(())
    }

    /// Changes values all at once, or, if that fails, none: no other change comes in between. Scripts
    /// wait meanwhile.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn update<T, E>(
        &self,
        change: impl FnOnce(&mut GlobalValues) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut values = self.write();
        let mut changed = values.clone();
        let result = change(&mut changed)?;
        *values = changed;
        Ok(result)
    }

    /// Changes one value; no other change comes in between. `change` gets the value, as JSON text, and gives the
    /// new one. It must not use the globals.
    ///
    /// # Errors
    /// Those of `change`, and [`GlobalsFull`]; the value is then as it was.
    pub fn change<E: From<GlobalsFull>>(
        &self,
        key: &str,
        change: impl FnOnce(Option<&str>) -> Result<Arc<str>, E>,
    ) -> Result<(), E> {
        let mut values = self.write();
        let changed = change(values.by_key.get(key).map(|entry| &*entry.json))?;
        Ok(values.set(key, changed)?)
    }

    /// Adds a number to the one that is stored under `key`, or to 0, and returns the sum.
    ///
    /// # Errors
    /// When something else is stored there, the sum is no number of JSON, or there is no memory.
    pub fn increment(&self, key: &str, by: &Number) -> Result<Number, ChangeError> {
        let mut sum = Number::from(0);
        self.change(key, |value| {
            let value = value.map(serde_json::from_str::<Number>).transpose();
            let value = value.map_err(|_| ChangeError::NoNumber(key.to_owned()))?;
            let value = value.unwrap_or_else(|| Number::from(0));
            sum = add(&value, by).ok_or(ChangeError::TooLarge)?;
            Ok::<_, ChangeError>(sum.to_string().into())
        })?;
        Ok(sum)
    }

    /// Adds an element to the end of the array that is stored under `key`, or to an empty one, and returns how
    /// many there are.
    ///
    /// # Errors
    /// When something else is stored there, or there is no memory.
    pub fn push(&self, key: &str, element: Value) -> Result<usize, ChangeError> {
        let mut len = 0;
        self.change(key, |value| {
            let array = value
                .map(serde_json::from_str::<Vec<Box<RawValue>>>)
                .transpose();
            let array = array.map_err(|_| ChangeError::NoArray(key.to_owned()))?;
            let mut array = array.unwrap_or_default();
            array.push(to_raw_value(&element).map_err(|_| ChangeError::TooLarge)?);
            len = array.len();
            let text = serde_json::to_string(&array).map_err(|_| ChangeError::TooLarge)?;
            Ok::<_, ChangeError>(text.into())
        })?;
        Ok(len)
    }

    /// Stores a value if the one under `key` is still this one, as [`get`](Self::get) gave it. Says whether it
    /// was.
    ///
    /// # Errors
    /// [`GlobalsFull`]; the value is then as it was.
    pub(crate) fn exchange(
        &self,
        key: &str,
        old: Option<&Arc<str>>,
        new: Arc<str>,
    ) -> Result<bool, GlobalsFull> {
        let mut values = self.write();
        let now = values.by_key.get(key).map(|entry| &entry.json);
        let is_same = match (old, now) {
            (Some(old), Some(now)) => Arc::ptr_eq(old, now),
            (None, None) => true,
            _ => false,
        };
        if is_same {
            values.set(key, new)?;
        }
        Ok(is_same)
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
    ///
    /// # Errors
    /// [`GlobalsFull`]; the key's value is then as it was.
    pub fn set(&mut self, key: &str, json: impl Into<Arc<str>>) -> Result<(), GlobalsFull> {
        let json = json.into();
        let old = self
            .by_key
            .get(key)
            .map(|entry| entry_size(key, &entry.json));
        let needed = self.size - old.unwrap_or_default() + entry_size(key, &json);
        if needed > self.limit {
            return Err(GlobalsFull {
                needed,
                limit: self.limit,
            });
        }
        (self.size, self.changed) = (needed, self.now());
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.json = json;
            return Ok(());
        }
        self.stored += 1;
        let order = self.stored;
        self.by_key.insert(key.to_owned(), Entry { order, json });
        Ok(())
    }

    /// Forgets `key`; says whether it was known.
    pub fn remove(&mut self, key: &str) -> bool {
        let Some(entry) = self.by_key.remove(key) else {
            return false;
        };
        self.size -= entry_size(key, &entry.json);
        self.changed = self.now();
        true
    }

    /// Now, or just after the last change: whatever the clock says, each change is later.
    fn now(&self) -> SystemTime {
        let after = self.changed.checked_add(Duration::from_nanos(1));
        after.unwrap_or(self.changed).max(SystemTime::now())
    }

    fn with_limit(limit: usize) -> Self {
        Self {
            by_key: BTreeMap::new(),
            stored: 0,
            changed: SystemTime::now(),
            size: 0,
            limit,
        }
    }
}

impl Default for GlobalValues {
    fn default() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }
}

/// The sum of two numbers: of whole ones exactly, where it fits.
fn add(one: &Number, other: &Number) -> Option<Number> {
    if let (Some(one), Some(other)) = (one.as_i128(), other.as_i128())
        && let Some(sum) = one.checked_add(other).and_then(Number::from_i128)
    {
        return Some(sum);
    }
    Number::from_f64(one.as_f64()? + other.as_f64()?)
}

fn entry_size(key: &str, json: &str) -> usize {
    key.len() + json.len()
}

/// 64 MiB.
const DEFAULT_LIMIT: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_reads_and_sets_without_others_in_between() {
        let globals = Globals::new();
        globals.set("n", "0").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let counted = globals.update(|values| {
                            let n: u32 = values.get("n").unwrap().parse().unwrap();
                            values.set("n", (n + 1).to_string())
                        });
                        counted.unwrap();
                    }
                });
            }
        });
        assert_eq!(globals.get("n").as_deref(), Some("2000"));
    }

    #[test]
    fn numbers_are_added_and_elements_appended_without_others_in_between() {
        let globals = Globals::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for i in 0..250 {
                        globals.increment("n", &Number::from(2)).unwrap();
                        globals.push("list", Value::from(i)).unwrap();
                    }
                });
            }
        });
        assert_eq!(globals.get("n").as_deref(), Some("2000"));
        assert_eq!(globals.push("list", Value::Null), Ok(1001));
        let half = Number::from_f64(0.5).unwrap();
        assert_eq!(
            globals.increment("n", &half),
            Number::from_f64(2000.5).ok_or(ChangeError::TooLarge)
        );
        globals.set("n", u64::MAX.to_string()).unwrap();
        assert_eq!(
            globals.increment("n", &Number::from(-1)),
            Ok(Number::from(u64::MAX - 1))
        );
    }

    #[test]
    fn what_is_of_another_type_is_neither_added_to_nor_appended_to() {
        let globals = Globals::with_limit(10);
        globals.set("a", "\"x\"").unwrap();
        let one = Number::from(1);
        assert_eq!(
            globals.increment("a", &one),
            Err(ChangeError::NoNumber("a".to_owned()))
        );
        assert_eq!(
            globals.push("a", Value::Null),
            Err(ChangeError::NoArray("a".to_owned()))
        );
        assert!(matches!(
            globals.push("list", Value::from("long text")),
            Err(ChangeError::Full(_))
        ));
        globals.set("a", "1e308").unwrap();
        let most = Number::from_f64(f64::MAX).unwrap();
        assert_eq!(globals.increment("a", &most), Err(ChangeError::TooLarge));
        assert_eq!(globals.get("a").as_deref(), Some("1e308"));
    }

    #[test]
    fn a_value_is_exchanged_only_if_nothing_was_stored_meanwhile() {
        let globals = Globals::new();
        assert_eq!(globals.exchange("a", None, "1".into()), Ok(true));
        assert_eq!(globals.exchange("a", None, "2".into()), Ok(false));
        let old = globals.get("a");
        globals.set("a", "1").unwrap();
        assert_eq!(globals.exchange("a", old.as_ref(), "2".into()), Ok(false));
        let now = globals.get("a");
        assert_eq!(globals.exchange("a", now.as_ref(), "2".into()), Ok(true));
    }

    #[test]
    fn keys_keep_the_order_they_were_first_stored_in() {
        let globals = Globals::new();
        for key in ["b", "a", "b", "c"] {
            globals.set(key, "1").unwrap();
        }
        assert!(globals.remove("a"));
        globals.set("a", "2").unwrap();
        assert_eq!(globals.keys(), ["b", "c", "a"]);
        let others = [("z".to_owned(), "1".into()), ("a".to_owned(), "1".into())];
        globals.replace(others).unwrap();
        assert_eq!(globals.keys(), ["z", "a"]);
    }

    #[test]
    fn values_take_no_more_than_the_limit_however_they_are_stored() {
        let globals = Globals::with_limit(10);
        let full = Err(GlobalsFull {
            needed: 11,
            limit: 10,
        });
        globals.set("a", "12345").unwrap();
        globals.set("b", "123").unwrap();
        assert_eq!(globals.set("b", "1234"), full);
        assert_eq!(globals.update(|values| values.set("b", "1234")), full);
        assert_eq!(globals.set("a", "123456"), full);
        let too_many = [("a", "12345"), ("b", "1234")];
        let too_many = too_many.map(|(key, json)| (key.to_owned(), json.into()));
        assert_eq!(globals.replace(too_many), full);
        assert_eq!(globals.fork().set("b", "1234"), full);
        assert_eq!(globals.get("b").as_deref(), Some("123"));
        globals.set("a", "1").unwrap();
        globals.set("b", "1234567").unwrap();
        assert!(globals.remove("b"));
        globals.set("a", "123456789").unwrap();
    }

    #[test]
    fn an_update_that_fails_changes_nothing() {
        let globals = Globals::with_limit(10);
        globals.set("a", "1").unwrap();
        let failed = globals.update(|values| {
            values.remove("a");
            values.set("b", "1234567890")
        });
        assert!(failed.is_err());
        assert_eq!(globals.keys(), ["a"]);
    }

    #[test]
    fn only_a_change_is_later_than_the_one_before() {
        let globals = Globals::new();
        let mut before = globals.changed();
        assert_eq!(globals.keys(), [""; 0]);
        assert!(!globals.remove("a"));
        assert_eq!(globals.changed(), before);
        let changes: [&dyn Fn(); 4] = [
            &|| globals.set("a", "1").unwrap(),
            &|| {
                globals.remove("a");
            },
            &|| globals.replace([]).unwrap(),
            &|| globals.update(|values| values.set("b", "2")).unwrap(),
        ];
        for change in changes {
            change();
            assert!(globals.changed() > before);
            before = globals.changed();
        }
    }
}
