//! Expectations by the beginning of a text.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::rank::Rank;
use crate::near::floor;

/// Prefixes in order, so that those of a text are found among its neighbours, however many others there are.
#[derive(Debug, Default)]
pub(super) struct Prefixes(BTreeMap<Arc<str>, BTreeSet<Rank>>);

impl Prefixes {
    pub(super) fn insert(&mut self, prefix: &Arc<str>, rank: Rank) {
        self.0.entry(Arc::clone(prefix)).or_default().insert(rank);
    }

    pub(super) fn remove(&mut self, prefix: &Arc<str>, rank: Rank) {
        if let Entry::Occupied(mut ranks) = self.0.entry(Arc::clone(prefix)) {
            ranks.get_mut().remove(&rank);
            if ranks.get().is_empty() {
                ranks.remove();
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The prefixes of a text, the longest first.
    pub(super) fn of<'i>(&'i self, text: &str, mut found: impl FnMut(&'i str, &'i BTreeSet<Rank>)) {
        // The last key that isn't behind the text is a prefix of it, or has less in common with it than all keys
        // that are prefixes and not behind that key are long.
        let mut last = Bound::Included(text);
        while let Some((key, ranks)) = self.0.range::<str, _>((Bound::Unbounded, last)).next_back()
        {
            let common = common(key, text);
            last = if common == key.len() {
                found(key, ranks);
                Bound::Excluded(key)
            } else {
                Bound::Included(text.get(..floor(text, common)).unwrap_or_default())
            };
        }
    }
}

/// How many bytes two texts begin with are the same.
fn common(one: &str, other: &str) -> usize {
    let both = one.bytes().zip(other.bytes());
    both.take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::choose::ExpectationId;

    proptest! {
        #[test]
        fn all_prefixes_of_a_text_are_found(keys in prop::collection::vec("[abé]{0,6}", 0..30), text in "[abé]{0,8}") {
            let rank = Rank::in_file(0, ExpectationId(1));
            let mut prefixes = Prefixes::default();
            for key in &keys {
                prefixes.insert(&key.as_str().into(), rank);
            }
            let mut found = Vec::new();
            prefixes.of(&text, |key, _| found.push(key.to_owned()));
            let mut expected: Vec<_> = keys.iter().filter(|key| text.starts_with(*key)).cloned().collect();
            expected.sort();
            expected.dedup();
            expected.reverse();
            prop_assert_eq!(found, expected);
            for key in &keys {
                prefixes.remove(&key.as_str().into(), rank);
            }
            prop_assert!(prefixes.is_empty());
        }
    }
}
