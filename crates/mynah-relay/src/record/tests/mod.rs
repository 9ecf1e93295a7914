//! What real servers sent, recorded.

mod answers;
mod files;
mod pseudonyms;
mod secrets;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use mynah_recording::{Answer, Entry, Outcome, PartName, Recording, ResultSet};
use mynah_session::observe::{self, Observer, Options};
use mynah_testkit::{Fixture, fixtures_folder};
use tempfile::TempDir;

use super::{ConnectionRecorder, RecordOptions, Recorder};
use crate::Rule;
use crate::subscribe::{Closed, Connection, Event, Seen, Subscriber};

/// A recording that is being made in a folder of its own.
struct Making {
    folder: TempDir,
    recorder: Recorder,
}

impl Making {
    fn start() -> Self {
        Self::start_with(Vec::new())
    }

    fn start_with(redact: Vec<Rule>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::start(RecordOptions {
            path: folder.path().join("rec.json"),
            redact,
            ..RecordOptions::default()
        });
        Self {
            recorder: recorder.unwrap(),
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Follows a connection that sends these bytes.
    fn connection<'a>(
        &self,
        is_x: bool,
        sent: impl IntoIterator<Item = (observe::Direction, &'a [u8])>,
    ) {
        let options = Options {
            messages: true,
            ..Options::default()
        };
        let now = Instant::now();
        let mut observer = match is_x {
            true => Observer::x(options, true, now),
            false => Observer::classic(options, now),
        };
        let mut connection = ConnectionRecorder::new(&self.recorder);
        let about = Connection::default();
        let mut see = |event: Event| {
            connection.on_event(Seen {
                connection: &about,
                event: &event,
                at: SystemTime::UNIX_EPOCH,
                statement: None,
                is_of_gate: false,
            });
        };
        for (direction, bytes) in sent {
            observer.observe(direction, bytes, now, &mut |event| {
                see(Event::Observed(event))
            });
        }
        observer.end(now, &mut |event| see(Event::Observed(event)));
        see(Event::Closed(Closed::default()));
    }

    /// Follows a connection as it was recorded.
    fn fixture(&self, path: &str) {
        let (kind, file) = path.split_once('/').unwrap();
        let fixture = Fixture::read(fixtures_folder(kind).join(format!("{file}.hex"))).unwrap();
        let is_x = kind == "x";
        let lines = fixture.lines.iter().map(|line| {
            let direction = match line.direction {
                mynah_testkit::Direction::Client => observe::Direction::Client,
                mynah_testkit::Direction::Server => observe::Direction::Server,
            };
            let wire = if is_x { line.x_wire() } else { line.wire() };
            (direction, wire)
        });
        let lines: Vec<_> = lines.collect();
        let lines = lines
            .iter()
            .map(|(direction, wire)| (*direction, &wire[..]));
        self.connection(is_x, lines);
    }

    fn finish(self) -> Recording {
        self.recorder.finish().unwrap();
        mynah_recording::read(&self.path("rec.json")).unwrap()
    }
}

/// What is recorded of a connection that was recorded.
fn recorded(path: &str) -> Vec<Entry> {
    let making = Making::start();
    making.fixture(path);
    let mut recording = making.finish();
    let setup = recording.parts.remove(&PartName::setup());
    setup.map(|part| part.expectations).unwrap_or_default()
}

/// The entries that aren't about preparing.
fn statements(entries: Vec<Entry>) -> Vec<Entry> {
    let is_statement = |entry: &Entry| entry.command.as_deref() != Some(Entry::PREPARE);
    entries.into_iter().filter(is_statement).collect()
}

/// The one entry whose statement has this in it.
fn only<'e>(entries: &'e [Entry], text: &str) -> &'e Entry {
    let found: Vec<_> = entries
        .iter()
        .filter(|entry| entry.stmt.as_str().contains(text))
        .collect();
    match found[..] {
        [entry] => entry,
        _ => panic!("{} entries for {text}: {entries:#?}", found.len()),
    }
}

fn rows(answer: &Answer) -> &ResultSet {
    match answer.outcome.as_ref().unwrap() {
        Outcome::Result(rows) | Outcome::OutParameters(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn count<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}
