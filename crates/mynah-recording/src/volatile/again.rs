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
pub(crate) fn in_order(entries: Vec<Entry>) -> Vec<Entry> {
    let taken: HashSet<u64> = entries
        .iter()
        .flat_map(|entry| &entry.at)
        .copied()
        .collect();
    let mut left = (1..).filter(|place| !taken.contains(place));
    let mut placed = Vec::with_capacity(entries.len());
    let mut before = 0;
    for mut entry in entries {
        if entry.is_preparation() {
            let answers = std::mem::take(&mut entry.answers);
            let each = answers.into_iter().map(|answer| Entry {
                answers: vec![answer],
                ..entry.clone()
            });
            placed.extend(each.map(|once| (before, once)));
            if entry.prepared.is_some() {
                placed.push((before, entry));
            }
            continue;
        }
        let mut at = std::mem::take(&mut entry.at);
        if at.is_empty() {
            at.extend(left.next());
        }
        before = at.first().copied().unwrap_or(before);
        let answers = std::mem::take(&mut entry.answers);
        let calls = at.len().max(answers.len());
        for call in 0..calls {
            // The last answer stays.
            let answer = answers.get(call).or(answers.last());
            let place = at.get(call).or(at.last()).copied().unwrap_or(before);
            let once = Entry {
                answers: answer.cloned().into_iter().collect(),
                ..entry.clone()
            };
            placed.push((place, once));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, entry)| entry).collect()
}
