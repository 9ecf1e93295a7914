use std::collections::btree_set;
use std::iter::Map;
use std::vec;

use super::rank::Rank;

/// Several lists of ranks as one, in order: the first rank that is left of each, and those behind it.
pub(super) struct Candidates<'i>(Vec<(Rank, Ranks<'i>)>);

/// Ranks in their order.
#[derive(Debug)]
pub(super) enum Ranks<'i> {
    All(btree_set::Iter<'i, Rank>),
    OfValues(OfValues<'i>),
    Found(vec::IntoIter<Rank>),
}

/// The expectations of one hash.
type OfValues<'i> = Map<btree_set::Range<'i, (u64, Rank)>, fn(&'i (u64, Rank)) -> Rank>;

impl<'i> Candidates<'i> {
    /// The ranks of these lists, each of which is in order.
    pub(super) fn new(lists: Vec<Ranks<'i>>) -> Self {
        let heads = lists
            .into_iter()
            .filter_map(|mut list| Some((list.next()?, list)));
        Self(heads.collect())
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

impl Iterator for Ranks<'_> {
    type Item = Rank;

    fn next(&mut self) -> Option<Rank> {
        match self {
            Self::All(ranks) => ranks.next().copied(),
            Self::OfValues(ranks) => ranks.next(),
            Self::Found(ranks) => ranks.next(),
        }
    }
}
