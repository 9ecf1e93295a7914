use std::collections::HashMap;

use super::{Stated, answer};
use crate::key::Key;
use crate::volatile::in_order;
use crate::{Answer, Entry, PartName, Recording};

/// Looks up the recorded answers to statements, each time a statement comes: in its part, then in `setup`, and
/// several answers in order, the last one again and again.
#[derive(Debug)]
pub struct Recorded {
    recording: Recording,
    answers: HashMap<Key, Vec<Option<Answer>>>,
    /// How often each came, by the part that it came in.
    came: HashMap<Key, usize>,
    /// The keys under which answers were found.
    found: Vec<Key>,
}

impl Recorded {
    /// Begins with the first answer of each statement of this recording.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        let mut answers: HashMap<Key, Vec<Option<Answer>>> = HashMap::new();
        for (name, part) in &recording.parts {
            for entry in in_order(part.expectations.clone()) {
                let whole = answer(&entry).filter(|answer| answer.incomplete.is_none());
                let all = answers.entry(Key::of(name, &entry)).or_default();
                all.push(whole);
            }
        }
        Self {
            recording,
            answers,
            came: HashMap::new(),
            found: Vec::new(),
        }
    }

    /// Returns the recorded answer to this statement of a part, and how often the statement has come, including this
    /// time. `None` if the statement isn't recorded; the answer is `None` if the recorded one is missing or
    /// incomplete.
    pub fn find(&mut self, part: &PartName, entry: &Entry) -> Option<(u64, Option<Answer>)> {
        let count = self.came.entry(Key::of(part, entry)).or_default();
        let time = *count;
        *count += 1;
        let in_part = Key::of(part, entry);
        let (key, all) = match self.answers.get(&in_part) {
            Some(all) => (in_part, all),
            None => {
                let in_setup = Key::of(&PartName::setup(), entry);
                let all = self.answers.get(&in_setup)?;
                (in_setup, all)
            }
        };
        let answer = all.get(time).or(all.last()).cloned().flatten();
        self.found.push(key);
        Some((
            u64::try_from(time).unwrap_or(u64::MAX).saturating_add(1),
            answer,
        ))
    }

    /// How many answers to a statement are recorded, in its part or else in `setup`.
    pub(super) fn number_of_answers(&self, part: &PartName, entry: &Entry) -> usize {
        let of = |part: &PartName| self.answers.get(&Key::of(part, entry));
        of(part)
            .or_else(|| of(&PartName::setup()))
            .map_or(0, Vec::len)
    }

    pub(super) fn never_came(mut self) -> Vec<Stated> {
        for key in self.found.drain(..) {
            self.answers.remove(&key);
        }
        let mut never = Vec::new();
        for (name, part) in &self.recording.parts {
            let left = part.expectations.iter();
            let left = left.filter(|entry| self.answers.contains_key(&Key::of(name, entry)));
            never.extend(left.map(|entry| Stated {
                part: name.clone(),
                statement: entry.stmt.to_string(),
            }));
        }
        never
    }
}
