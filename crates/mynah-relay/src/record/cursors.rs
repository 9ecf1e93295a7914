use std::collections::HashMap;

use mynah_recording::Entry;

use super::building::{Building, Ended};

/// A statement and its answer; its rows may have to be fetched in parts.
#[derive(Debug)]
pub(super) struct Suspended {
    pub(super) part: Option<String>,
    pub(super) entry: Entry,
    pub(super) building: Building,
    /// How it ended, or how the part of it did that came last.
    pub(super) took: Ended,
}

/// A statement with its answer, and the number of the cursor that its rows wait in.
pub(super) enum Recorded {
    /// It is whole, or nothing more of it will come.
    Whole(Box<Suspended>),
    /// The client has to fetch the rest.
    Suspended(u32, Box<Suspended>),
}

/// The cursors of a connection, by the numbers that the client knows them by.
#[derive(Debug, Default)]
pub(super) struct Cursors(HashMap<u32, Suspended>);

impl Cursors {
    /// Keeps a cursor that has more rows; gives the one that had its number, whose rest won't come.
    pub(super) fn suspend(&mut self, id: u32, suspended: Suspended) -> Option<Suspended> {
        let before = self.close(id);
        if self.0.len() < MOST_CURSORS {
            self.0.insert(id, suspended);
        }
        before
    }

    /// A cursor whose next rows come.
    pub(super) fn resume(&mut self, id: u32) -> Option<Suspended> {
        self.0.remove(&id)
    }

    /// A cursor whose rest the client doesn't want.
    pub(super) fn close(&mut self, id: u32) -> Option<Suspended> {
        self.0.remove(&id).map(left)
    }

    /// All of them.
    pub(super) fn close_all(&mut self) -> Vec<Suspended> {
        self.0
            .drain()
            .map(|(_, suspended)| left(suspended))
            .collect()
    }
}

fn left(mut suspended: Suspended) -> Suspended {
    suspended
        .building
        .miss("the client closed the cursor before its last row");
    suspended
}

/// How many cursors of a connection are followed.
const MOST_CURSORS: usize = 16_382;
