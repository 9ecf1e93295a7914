//! The volatile values of a new run in the words of an earlier recording.

use std::collections::{HashMap, HashSet};

use crate::key::Key;
use crate::volatile::{Identity, in_order, walk_answers, walk_sent};
use crate::{Entry, PartName, Recording, Rules};

/// Replaces volatile values in the recording of a new run by those of an earlier one: a statement that differs from
/// recorded ones only in volatile values gets those of the first for which no other has come. The entries of the result
/// have one answer each, as they came.
pub(crate) fn align(new: &mut Recording, before: &Recording, rules: &Rules) {
    let mut aligner = Aligner {
        rules,
        groups: HashMap::new(),
        bound: Bound::default(),
    };
    for (name, part) in &before.parts {
        for entry in in_order(part.expectations.clone()) {
            aligner.learn(name, &entry);
        }
    }
    let of_setup = PartName::setup();
    let mut setup = Bound::default();
    // `setup` comes first, and its values are known in all other parts.
    let mut parts: Vec<_> = new.parts.iter_mut().collect();
    parts.sort_by_key(|(name, _)| !name.is_setup());
    for (name, part) in parts {
        aligner.bound = setup.clone();
        part.expectations = in_order(std::mem::take(&mut part.expectations));
        for entry in &mut part.expectations {
            aligner.entry(name, entry);
        }
        if *name == of_setup {
            setup = std::mem::take(&mut aligner.bound);
        }
    }
}

#[derive(Debug)]
struct Aligner<'r> {
    rules: &'r Rules,
    /// The volatile values of the recorded statements that differ only in these, in their order.
    groups: HashMap<Key, Vec<Vec<Identity>>>,
    bound: Bound,
}

/// Which new values stand for which recorded ones.
#[derive(Clone, Debug, Default)]
struct Bound {
    recorded: HashMap<Identity, Identity>,
    /// The recorded values that new ones stand for.
    taken: HashSet<Identity>,
}

impl Aligner<'_> {
    fn learn(&mut self, part: &PartName, entry: &Entry) {
        let (key, values) = blanked(self.rules, part, entry);
        let group = self.groups.entry(key).or_default();
        if !values.is_empty() && !group.contains(&values) {
            group.push(values);
        }
    }

    fn entry(&mut self, part: &PartName, entry: &mut Entry) {
        let (key, values) = blanked(self.rules, part, entry);
        let of_part = self.groups.get(&key);
        let of_setup = || {
            let (key, _) = blanked(self.rules, &PartName::setup(), entry);
            self.groups.get(&key)
        };
        let group = of_part.or_else(of_setup).filter(|_| !values.is_empty());
        let stands_for = group
            .and_then(|group| self.bound.choose(group, &values))
            .cloned();
        if let Some(recorded) = &stands_for {
            self.bound.bind(recorded, &values);
        }
        let mut recorded = stands_for.into_iter().flatten();
        let bound = &self.bound;
        walk_sent(self.rules, entry, &mut |found| match found.is_ruled {
            true => recorded.next().or_else(|| bound.of(found.identity)),
            false => bound
                .of(found.identity)
                .filter(|_| found.identity.is_distinctive()),
        });
        walk_answers(self.rules, entry, &mut |found| {
            let is_meant = found.is_ruled || found.identity.is_distinctive();
            bound.of(found.identity).filter(|_| is_meant)
        });
    }
}

impl Bound {
    fn of(&self, new: &Identity) -> Option<Identity> {
        self.recorded.get(new).cloned()
    }

    /// The recorded values that new ones stand for: those that they are known to be, or else the first that may be.
    fn choose<'g>(
        &self,
        group: &'g [Vec<Identity>],
        new: &[Identity],
    ) -> Option<&'g Vec<Identity>> {
        let is_known = |recorded: &Identity, new: &Identity| {
            recorded.is_common() || self.recorded.get(new).unwrap_or(new) == recorded
        };
        let is_possible = |recorded: &Identity, new: &Identity| {
            is_known(recorded, new)
                || (!self.recorded.contains_key(new) && !self.taken.contains(recorded))
        };
        let find = |fits: &dyn Fn(&Identity, &Identity) -> bool| {
            group.iter().find(|recorded| {
                let mut pairs = recorded.iter().zip(new);
                recorded.len() == new.len() && pairs.all(|(recorded, new)| fits(recorded, new))
            })
        };
        find(&is_known).or_else(|| find(&is_possible))
    }

    fn bind(&mut self, recorded: &[Identity], new: &[Identity]) {
        for (recorded, new) in recorded.iter().zip(new) {
            if recorded.is_common() || new.is_common() {
                continue;
            }
            // A column may keep fewer digits.
            for new in new.in_millis().into_iter().chain([new.clone()]) {
                self.recorded.entry(new).or_insert_with(|| recorded.clone());
            }
            self.taken.insert(recorded.clone());
        }
    }
}

/// What statements that differ only in volatile values have in common, and these values.
fn blanked(rules: &Rules, part: &PartName, entry: &Entry) -> (Key, Vec<Identity>) {
    let mut values = Vec::new();
    let mut blank = Entry {
        answers: Vec::new(),
        prepared: None,
        ..entry.clone()
    };
    walk_sent(rules, &mut blank, &mut |found| {
        found.is_ruled.then(|| {
            values.push(found.identity.clone());
            Identity::Text("\u{0}".to_owned())
        })
    });
    (Key::of(part, &blank), values)
}
