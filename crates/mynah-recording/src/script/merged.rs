use std::collections::{HashMap, HashSet};

use crate::gather::cut_repeated;
use crate::key::Key;
use crate::{Answer, Entry, PartName, Recording};

/// All entries of a recording, each statement once. The answers of several parts follow each other; of one part that is
/// chosen, its own entries count more than those of `setup`.
pub(super) fn entries(recording: &Recording, only: Option<&PartName>) -> Vec<Entry> {
    let mut parts = recording.parts_in_order(only);
    if only.is_some() {
        parts.reverse();
    }
    let mut merged: Vec<Entry> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for part in parts {
        let mut of_part = HashSet::new();
        // A statement that is also executed on its own has the answer to that.
        let alone = part.iter().filter(|entry| entry.param_rows.is_empty());
        let bulk = part.iter().filter(|entry| !entry.param_rows.is_empty());
        for entry in alone.chain(bulk).flat_map(rows) {
            let key = Key::of(&PartName::setup(), &entry);
            let at = *places.entry(key).or_insert(merged.len());
            match merged.get_mut(at) {
                None => merged.push(Entry {
                    answers: each(&entry),
                    ..entry
                }),
                // Of one part, it can only be a row that is also inserted on its own: the first one is played.
                Some(before) if only.is_none() && !of_part.contains(&at) => {
                    before.answers.extend(each(&entry));
                }
                Some(_) => {}
            }
            of_part.insert(at);
        }
    }
    for entry in &mut merged {
        cut_repeated(&mut entry.answers);
        entry.at.clear();
    }
    merged
}

/// The answer of each time that an entry came.
pub(super) fn each(entry: &Entry) -> Vec<Answer> {
    let mut answers = entry.answers.clone();
    if let Some(last) = answers.last().cloned() {
        let more = entry.at.len().saturating_sub(answers.len());
        answers.extend(std::iter::repeat_n(last, more));
    }
    answers
}

/// An entry, or one for each row of a bulk execution: scripts are asked for each. The first has the server's answer.
pub(super) fn rows(entry: &Entry) -> Vec<Entry> {
    if entry.param_rows.is_empty() {
        return vec![entry.clone()];
    }
    let rows = entry.param_rows.iter().enumerate().map(|(index, row)| {
        let mut one = Entry {
            params: Some(row.clone()),
            param_rows: Vec::new(),
            command: None,
            ..entry.clone()
        };
        if index > 0 {
            one.answers = vec![crate::Outcome::Ok(crate::Completion::default()).into()];
        }
        one
    });
    rows.collect()
}
