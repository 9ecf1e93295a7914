use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use super::Lookup;
use super::candidates::Ranks;
use super::rank::Rank;
use crate::call::Call;
use crate::model::{Expectation, TextMatch};
use crate::text::Slot;
use crate::value::{Matcher, Value};

/// The expectations of one skeleton, by the values that they want in its places: of thousands that differ in
/// these only, one is compared.
#[derive(Debug, Default)]
pub(super) struct ByValues {
    /// Those that want one value in each place, by the hash of the values.
    exact: BTreeSet<(u64, Rank)>,
    /// Those that take several values in a place.
    others: BTreeSet<Rank>,
    /// All of them, for a statement whose values aren't known yet.
    all: BTreeSet<Rank>,
    hashes: RandomState,
}

impl ByValues {
    pub(super) fn insert<A>(&mut self, expectation: &Expectation<A>, rank: Rank) {
        self.all.insert(rank);
        match self.hash_wanted(expectation) {
            Some(hash) => self.exact.insert((hash, rank)),
            None => self.others.insert(rank),
        };
    }

    pub(super) fn remove<A>(&mut self, expectation: &Expectation<A>, rank: Rank) {
        self.all.remove(&rank);
        match self.hash_wanted(expectation) {
            Some(hash) => self.exact.remove(&(hash, rank)),
            None => self.others.remove(&rank),
        };
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds the lists of those that a statement of the skeleton may meet.
    pub(super) fn add_candidates<'i>(&'i self, lookup: &Lookup<'_>, lists: &mut Vec<Ranks<'i>>) {
        let hash = self.hash_found(lookup.call);
        if hash.is_none() && lookup.is_prepared_only {
            lists.push(Ranks::All(self.all.iter()));
            return;
        }
        lists.push(Ranks::All(self.others.iter()));
        if let Some(hash) = hash {
            let of_hash = self.exact.range((hash, Rank::FIRST)..=(hash, Rank::LAST));
            lists.push(Ranks::OfValues(of_hash.map(|(_, rank)| *rank)));
        }
    }

    /// The hash of the values that an expectation wants, if it wants one value in each place.
    fn hash_wanted<A>(&self, expectation: &Expectation<A>) -> Option<u64> {
        let Some(TextMatch::Statement(statement)) = &expectation.text else {
            return None;
        };
        let mut params = expectation.params.iter().flatten();
        self.hash(statement.slots(), || match params.next()? {
            Matcher::Is(value) => Some(value),
            _ => None,
        })
    }

    /// The hash of a statement's values, if all are known.
    fn hash_found(&self, call: &Call) -> Option<u64> {
        let mut bound = call.params.iter();
        self.hash(call.statement.slots(), || bound.next())
    }

    fn hash<'v>(
        &self,
        slots: &'v [Slot],
        mut bound: impl FnMut() -> Option<&'v Value>,
    ) -> Option<u64> {
        let mut hasher = self.hashes.build_hasher();
        for slot in slots {
            match slot {
                Slot::Literal(value) => hash_value(value, &mut hasher),
                Slot::Placeholder => hash_value(bound()?, &mut hasher),
            }
        }
        Some(hasher.finish())
    }
}

/// Values that are the same to [`Value::is_same`] have the same hash: numbers that of their value, also those
/// that are written in a text, and all others that of their bytes.
fn hash_value(value: &Value, hasher: &mut impl Hasher) {
    match value.written_number() {
        Some(number) => number.hash(hasher),
        None => (*value != Value::Null).then(|| value.bytes()).hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use std::hash::DefaultHasher;

    use proptest::prelude::*;

    use super::*;

    fn hash(value: &Value) -> u64 {
        let mut hasher = DefaultHasher::new();
        hash_value(value, &mut hasher);
        hasher.finish()
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[a0-9.]{0,3}", "-?[0-2](\\.0)?"];
        let bytes = text
            .clone()
            .prop_map(|text| Value::Bytes(text.into_bytes()));
        let number = "-?[0-2](\\.0)?".prop_filter_map("no number", |text| {
            crate::value::Number::parse(&text).map(Value::Number)
        });
        prop_oneof![Just(Value::Null), text.prop_map(Value::Text), bytes, number]
    }

    proptest! {
        #[test]
        fn values_that_are_the_same_have_the_same_hash(one in values(), other in values()) {
            prop_assert!(!one.is_same(&other) || hash(&one) == hash(&other), "{one:?} {other:?}");
        }
    }
}
