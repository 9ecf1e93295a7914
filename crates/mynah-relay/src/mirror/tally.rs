use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynah_recording::NotCompared;

/// Counts what isn't compared, by the reason. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Arc<Mutex<BTreeMap<String, Counts>>>);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    answers: u64,
    connections: u64,
}

impl Tally {
    /// These answers aren't compared.
    pub(super) fn skip(&self, reason: &str, answers: usize) {
        if answers > 0 {
            self.change(reason, |counts| counts.answers += answers as u64);
        }
    }

    /// Nothing that follows on a connection is compared, and neither are these answers.
    pub(super) fn end_connection(&self, reason: &str, answers: usize) {
        self.change(reason, |counts| {
            counts.connections += 1;
            counts.answers += answers as u64;
        });
    }

    /// The counts so far.
    pub(super) fn counts(&self) -> Vec<NotCompared> {
        let counts = self.lock();
        let each = counts.iter().map(|(reason, counts)| NotCompared {
            reason: reason.clone(),
            answers: counts.answers,
            connections: counts.connections,
        });
        each.collect()
    }

    fn change(&self, reason: &str, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.lock();
        let is_new = !counts.contains_key(reason);
        let reason = match is_new && counts.len() >= MOST_REASONS {
            true => OTHER,
            false => reason,
        };
        change(counts.entry(reason.to_owned()).or_default());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Counts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many reasons are distinguished: some have the text of a server's error.
const MOST_REASONS: usize = 100;

const OTHER: &str = "other reasons";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_up_to_a_number_and_then_together() {
        let tally = Tally::default();
        tally.skip("nothing", 0);
        for number in 0..MOST_REASONS + 5 {
            tally.skip(&format!("reason {number:03}"), 2);
        }
        tally.end_connection("reason 000", 3);
        let counts = tally.counts();
        assert_eq!(counts.len(), MOST_REASONS + 1);
        assert_eq!(counts[0].reason, OTHER);
        assert_eq!((counts[0].answers, counts[0].connections), (10, 0));
        assert_eq!((counts[1].answers, counts[1].connections), (5, 1));
    }
}
