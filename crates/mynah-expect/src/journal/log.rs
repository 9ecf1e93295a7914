use std::collections::VecDeque;

use super::{EntryNumber, JournalEntry};

/// The last statements of a test.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    limit: usize,
    last: u64,
    /// How many had to go to make room for others.
    overflowed: u64,
}

impl Journal {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            limit,
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
        while self.entries.len() >= self.limit {
            self.entries.pop_front();
            self.overflowed += 1;
        }
        self.entries.push_back(entry(number));
        number
    }

    /// The statement of a number, if it is still there.
    pub(crate) fn get_mut(&mut self, number: EntryNumber) -> Option<&mut JournalEntry> {
        let first = self.entries.front()?.number.0;
        let index = usize::try_from(number.0.checked_sub(first)?).ok()?;
        self.entries
            .get_mut(index)
            .filter(|entry| entry.number == number)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter()
    }

    pub(crate) fn overflowed(&self) -> u64 {
        self.overflowed
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.overflowed = 0;
    }
}
