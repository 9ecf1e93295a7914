use mynah_recording::Entry;

use super::tally::Tally;
use crate::Recorder;
use crate::record::HeldEntry;

/// The recordings of what the first and the second server answer. An answer is recorded together with its counterpart, so
/// that both recordings have the executions of a statement in the same order.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    pub(super) first: Recorder,
    pub(super) second: Recorder,
    pub(super) tally: Tally,
}

impl Pairs {
    /// Records what both servers have answered to a command.
    pub(super) fn record(&self, first: Vec<HeldEntry>, second: Vec<HeldEntry>) {
        let mut second = second.into_iter();
        let mut part = None;
        for first in first {
            part.clone_from(&first.part);
            let counterpart = second.next();
            let reason = is_incomplete(&first.entry)
                .map(|why| ("first", why))
                .or_else(|| {
                    let counterpart = counterpart.as_ref();
                    counterpart.and_then(|held| Some(("second", is_incomplete(&held.entry)?)))
                });
            if let Some((server, why)) = reason {
                let reason = format!("the {server} server's answer is incomplete: {why}");
                self.tally.skip(&reason, 1);
                continue;
            }
            self.first.record(first.part, first.entry);
            if let Some(held) = counterpart {
                // Which part it is of depends on when it was sent to the first server.
                self.second.record(part.clone(), held.entry);
            }
        }
        for held in second {
            self.second.record(part.clone().or(held.part), held.entry);
        }
    }
}

/// Why an entry's answer can't be compared, if it can't.
fn is_incomplete(entry: &Entry) -> Option<&str> {
    let mut reasons = entry.answers.iter();
    reasons.find_map(|answer| answer.incomplete.as_deref())
}
