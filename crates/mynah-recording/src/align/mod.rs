//! The volatile values of a new run in the words of an earlier recording.

mod bound;
mod group;

use std::collections::HashMap;

use crate::key::Key;
use crate::volatile::{Identity, in_order, walk_answers, walk_sent};
use crate::{Entry, PartName, Recording, Rules};
use bound::Bound;
use group::Group;

/// Replaces volatile values in the recording of a new run by those of an earlier one: a statement that differs from
/// recorded ones only in volatile values gets those of the first for which no other has come. The entries of the result
/// have one answer each, as they came.
pub(crate) fn align(new: &mut Recording, before: &Recording, rules: &Rules) {
    let mut aligner = Aligner {
        rules,
        groups: HashMap::new(),
        bound: Bound::default(),
        part: 0,
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
        aligner.part += 1;
        aligner.bound = setup.clone();
        part.expectations = in_order(std::mem::take(&mut part.expectations));
        for entry in &mut part.expectations {
            aligner.entry(name, entry);
        }
        if *name == of_setup {
            setup = Bound::behind(std::mem::take(&mut aligner.bound));
        }
    }
}

#[derive(Debug)]
struct Aligner<'r> {
    rules: &'r Rules,
    groups: HashMap<Key, Group>,
    bound: Bound,
    /// How many parts of the new run have begun.
    part: usize,
}

impl Aligner<'_> {
    fn learn(&mut self, part: &PartName, entry: &Entry) {
        let (key, values) = blanked(self.rules, part, entry);
        let group = self.groups.entry(key).or_default();
        if !values.is_empty() {
            group.learn(values);
        }
    }

    fn entry(&mut self, part: &PartName, entry: &mut Entry) {
        let (of_part, values) = blanked(self.rules, part, entry);
        let mut stands_for = None;
        if !values.is_empty() {
            let key = match self.groups.contains_key(&of_part) {
                true => of_part,
                false => blanked(self.rules, &PartName::setup(), entry).0,
            };
            let group = self.groups.get_mut(&key);
            stands_for = group.and_then(|group| group.choose(self.part, &self.bound, &values));
        }
        if let Some(recorded) = &stands_for {
            self.bound.bind(recorded, &values);
        }
        let mut recorded = stands_for.iter().flat_map(|values| values.iter());
        let bound = &self.bound;
        walk_sent(self.rules, entry, &mut |found| match found.is_ruled {
            true => recorded
                .next()
                .or_else(|| bound.of(found.identity))
                .cloned(),
            false => bound
                .of(found.identity)
                .filter(|_| found.identity.is_distinctive())
                .cloned(),
        });
        walk_answers(self.rules, entry, &mut |found| {
            let is_meant = found.is_ruled || found.identity.is_distinctive();
            bound.of(found.identity).filter(|_| is_meant).cloned()
        });
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
