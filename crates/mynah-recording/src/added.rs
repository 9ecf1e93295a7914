use std::collections::HashSet;

use crate::align::align;
use crate::gather::Gather;
use crate::key::Key;
use crate::volatile::in_order;
use crate::{Entry, Line, PartName, Recording};

impl Recording {
    /// Adds statements of another recording: those to which neither their part nor `setup` of this recording has an
    /// answer. Statements that this recording lists without an answer stay, unless the other recording answers them.
    /// The rules for volatile values of both apply to the result; `other` must have these values as they were sent.
    #[must_use]
    pub fn with_added(mut self, mut other: Self) -> Self {
        let rules = self.about.volatile.clone().and(&other.about.volatile);
        if !rules.is_empty() {
            self = self.with_rules(&rules);
            align(&mut other, &self, &rules);
        }
        let answered = other.parts.iter().flat_map(|(part, content)| {
            let entries = content.expectations.iter();
            let entries = entries.filter(|entry| has_answer(entry));
            entries.map(move |entry| Key::of(part, entry))
        });
        let answered: HashSet<_> = answered.collect();
        let (mut known, mut unanswered) = (HashSet::new(), HashSet::new());
        let mut gather = Gather::new(self.about);
        let servers = self.server.into_iter().chain(other.server);
        servers.for_each(|server| gather.take(Line::Server { server }));
        let logins = self.logins.into_iter().chain(other.logins);
        logins.for_each(|login| gather.take(Line::Login { login }));
        for (part, content) in self.parts {
            let mut kept = Vec::with_capacity(content.expectations.len());
            for entry in content.expectations {
                let key = Key::of(&part, &entry);
                if has_answer(&entry) {
                    known.insert(key);
                } else if is_in(&answered, &key, &entry) {
                    // An entry without an answer would be played before the answer that is added.
                    continue;
                } else {
                    unanswered.insert(key);
                }
                kept.push(entry);
            }
            put(&mut gather, part, content.recorded_at, kept);
        }
        for (part, content) in other.parts {
            let is_known = |entry: &Entry| {
                let key = Key::of(&part, entry);
                (!has_answer(entry) && unanswered.contains(&key)) || is_in(&known, &key, entry)
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

/// Whether the part of an entry, whose key this is, or `setup` is among these with the entry's statement.
fn is_in(keys: &HashSet<Key>, key: &Key, entry: &Entry) -> bool {
    keys.contains(key) || keys.contains(&Key::of(&PartName::setup(), entry))
}

/// Whether an entry has anything that can be played; of a preparation, one that succeeded, which executions need.
fn has_answer(entry: &Entry) -> bool {
    let is_whole = |answer: &crate::Answer| answer.incomplete.is_none();
    match entry.is_preparation() {
        true => entry.preparation().is_some(),
        false => entry.answers.iter().any(is_whole),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::from_bytes;

    const OPEN: &str = r#"{"open": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"}}"#;
    const OK: &str = r#"{"ok": {}}"#;

    /// A recording of these entries, each with its part, statement and answers.
    fn recording(entries: &[(&str, &str, &str)]) -> Recording {
        let lines = entries.iter().map(|(part, stmt, answers)| {
            format!(
                r#"{{"part": "{part}", "entry": {{"stmt": "{stmt}", "answers": [{answers}]}}}}"#
            )
        });
        let lines: Vec<_> = std::iter::once(OPEN.to_owned()).chain(lines).collect();
        from_bytes(format!("{}\n", lines.join("\n")).as_bytes()).unwrap()
    }

    /// Each entry with the number of its answers.
    fn entries(recording: &Recording) -> Vec<String> {
        let all = recording.parts.iter().flat_map(|(part, content)| {
            let entries = content.expectations.iter();
            entries.map(move |entry| format!("{part} {} {}", entry.stmt, entry.answers.len()))
        });
        all.collect()
    }

    #[test]
    fn statements_without_an_answer_stay_until_they_have_one() {
        let torn = r#"{"incomplete": "the connection was lost"}"#;
        let before = recording(&[
            ("setup", "select 1", OK),
            ("t1", "select 2", ""),
            ("t1", "select 3", torn),
            ("t1", "select 4", torn),
            ("t1", "select 5", torn),
            ("t1", "select 6", torn),
        ]);
        let other = recording(&[
            ("setup", "select 5", OK),
            ("t1", "select 1", OK),
            ("t1", "select 4", OK),
            ("t1", "select 6", torn),
            ("t2", "select 2", OK),
        ]);
        let added = before.with_added(other);
        assert_eq!(
            entries(&added),
            [
                "setup select 1 1",
                "setup select 5 1",
                "t1 select 2 0",
                "t1 select 3 1",
                "t1 select 6 1",
                "t1 select 4 1",
                "t2 select 2 1",
            ]
        );
        let t1 = &added.parts[&PartName("t1".to_owned())];
        assert!(has_answer(&t1.expectations[3]));
    }
}
