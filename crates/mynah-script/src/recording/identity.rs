use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use serde_json::Value;

/// What the entries of each part of a recording were when it was loaded, in order.
pub(crate) type Identities = BTreeMap<String, Vec<u64>>;

/// What an entry is, whatever the order of its keys, and wherever it came in its part.
pub(super) fn identity(entry: &Value) -> u64 {
    match entry {
        Value::Object(keys) => of_keys(keys.iter().filter(|(key, _)| *key != "at")),
        other => of_value(other),
    }
}

/// The places of entries in a part as it is now, which are those of `wanted` when it was loaded. An entry that has moved
/// is found by what it is; one that has changed isn't found.
pub(super) fn places_now(
    now: &[Value],
    loaded: &[u64],
    wanted: impl Iterator<Item = usize>,
) -> HashSet<usize> {
    let now: Vec<_> = now.iter().map(identity).collect();
    let stays = |index: usize| now.get(index) == loaded.get(index);
    let (mut places, mut moved) = (HashSet::new(), HashMap::new());
    for index in wanted {
        match loaded.get(index) {
            Some(_) if stays(index) => drop(places.insert(index)),
            Some(entry) => *moved.entry(*entry).or_insert(0) += 1,
            None => {}
        }
    }
    for (index, entry) in now.iter().enumerate() {
        if let Some(left) = moved.get_mut(entry)
            && *left > 0
            && !stays(index)
        {
            *left -= 1;
            places.insert(index);
        }
    }
    places
}

fn of_value(value: &Value) -> u64 {
    match value {
        Value::Object(keys) => of_keys(keys.iter()),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(of_value).collect();
            hash(&(ARRAY, items))
        }
        Value::String(text) => hash(text),
        other => hash(&other.to_string()),
    }
}

/// The same in whatever order the keys are.
fn of_keys<'v>(keys: impl Iterator<Item = (&'v String, &'v Value)>) -> u64 {
    keys.fold(0, |sum, (key, value)| {
        sum.wrapping_add(hash(&(key, of_value(value))))
    })
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Tells an empty list from an empty object.
const ARRAY: &str = "array";
