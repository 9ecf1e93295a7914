use std::collections::HashSet;

use super::TraceError;
use super::merged::each;
use crate::{Answer, Entry, PartName, Recording};

/// Each time that a statement came, with its answer, in the order in which they came. What was only prepared isn't
/// among them.
pub(super) fn sequence<'r>(
    recording: &'r Recording,
    only: Option<&PartName>,
) -> Result<Vec<(&'r Entry, Answer)>, TraceError> {
    let mut all = Vec::new();
    for part in recording.parts_in_order(only) {
        let is_run = |entry: &&Entry| entry.command.as_deref() != Some(Entry::PREPARE);
        let taken: HashSet<u64> = part.iter().flat_map(|entry| &entry.at).copied().collect();
        let mut left = (1..).filter(|place| !taken.contains(place));
        let mut steps = Vec::new();
        for entry in part.iter().filter(is_run) {
            if entry.at.is_empty() && entry.answers.len() > 1 {
                return Err(TraceError::NoOrder);
            }
            let places = match entry.at.is_empty() {
                true => left.next().into_iter().collect(),
                false => entry.at.clone(),
            };
            let answers = places.into_iter().zip(each(entry));
            steps.extend(answers.map(|(at, answer)| (at, entry, answer)));
        }
        steps.sort_by_key(|(at, ..)| *at);
        all.extend(steps.into_iter().map(|(_, entry, answer)| (entry, answer)));
    }
    Ok(all)
}
