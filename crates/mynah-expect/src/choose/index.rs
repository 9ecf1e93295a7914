use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Lookup;
use super::rank::Rank;
use crate::model::TextMatch;

/// Finds the expectations that a text may meet, without comparing all.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_skeleton: Keyed,
    by_digest: Keyed,
    by_prefix: Keyed,
    /// How long prefixes are, and how many are so long.
    prefix_lens: BTreeMap<usize, usize>,
    /// Those that no key finds: regular expressions, and those that take any text.
    others: BTreeSet<Rank>,
}

type Keyed = HashMap<Arc<str>, BTreeSet<Rank>>;

impl Index {
    pub(super) fn insert(&mut self, text: Option<&TextMatch>, rank: Rank) {
        let (keyed, key) = match text {
            None | Some(TextMatch::Regex(_)) => {
                self.others.insert(rank);
                return;
            }
            Some(TextMatch::Statement(statement)) => (&mut self.by_skeleton, statement.skeleton()),
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

    pub(super) fn remove(&mut self, text: Option<&TextMatch>, rank: Rank) {
        let (keyed, key) = match text {
            None | Some(TextMatch::Regex(_)) => {
                self.others.remove(&rank);
                return;
            }
            Some(TextMatch::Statement(statement)) => (&mut self.by_skeleton, statement.skeleton()),
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
        let mut lists = vec![self.others.iter()];
        lists.extend(
            self.by_skeleton
                .get(statement.skeleton())
                .map(BTreeSet::iter),
        );
        if !self.by_digest.is_empty() {
            lists.extend(self.by_digest.get(statement.digest()).map(BTreeSet::iter));
        }
        // Several forms of a statement may begin with the same prefix, which is one candidate.
        let mut found = HashSet::new();
        if !self.by_prefix.is_empty() {
            for form in lookup.joined() {
                let beginnings = self.prefix_lens.keys().filter_map(|&len| form.get(..len));
                for prefix in beginnings.filter(|prefix| found.insert(*prefix)) {
                    lists.extend(self.by_prefix.get(prefix).map(BTreeSet::iter));
                }
            }
        }
        let heads = lists
            .into_iter()
            .filter_map(|mut list| Some((*list.next()?, list)));
        Candidates(heads.collect())
    }
}

/// Several lists of ranks as one, in order: the first rank that is left of each, and those behind it.
pub(super) struct Candidates<'i>(Vec<(Rank, std::collections::btree_set::Iter<'i, Rank>)>);

impl Iterator for Candidates<'_> {
    type Item = Rank;

    fn next(&mut self) -> Option<Rank> {
        let heads = self.0.iter().enumerate();
        let (index, &(first, _)) = heads.min_by_key(|(_, (rank, _))| *rank)?;
        match self
            .0
            .get_mut(index)
            .and_then(|(head, list)| Some((head, *list.next()?)))
        {
            Some((head, next)) => *head = next,
            None => drop(self.0.swap_remove(index)),
        }
        Some(first)
    }
}
