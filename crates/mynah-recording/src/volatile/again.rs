use std::collections::HashSet;

use super::Rules;
use crate::gather::Gather;
use crate::{Entry, Line, Recording};

impl Recording {
    /// Returns the recording as if it had been made with these rules in addition to its own.
    #[must_use]
    pub fn with_rules(self, rules: &Rules) -> Self {
        let mut about = self.about;
        about.volatile = about.volatile.and(rules);
        let mut gather = Gather::new(about);
        if let Some(server) = self.server {
            gather.take(Line::Server { server });
        }
        for login in self.logins {
            gather.take(Line::Login { login });
        }
        for (part, content) in self.parts {
            gather.take(Line::Part {
                part: part.clone(),
                recorded_at: content.recorded_at,
            });
            for entry in in_order(content.expectations) {
                gather.take(Line::Entry {
                    part: part.clone(),
                    entry: Box::new(entry),
                });
            }
        }
        gather.finish()
    }
}

/// The entries of a part, each time that they came, in that order.
pub(crate) fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    let places = places(&entries);
    let mut answers = Vec::with_capacity(entries.len());
    for entry in &mut entries {
        answers.push(std::mem::take(&mut entry.answers));
        if !entry.is_preparation() {
            entry.at.clear();
        }
    }
    let once = places.into_iter().filter_map(|(index, answer)| {
        let mut once = entries.get(index)?.clone();
        let answer = answers.get(index)?.get(answer);
        once.answers = answer.cloned().into_iter().collect();
        Some(once)
    });
    once.collect()
}

/// The index of an entry of a part, and that of its answer, each time that the entry came, in that order. Of a
/// preparation that succeeded, this answer has the index behind the others.
pub(crate) fn places(entries: &[Entry]) -> Vec<(usize, usize)> {
    let taken: HashSet<u64> = entries
        .iter()
        .flat_map(|entry| &entry.at)
        .copied()
        .collect();
    let mut left = (1..).filter(|place| !taken.contains(place));
    let mut placed = Vec::with_capacity(entries.len());
    let mut before = 0;
    for (index, entry) in entries.iter().enumerate() {
        let number = entry.answers.len();
        if entry.is_preparation() {
            let all = number + usize::from(entry.prepared.is_some());
            placed.extend((0..all).map(|answer| (before, (index, answer))));
            continue;
        }
        let own = match entry.at.is_empty() {
            true => left.next(),
            false => None,
        };
        let at = match &own {
            Some(own) => std::slice::from_ref(own),
            None => &entry.at,
        };
        before = at.first().copied().unwrap_or(before);
        for call in 0..at.len().max(number) {
            // The last answer stays.
            let answer = call.min(number.saturating_sub(1));
            let place = at.get(call).or(at.last()).copied().unwrap_or(before);
            placed.push((place, (index, answer)));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, place)| place).collect()
}
