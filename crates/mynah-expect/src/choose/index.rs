use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Lookup;
use super::by_values::ByValues;
use super::candidates::{Candidates, Ranks};
use super::patterns::Patterns;
use super::prefixes::Prefixes;
use super::rank::Rank;
use crate::model::{Expectation, TextMatch};

/// Finds the expectations that a text may meet, without comparing all.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_skeleton: HashMap<Arc<str>, ByValues>,
    by_digest: HashMap<Arc<str>, BTreeSet<Rank>>,
    by_prefix: Prefixes,
    by_pattern: Patterns,
    /// Those that take any text.
    others: BTreeSet<Rank>,
}

impl Index {
    pub(super) fn insert<A>(&mut self, expectation: &Expectation<A>, rank: Rank) {
        match &expectation.text {
            None => {
                self.others.insert(rank);
            }
            Some(TextMatch::Regex(pattern)) => self.by_pattern.insert(pattern, rank),
            Some(TextMatch::Prefix(prefix)) => self.by_prefix.insert(prefix.joined(), rank),
            Some(TextMatch::Statement(statement)) => {
                let of_skeleton = self.by_skeleton.entry(Arc::clone(statement.skeleton()));
                of_skeleton.or_default().insert(expectation, rank);
            }
            Some(TextMatch::Digest(digest)) => {
                let of_digest = self.by_digest.entry(Arc::clone(digest));
                of_digest.or_default().insert(rank);
            }
        }
    }

    pub(super) fn remove<A>(&mut self, expectation: &Expectation<A>, rank: Rank) {
        match &expectation.text {
            None => {
                self.others.remove(&rank);
            }
            Some(TextMatch::Regex(_)) => self.by_pattern.remove(rank),
            Some(TextMatch::Prefix(prefix)) => self.by_prefix.remove(prefix.joined(), rank),
            Some(TextMatch::Statement(statement)) => {
                let skeleton = statement.skeleton();
                if let Some(of_skeleton) = self.by_skeleton.get_mut(skeleton) {
                    of_skeleton.remove(expectation, rank);
                    if of_skeleton.is_empty() {
                        self.by_skeleton.remove(skeleton);
                    }
                }
            }
            Some(TextMatch::Digest(digest)) => {
                if let Some(ranks) = self.by_digest.get_mut(digest) {
                    ranks.remove(&rank);
                    if ranks.is_empty() {
                        self.by_digest.remove(digest);
                    }
                }
            }
        }
    }

    /// A statement is to be looked up.
    pub(super) fn prepare(&mut self) {
        self.by_pattern.prepare();
    }

    /// Those that a statement may meet, in their order.
    pub(super) fn candidates<'i>(&'i self, lookup: &Lookup<'_>) -> Candidates<'i> {
        let statement = &lookup.call.statement;
        // Each list is sorted by rank; `Candidates` merges them, so that the first match is the right one.
        let mut lists = vec![Ranks::All(self.others.iter())];
        if !self.by_skeleton.is_empty()
            && let Some(of_skeleton) = self.by_skeleton.get(statement.skeleton())
        {
            of_skeleton.add_candidates(lookup, &mut lists);
        }
        if !self.by_digest.is_empty() {
            let of_digest = self.by_digest.get(statement.digest());
            lists.extend(of_digest.map(|ranks| Ranks::All(ranks.iter())));
        }
        if !self.by_prefix.is_empty() {
            // Several forms of a statement may begin with the same prefix, which is one candidate.
            let mut found = Vec::new();
            for form in lookup.joined() {
                self.by_prefix.of(form, |prefix, ranks| {
                    if !found.contains(&prefix) {
                        found.push(prefix);
                        lists.push(Ranks::All(ranks.iter()));
                    }
                });
            }
        }
        let by_pattern = self.by_pattern.candidates(|| lookup.collapsed());
        lists.push(Ranks::Found(by_pattern.into_iter()));
        Candidates::new(lists)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::call::Call;
    use crate::choose::rank::ExpectationId;
    use crate::model::Expectations;
    use crate::value::{Pattern, Value};

    fn index_of(list: &[Json]) -> (Index, Vec<(Expectation<Json>, Rank)>) {
        let list = Expectations::from_json(&json!(list)).unwrap().list;
        let ranked = list.into_iter().zip(1..);
        let ranked = ranked.map(|(one, id)| (one, Rank::in_file(5, ExpectationId(id))));
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

    #[test]
    fn of_a_thousand_expectations_few_are_compared() {
        let text = |n: usize| format!("select id, name from person{n} where id = 7");
        let prefix = |n: usize| format!("select id, name from person{n} ");
        let pattern = |n: usize| format!("^select (id|key), name from person{n} where .*\\d$");
        let expecting = |text| Expectation::<Json> {
            text: Some(text),
            ..Expectation::any()
        };
        let kinds: [&dyn Fn(usize) -> TextMatch; 4] = [
            &|n| TextMatch::statement(&text(n)),
            &|n| TextMatch::digest(&text(n)),
            &|n| TextMatch::prefix(&prefix(n)),
            &|n| TextMatch::Regex(Pattern::new(&pattern(n)).unwrap()),
        ];
        for (kind, make) in kinds.into_iter().enumerate() {
            let mut index = Index::default();
            let rank = |n| Rank::in_file(5, ExpectationId(n));
            for n in 0..1_000 {
                index.insert(&expecting(make(n)), rank(n as u64));
            }
            let candidates = |index: &mut Index, n| {
                index.prepare();
                let call = Call::query(&text(n));
                let found: Vec<_> = index.candidates(&Lookup::new(&call)).collect();
                found
            };
            for n in [0, 1, 7, 500, 999] {
                assert_eq!(candidates(&mut index, n), [rank(n as u64)], "kind {kind}");
            }
            for n in [0, 1, 7, 500, 999] {
                let is_found = |index: &mut Index| candidates(index, n).contains(&rank(n as u64));
                index.remove(&expecting(make(n)), rank(n as u64));
                assert!(!is_found(&mut index), "kind {kind}");
                index.insert(&expecting(make(n)), rank(n as u64));
                assert!(is_found(&mut index), "kind {kind}");
            }
            for n in 0..1_000 {
                index.remove(&expecting(make(n)), rank(n as u64));
            }
            assert_eq!(candidates(&mut index, 7), []);
        }
    }
}
