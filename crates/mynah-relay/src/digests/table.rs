use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mynah_session::observe::Answer;
use mynah_sql::StatementKind;

use super::counts::Counts;
use crate::statement::{Digest, StatementFacts};

/// The rows of digests.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: HashMap<Key, Row>,
    /// The rows by their last use, the oldest first.
    pub(super) by_use: BTreeMap<u64, Key>,
    uses: u64,
    /// The statements that have no row: those whose row had to make room, and those without a digest.
    pub(super) other: Option<Counts>,
    pub(super) since: SystemTime,
}

/// The hash of a digest, and the schema in use.
type Key = (u64, Bytes);

/// A digest in a schema.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) kind: StatementKind,
    pub(super) tables: Vec<String>,
    pub(super) counts: Counts,
    /// The statement that took longest.
    pub(super) example: String,
    slowest: Duration,
    last_use: u64,
}

impl Table {
    pub(super) fn new(since: SystemTime) -> Self {
        Self {
            rows: HashMap::new(),
            by_use: BTreeMap::new(),
            uses: 0,
            other: None,
            since,
        }
    }

    pub(super) fn add(
        &mut self,
        most: usize,
        (digest, schema): (&Digest, &Bytes),
        facts: &StatementFacts,
        answer: &Answer,
        now: SystemTime,
    ) {
        let mut key = (digest.hash, schema.clone());
        if !self.rows.contains_key(&key) {
            if self.rows.len() >= most {
                self.make_room();
            }
            let Some(row) = Row::new(digest, facts, now) else {
                return;
            };
            // A slice would hold all of the packet that named the schema.
            key.1 = Bytes::copy_from_slice(schema);
            self.rows.insert(key.clone(), row);
        }
        self.uses += 1;
        if let Some(row) = self.rows.get_mut(&key) {
            let key = self.by_use.remove(&row.last_use).unwrap_or(key);
            row.last_use = self.uses;
            self.by_use.insert(self.uses, key);
            row.add(facts, answer, now);
        }
    }

    pub(super) fn add_other(&mut self, answer: &Answer, now: SystemTime) {
        if self.other.is_none() {
            self.other = Counts::new(now);
        }
        if let Some(other) = &mut self.other {
            other.add(answer, now);
        }
    }

    /// Removes the row that wasn't used for longest, whose counts are kept with the others.
    fn make_room(&mut self) {
        let oldest = self.by_use.pop_first();
        let Some(row) = oldest.and_then(|(_, key)| self.rows.remove(&key)) else {
            return;
        };
        match &mut self.other {
            Some(other) => other.join(&row.counts),
            None => self.other = Some(row.counts),
        }
    }
}

impl Row {
    fn new(digest: &Digest, facts: &StatementFacts, now: SystemTime) -> Option<Self> {
        Some(Self {
            name: digest.name().to_owned(),
            text: beginning(digest.text()),
            kind: facts.kind,
            tables: first_of(&facts.tables),
            counts: Counts::new(now)?,
            example: beginning(&String::from_utf8_lossy(&facts.shown)),
            slowest: Duration::ZERO,
            last_use: 0,
        })
    }

    fn add(&mut self, facts: &StatementFacts, answer: &Answer, now: SystemTime) {
        self.counts.add(answer, now);
        let latency = answer
            .timing
            .map_or(Duration::ZERO, |timing| timing.latency);
        if latency > self.slowest {
            self.slowest = latency;
            self.example = beginning(&String::from_utf8_lossy(&facts.shown));
        }
    }
}

/// The text, or its beginning if it is long.
fn beginning(text: &str) -> String {
    if text.len() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LONGEST_TEXT);
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// The names, or those at the beginning that together aren't longer than a text may be.
fn first_of(names: &[String]) -> Vec<String> {
    let mut room = LONGEST_TEXT;
    let fitting = names.iter().take_while(|name| {
        let left = room.checked_sub(name.len());
        room = left.unwrap_or_default();
        left.is_some()
    });
    fitting.cloned().collect()
}

/// How many bytes of a text are kept, and of all names of tables together.
const LONGEST_TEXT: usize = 2048;
