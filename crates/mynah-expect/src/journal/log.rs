use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::{EntryNumber, JournalEntry, Outcome};
use crate::redact;

/// The last statements of a test.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<Kept>,
    /// How many statements it keeps.
    limit: usize,
    /// How many bytes they may take together.
    max_bytes: usize,
    bytes: usize,
    last: u64,
    /// How many had to go to make room for others.
    overflowed: u64,
}

#[derive(Debug)]
struct Kept {
    entry: JournalEntry,
    /// About how many bytes it takes. To compute it takes longer than to keep it.
    size: usize,
}

impl Journal {
    pub(crate) fn new(limit: usize, max_bytes: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            limit,
            max_bytes,
            bytes: 0,
            last: 0,
            overflowed: 0,
        }
    }

    /// Takes a statement in, and gives it a number.
    pub(crate) fn push(&mut self, entry: impl FnOnce(EntryNumber) -> JournalEntry) -> EntryNumber {
        self.last += 1;
        let number = EntryNumber(self.last);
        if self.limit == 0 {
            return number;
        }
        let entry = entry(number);
        let size = entry.size() + entry.outcome_size();
        self.bytes += size;
        self.entries.push_back(Kept { entry, size });
        self.make_room();
        number
    }

    /// The answer to a statement has gone out.
    pub(crate) fn finish(&mut self, number: EntryNumber, outcome: Outcome, latency: Duration) {
        let Some(Kept { entry, size }) = self.kept(number) else {
            return;
        };
        let before = entry.outcome_size();
        entry.outcome = Some(match outcome {
            Outcome::Error {
                code,
                sql_state,
                message,
            } => Outcome::Error {
                code,
                sql_state,
                message: redact::message(message, entry.has_secrets),
            },
            outcome => outcome,
        });
        entry.latency = Some(latency);
        // What was made of the text to match it takes many times as much as the text.
        if let Some(call) = Arc::get_mut(&mut entry.call) {
            call.statement.forget_parts();
        }
        let after = entry.outcome_size();
        *size = *size + after - before;
        self.bytes = self.bytes + after - before;
        self.make_room();
    }

    fn make_room(&mut self) {
        while self.entries.len() > self.limit || self.bytes > self.max_bytes {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= oldest.size;
            self.overflowed += 1;
        }
    }

    /// The statement of a number, if it is still there.
    pub(crate) fn get(&self, number: EntryNumber) -> Option<&JournalEntry> {
        let kept = self.entries.get(self.index(number)?)?;
        Some(&kept.entry).filter(|entry| entry.number == number)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, number: EntryNumber) -> Option<&mut JournalEntry> {
        self.kept(number).map(|kept| &mut kept.entry)
    }

    fn kept(&mut self, number: EntryNumber) -> Option<&mut Kept> {
        let index = self.index(number)?;
        self.entries
            .get_mut(index)
            .filter(|kept| kept.entry.number == number)
    }

    fn index(&self, number: EntryNumber) -> Option<usize> {
        let first = self.entries.front()?.entry.number.0;
        usize::try_from(number.0.checked_sub(first)?).ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter().map(|kept| &kept.entry)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn overflowed(&self) -> u64 {
        self.overflowed
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
        self.overflowed = 0;
    }
}
