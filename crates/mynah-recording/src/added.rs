use std::collections::HashSet;

use crate::gather::Gather;
use crate::key::Key;
use crate::volatile::in_order;
use crate::{Entry, Line, PartName, Recording};

impl Recording {
    /// Adds statements of another recording: those to which neither their part nor `setup` of this recording has an
    /// answer. Statements that this recording lists without an answer are left out.
    #[must_use]
    pub fn with_added(self, other: Self) -> Self {
        let mut known = HashSet::new();
        let mut gather = Gather::new(self.about);
        let servers = self.server.into_iter().chain(other.server);
        servers.for_each(|server| gather.take(Line::Server { server }));
        let logins = self.logins.into_iter().chain(other.logins);
        logins.for_each(|login| gather.take(Line::Login { login }));
        for (part, content) in self.parts {
            let entries = content.expectations.into_iter();
            let answered: Vec<_> = entries.filter(has_answer).collect();
            known.extend(answered.iter().map(|entry| Key::of(&part, entry)));
            put(&mut gather, part, content.recorded_at, answered);
        }
        for (part, content) in other.parts {
            let is_known = |entry: &Entry| {
                known.contains(&Key::of(&part, entry))
                    || known.contains(&Key::of(&PartName::setup(), entry))
            };
            let entries = content.expectations.into_iter();
            let new: Vec<_> = entries.filter(|entry| !is_known(entry)).collect();
            if !new.is_empty() {
                put(&mut gather, part, content.recorded_at, new);
            }
        }
        gather.finish()
    }
}

/// Whether an entry has anything that can be played.
fn has_answer(entry: &Entry) -> bool {
    let is_whole = |answer: &crate::Answer| answer.incomplete.is_none();
    entry.prepared.is_some() || entry.answers.iter().any(is_whole)
}

fn put(gather: &mut Gather, part: PartName, recorded_at: jiff::Timestamp, entries: Vec<Entry>) {
    gather.take(Line::Part {
        part: part.clone(),
        recorded_at,
    });
    for entry in in_order(entries) {
        gather.take(Line::Entry {
            part: part.clone(),
            entry: Box::new(entry),
        });
    }
}
