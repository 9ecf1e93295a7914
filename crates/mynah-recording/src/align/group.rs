use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::bound::Bound;
use crate::volatile::Identity;

/// The volatile values of the recorded statements that differ only in these, in their order.
#[derive(Debug, Default)]
pub(super) struct Group {
    all: Vec<Rc<[Identity]>>,
    known: HashSet<Rc<[Identity]>>,
    indexes: Vec<Index>,
}

/// Finds the values of a group by some of their places.
#[derive(Debug)]
struct Index {
    /// The places by which the index finds values.
    places: Vec<bool>,
    /// Which places the keys have a value at: a common value is equal to any.
    forms: HashSet<Vec<bool>>,
    found: HashMap<Vec<Option<Identity>>, Found>,
}

/// What has the same values at the places of an index, in its order.
#[derive(Debug, Default)]
struct Found {
    all: Vec<usize>,
    /// How many of them, from the first on, can't be chosen any more in this part.
    passed: usize,
    part: usize,
}

impl Group {
    pub(super) fn learn(&mut self, values: Vec<Identity>) {
        let values: Rc<[Identity]> = values.into();
        if self.known.insert(Rc::clone(&values)) {
            self.all.push(values);
            self.indexes.clear();
        }
    }

    /// The recorded values that new ones stand for: those that they are known to be, or else the first that may be. Within
    /// a part, which is counted, `bound` must only grow.
    pub(super) fn choose(
        &mut self,
        part: usize,
        bound: &Bound,
        new: &[Identity],
    ) -> Option<Rc<[Identity]>> {
        let known = self.first(part, &vec![true; new.len()], bound, new);
        if known.is_some() {
            return known;
        }
        let is_bound: Vec<_> = new.iter().map(|new| bound.of(new).is_some()).collect();
        // Such a value may be the recorded one although another new value stands for that.
        let is_odd = |new: &Identity| bound.of(new).is_none() && bound.is_taken(new);
        match is_bound.iter().all(|is_bound| *is_bound) {
            true => None,
            false if new.iter().any(is_odd) => self.search(bound, new),
            false => self.first(part, &is_bound, bound, new),
        }
    }

    /// The first values that are those that `new` is known to be at these places; at the others, those for which no new
    /// value stands.
    fn first(
        &mut self,
        part: usize,
        places: &[bool],
        bound: &Bound,
        new: &[Identity],
    ) -> Option<Rc<[Identity]>> {
        let at = self.index(places);
        let Some(index) = at.and_then(|at| self.indexes.get_mut(at)) else {
            return self.search(bound, new);
        };
        let mut first: Option<usize> = None;
        for form in &index.forms {
            let key = form.iter().zip(new).map(|(has_value, new)| {
                let known = || bound.of(new).unwrap_or(new).clone();
                has_value.then(known)
            });
            let Some(found) = index.found.get_mut(&key.collect::<Vec<_>>()) else {
                continue;
            };
            let is_free = |at: &usize| {
                let recorded = self.all.get(*at).map_or(&[][..], |recorded| recorded);
                let mut others = recorded.iter().zip(places).filter(|(_, at)| !**at);
                others.all(|(recorded, _)| recorded.is_common() || !bound.is_taken(recorded))
            };
            let free = found.first(part, is_free);
            first = first.into_iter().chain(free).min();
        }
        self.all.get(first?).cloned()
    }

    /// The place of the index that finds values by these places; `None` if there are too many indexes.
    fn index(&mut self, places: &[bool]) -> Option<usize> {
        let known = self.indexes.iter().position(|index| index.places == places);
        if known.is_some() || self.indexes.len() >= MOST_INDEXES {
            return known;
        }
        let mut index = Index {
            places: places.to_vec(),
            forms: HashSet::new(),
            found: HashMap::new(),
        };
        for (at, values) in self.all.iter().enumerate() {
            if values.len() == places.len() {
                index.add(at, values);
            }
        }
        self.indexes.push(index);
        Some(self.indexes.len() - 1)
    }

    /// As [`choose`](Self::choose), by looking at all.
    fn search(&self, bound: &Bound, new: &[Identity]) -> Option<Rc<[Identity]>> {
        let is_known = |recorded: &Identity, new: &Identity| {
            recorded.is_common() || bound.of(new).unwrap_or(new) == recorded
        };
        let is_possible = |recorded: &Identity, new: &Identity| {
            is_known(recorded, new) || (bound.of(new).is_none() && !bound.is_taken(recorded))
        };
        let find = |fits: &dyn Fn(&Identity, &Identity) -> bool| {
            let found = self.all.iter().find(|recorded| {
                let mut pairs = recorded.iter().zip(new);
                recorded.len() == new.len() && pairs.all(|(recorded, new)| fits(recorded, new))
            });
            found.cloned()
        };
        find(&is_known).or_else(|| find(&is_possible))
    }
}

impl Index {
    fn add(&mut self, at: usize, values: &[Identity]) {
        let pairs = values.iter().zip(&self.places);
        let key = pairs.map(|(value, is_at)| Some(value).filter(|_| *is_at && !value.is_common()));
        let key: Vec<_> = key.map(Option::<&Identity>::cloned).collect();
        self.forms.insert(key.iter().map(Option::is_some).collect());
        self.found.entry(key).or_default().all.push(at);
    }
}

impl Found {
    /// The first that is free. Those before it never become free again in this part.
    fn first(&mut self, part: usize, is_free: impl Fn(&usize) -> bool) -> Option<usize> {
        if self.part != part {
            (self.part, self.passed) = (part, 0);
        }
        let left = self.all.get(self.passed..)?;
        let taken = left.iter().take_while(|at| !is_free(at)).count();
        self.passed += taken;
        left.get(taken).copied()
    }
}

/// How many indexes a group has at most. Statements of one shape have their known values at the same few places.
const MOST_INDEXES: usize = 8;

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// A value of few, so that they are often equal; some are common.
    fn value() -> impl Strategy<Value = Identity> {
        prop_oneof![
            (0..6_u128).prop_map(Identity::Uuid),
            (0..3_u8).prop_map(|letter| Identity::Text(letter.to_string())),
            (1..3_i8).prop_map(|day| Identity::Date(date(2026, 1, day))),
        ]
    }

    fn values() -> impl Strategy<Value = Vec<Identity>> {
        prop::collection::vec(value(), 1..4)
    }

    /// The parts of a run, each with its statements' values.
    fn run() -> impl Strategy<Value = Vec<Vec<Vec<Identity>>>> {
        prop::collection::vec(prop::collection::vec(values(), 0..12), 1..4)
    }

    proptest! {
        #[test]
        fn an_index_finds_what_looking_at_all_finds(
            recorded in prop::collection::vec(values(), 0..24),
            run in run(),
        ) {
            let mut group = Group::default();
            recorded.into_iter().for_each(|values| group.learn(values));
            let mut setup = Bound::default();
            for (part, statements) in run.iter().enumerate() {
                let mut bound = setup.clone();
                for new in statements {
                    let found = group.choose(part, &bound, new);
                    prop_assert_eq!(&found, &group.search(&bound, new));
                    if let Some(recorded) = found {
                        bound.bind(&recorded, new);
                    }
                }
                if part == 0 {
                    setup = Bound::behind(bound);
                }
            }
        }
    }
}
