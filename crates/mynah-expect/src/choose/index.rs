use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, btree_set};
use std::sync::Arc;

use super::Lookup;
use super::by_values::{ByValues, OfValues};
use super::rank::Rank;
use crate::model::{Expectation, TextMatch};

/// Finds the expectations that a text may meet, without comparing all.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_skeleton: HashMap<Arc<str>, ByValues>,
    by_digest: Keyed,
    by_prefix: Keyed,
    /// How long prefixes are, and how many are so long.
    prefix_lens: BTreeMap<usize, usize>,
    /// Those that no key finds: regular expressions, and those that take any text.
    others: BTreeSet<Rank>,
}

type Keyed = HashMap<Arc<str>, BTreeSet<Rank>>;

impl Index {
    pub(super) fn insert<A>(&mut self, expectation: &Expectation<A>, rank: Rank) {
        let (keyed, key) = match &expectation.text {
            None | Some(TextMatch::Regex(_)) => {
                self.others.insert(rank);
                return;
            }
            Some(TextMatch::Statement(statement)) => {
                let of_skeleton = self.by_skeleton.entry(Arc::clone(statement.skeleton()));
                of_skeleton.or_default().insert(expectation, rank);
                return;
            }
            Some(TextMatch::Digest(digest)) => (&mut self.by_digest, digest),
            Some(TextMatch::Prefix(prefix)) => {
                // A prefix of each length in use is looked up, so their number matters, not that of the
                // expectations.
                *self.prefix_lens.entry(prefix.joined().len()).or_default() += 1;
                (&mut self.by_prefix, prefix.joined())
            }
        };
        keyed.entry(Arc::clone(key)).or_default().insert(rank);
    }

    pub(super) fn remove<A>(&mut self, expectation: &Expectation<A>, rank: Rank) {
        let (keyed, key) = match &expectation.text {
            None | Some(TextMatch::Regex(_)) => {
                self.others.remove(&rank);
                return;
            }
            Some(TextMatch::Statement(statement)) => {
                let skeleton = statement.skeleton();
                if let Some(of_skeleton) = self.by_skeleton.get_mut(skeleton) {
                    of_skeleton.remove(expectation, rank);
                    if of_skeleton.is_empty() {
                        self.by_skeleton.remove(skeleton);
                    }
                }
                return;
            }
            Some(TextMatch::Digest(digest)) => (&mut self.by_digest, digest),
            Some(TextMatch::Prefix(prefix)) => {
                let len = prefix.joined().len();
                if let Some(count) = self.prefix_lens.get_mut(&len) {
                    *count -= 1;
                    if *count == 0 {
                        self.prefix_lens.remove(&len);
                    }
                }
                (&mut self.by_prefix, prefix.joined())
            }
        };
        if let Some(ranks) = keyed.get_mut(key) {
            ranks.remove(&rank);
            if ranks.is_empty() {
                keyed.remove(key);
            }
        }
    }

    /// Those that a statement may meet, in their order.
    pub(super) fn candidates<'i>(&'i self, lookup: &Lookup<'_>) -> Candidates<'i> {
        let statement = &lookup.call.statement;
        // Each list is sorted by rank; `Candidates` merges them, so that the first match is the right one.
        let mut lists = vec![Ranks::All(self.others.iter())];
        if let Some(of_skeleton) = self.by_skeleton.get(statement.skeleton()) {
            of_skeleton.add_candidates(lookup, &mut lists);
        }
        if !self.by_digest.is_empty() {
            let of_digest = self.by_digest.get(statement.digest());
            lists.extend(of_digest.map(|ranks| Ranks::All(ranks.iter())));
        }
        // Several forms of a statement may begin with the same prefix, which is one candidate.
        let mut found = HashSet::new();
        if !self.by_prefix.is_empty() {
            for form in lookup.joined() {
                let beginnings = self.prefix_lens.keys().filter_map(|&len| form.get(..len));
                for prefix in beginnings.filter(|prefix| found.insert(*prefix)) {
                    let of_prefix = self.by_prefix.get(prefix);
                    lists.extend(of_prefix.map(|ranks| Ranks::All(ranks.iter())));
                }
            }
        }
        let heads = lists
            .into_iter()
            .filter_map(|mut list| Some((list.next()?, list)));
        Candidates(heads.collect())
    }
}

/// Several lists of ranks as one, in order: the first rank that is left of each, and those behind it.
pub(super) struct Candidates<'i>(Vec<(Rank, Ranks<'i>)>);

/// Ranks in their order.
#[derive(Debug)]
pub(super) enum Ranks<'i> {
    All(btree_set::Iter<'i, Rank>),
    OfValues(OfValues<'i>),
}

impl Iterator for Ranks<'_> {
    type Item = Rank;

    fn next(&mut self) -> Option<Rank> {
        match self {
            Self::All(ranks) => ranks.next().copied(),
            Self::OfValues(ranks) => ranks.next(),
        }
    }
}

impl Iterator for Candidates<'_> {
    type Item = Rank;

    fn next(&mut self) -> Option<Rank> {
        let heads = self.0.iter().enumerate();
        let (index, &(first, _)) = heads.min_by_key(|(_, (rank, _))| *rank)?;
        match self
            .0
            .get_mut(index)
            .and_then(|(head, list)| Some((head, list.next()?)))
        {
            Some((head, next)) => *head = next,
            None => drop(self.0.swap_remove(index)),
        }
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::call::Call;
    use crate::choose::rank::ExpectationId;
    use crate::model::Expectations;
    use crate::value::Value;

    fn index_of(list: &[Json]) -> (Index, Vec<(Expectation<Json>, Rank)>) {
        let list = Expectations::from_json(&json!(list)).unwrap().list;
        let ranked = list.into_iter().zip(1..);
        let ranked = ranked.map(|(one, id)| (one, Rank::new(5, true, ExpectationId(id))));
        let ranked: Vec<_> = ranked.collect();
        let mut index = Index::default();
        for (expectation, rank) in &ranked {
            index.insert(expectation, *rank);
        }
        (index, ranked)
    }

    fn count(index: &Index, call: &Call) -> usize {
        index.candidates(&Lookup::new(call)).count()
    }

    #[test]
    fn of_many_statements_with_one_skeleton_only_that_of_the_values_is_compared() {
        let written =
            (0..5_000).map(|n| json!({"stmt": format!("select a from t where id = {n}")}));
        let bound =
            (5_000..10_000).map(|n| json!({"stmt": "select a from t where id = ?", "params": [n]}));
        let (index, _) = index_of(&written.chain(bound).collect::<Vec<_>>());
        for n in [0_i64, 1, 4_999, 5_000, 9_999] {
            let text = format!("select a from t where id = {n}");
            assert_eq!(count(&index, &Call::query(&text)), 1, "{text}");
            let text = format!("select a from t where id = '{n}.0'");
            assert_eq!(count(&index, &Call::query(&text)), 1, "{text}");
            let prepared = |value| Call::execute("select a from t where id = ?", vec![value]);
            assert_eq!(count(&index, &prepared(Value::from(n))), 1);
            assert_eq!(count(&index, &prepared(Value::from(&*n.to_string()))), 1);
        }
        let other = Call::query("select a from t where id = 10000");
        assert_eq!(count(&index, &other), 0);
        let unbound = Call::query("select a from t where id = ?");
        assert_eq!(count(&index, &unbound), 0);
        let first = index.candidates(&Lookup::prepared_only(&unbound)).next();
        assert!(first.is_some());
    }

    #[test]
    fn expectations_of_any_value_are_compared_in_their_order_with_those_of_one() {
        let (mut index, ranked) = index_of(&[
            json!({"stmt": "select ?", "params": [{"type": "integer"}]}),
            json!({"stmt": "select 1"}),
            json!({"stmt": "select ?"}),
            json!({"stmt": "select 2"}),
            json!({"stmt": "select 1"}),
        ]);
        let ranks: Vec<_> = ranked.iter().map(|(_, rank)| *rank).collect();
        let found = |index: &Index, text: &str| {
            let call = Call::query(text);
            let found = index.candidates(&Lookup::new(&call));
            let place = |rank| ranks.iter().position(|known| *known == rank).unwrap();
            found.map(place).collect::<Vec<_>>()
        };
        assert_eq!(found(&index, "select 1"), [0, 1, 2, 4]);
        assert_eq!(found(&index, "select 3"), [0, 2]);
        for (expectation, rank) in ranked.iter().take(2) {
            index.remove(expectation, *rank);
        }
        assert_eq!(found(&index, "select 1"), [2, 4]);
        for (expectation, rank) in &ranked {
            index.remove(expectation, *rank);
        }
        assert!(index.by_skeleton.is_empty());
    }
}
