use std::collections::VecDeque;

use super::{EntryNumber, JournalEntry};

/// A change in a test, such as of a statement, of expectations or of scenarios.
#[derive(Clone, Debug)]
pub struct Event {
    /// The number of the event in its test, from 1.
    pub number: u64,
    /// What has happened in the test, and to which statement.
    pub kind: EventKind,
    /// The statement that the event is about, in its present state; `None` if it is about none, or if the journal
    /// doesn't have the statement any more.
    pub statement: Option<JournalEntry>,
}

/// What happened in an [`Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// A statement was received, and has this number.
    Began(EntryNumber),
    /// The mock has determined which part, other than an expectation, answers the statement with this number, or that
    /// none does. Of a statement that an expectation answers there is no such event.
    Answered(EntryNumber),
    /// The statement with this number was unexpected.
    Unexpected(EntryNumber),
    /// The answer to the statement with this number was sent, or its connection ended.
    Done(EntryNumber),
    /// Expectations were added or removed.
    Expectations,
    /// The states of scenarios were set from outside, not by a match.
    Scenarios,
    /// Journal, scenarios or counts were reset.
    Reset,
    /// The test was ended.
    Ended,
}

/// The events of a test after a given event.
#[derive(Clone, Debug)]
pub struct Events {
    /// How many events between the given one and the first of these are gone, because only the latest are
    /// kept.
    pub dropped: u64,
    /// The events, in the order in which they happened.
    pub events: Vec<Event>,
}

/// The last events of a test.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    kinds: VecDeque<EventKind>,
    last: u64,
}

impl EventLog {
    pub(crate) fn push(&mut self, kind: EventKind) {
        if self.kinds.len() == MOST_EVENTS {
            self.kinds.pop_front();
        }
        self.kinds.push_back(kind);
        self.last += 1;
    }

    /// The number of the last event; 0 before the first.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// The events behind the one of this number, at most so many, and how many are missing in between.
    pub(crate) fn since(&self, number: u64, most: usize) -> (u64, Vec<(u64, EventKind)>) {
        let kept = u64::try_from(self.kinds.len()).unwrap_or(u64::MAX);
        let first = self.last - kept + 1;
        let wanted = number.saturating_add(1);
        let from = wanted.max(first);
        let skipped = usize::try_from(from - first).unwrap_or(usize::MAX);
        let kinds = self.kinds.iter().copied().skip(skipped).take(most);
        (from - wanted.min(from), (from..).zip(kinds).collect())
    }
}

impl EventKind {
    /// The number of the statement that the event is about; `None` if it is about none.
    #[must_use]
    pub fn statement(self) -> Option<EntryNumber> {
        match self {
            Self::Began(number)
            | Self::Answered(number)
            | Self::Unexpected(number)
            | Self::Done(number) => Some(number),
            Self::Expectations | Self::Scenarios | Self::Reset | Self::Ended => None,
        }
    }
}

/// How many events a test keeps.
const MOST_EVENTS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_kept_up_to_a_number_and_the_missing_ones_are_counted() {
        let mut log = EventLog::default();
        assert_eq!(log.since(0, 10), (0, vec![]));
        for _ in 0..MOST_EVENTS {
            log.push(EventKind::Reset);
        }
        assert_eq!(log.since(0, 1), (0, vec![(1, EventKind::Reset)]));
        log.push(EventKind::Ended);
        assert_eq!(log.since(0, 1), (1, vec![(2, EventKind::Reset)]));
        let last = log.last();
        assert_eq!(log.since(last - 1, 10), (0, vec![(last, EventKind::Ended)]));
        assert_eq!(log.since(last, 10), (0, vec![]));
        assert_eq!(log.since(u64::MAX, 10), (0, vec![]));
    }
}
