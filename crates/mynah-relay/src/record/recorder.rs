use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use mynah_expect::DIGEST_VERSION;
use mynah_recording::{
    About, Entry, Line, Login, PartName, Pseudonyms, Recording, Server, VERSION, link_target,
};

use super::file::RecordError;
use super::journal::Journal;
use super::options::{OpenPart, RecordOptions};
use crate::TraceOptions;

/// A recording that is being made. Clones are handles of the same recording.
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// What is hidden.
    hides: Arc<TraceOptions>,
    hasher: RandomState,
    /// The part of statements that name none.
    open_part: OpenPart,
    /// What is recorded as pseudonyms.
    pseudonyms: Option<Mutex<Pseudonyms>>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    journal: Journal,
    parts: BTreeSet<PartName>,
    server: Server,
    logins: Vec<Login>,
    /// Statements whose preparation is recorded, by part.
    prepared: HashMap<u64, Preparation>,
    counts: Counts,
    /// Whether the recording is written, and the journal is gone.
    is_finished: bool,
}

/// A preparation that is recorded.
#[derive(Debug)]
struct Preparation {
    /// The hash of its answer.
    answer: u64,
    /// How often the same answer came since.
    again: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    entries: u64,
    incomplete: u64,
    lost_connections: u64,
}

/// What a recorder has recorded so far: the file, counts, and the parts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordStatus {
    /// The file that [`finish`](Recorder::finish) writes.
    pub path: PathBuf,
    /// How many answers were recorded, except those to preparations that succeeded.
    pub entries: u64,
    /// How many of the recorded answers are incomplete.
    pub incomplete: u64,
    /// The size of the journal's file in bytes.
    pub bytes: u64,
    /// How many lines of the journal couldn't be written; they are lost.
    pub failures: u64,
    /// How many connections couldn't be followed to their end, so that their further statements aren't recorded;
    /// connections of replicas don't count.
    pub lost_connections: u64,
    /// The name of the part to which statements without the id of a test belong at present.
    pub part: String,
    /// The names of all parts that have begun or have statements.
    pub parts: Vec<String>,
}

impl Recorder {
    pub(crate) fn start(options: RecordOptions) -> Result<Self, RecordError> {
        let about = options.pseudonyms.as_ref();
        let about = about.map(|pseudonyms| pseudonyms.about().clone());
        let made_by = options.made_by;
        let open = About {
            version: VERSION,
            digest: DIGEST_VERSION,
            made_by: made_by.unwrap_or_else(|| MADE_BY.to_owned()),
            recorded_at: now(),
            volatile: options.volatile,
            pseudonyms: about,
            rows_limit: options.rows_limit,
        };
        let path = &options.path;
        let journal = Journal::begin(path, || {
            // Until the journal was locked, another program may have made the recording.
            let adds = options.adds && path.exists();
            let recording = link_target(path);
            let name = recording.file_name().filter(|_| adds);
            let adds_to = name.map(|name| name.to_string_lossy().into_owned());
            Line::Open { open, adds_to }
        })?;
        Ok(Self(Arc::new(Inner {
            pseudonyms: options.pseudonyms.map(Mutex::new),
            path: options.path,
            hides: Arc::new(TraceOptions {
                redact: options.redact,
                ..TraceOptions::default()
            }),
            hasher: RandomState::new(),
            open_part: options.open_part,
            state: Mutex::new(State {
                journal,
                parts: BTreeSet::new(),
                server: Server::default(),
                logins: Vec::new(),
                prepared: HashMap::new(),
                counts: Counts::default(),
                is_finished: false,
            }),
        })))
    }

    /// What is hidden.
    pub(super) fn hides(&self) -> &Arc<TraceOptions> {
        &self.0.hides
    }

    /// Begins a part of the recording, or continues the part that has this name already: statements without the id of a
    /// test belong to it from now on. Before the first call, they belong to the part `setup`. A part has the statements
    /// of one test.
    ///
    /// # Errors
    /// [`RecordError::NoName`] if the name is empty.
    pub fn begin_part(&self, name: &str) -> Result<(), RecordError> {
        if name.is_empty() {
            return Err(RecordError::NoName);
        }
        let part = PartName(name.to_owned());
        self.0.open_part.begin(part.clone());
        note_part(&part, &mut self.state());
        Ok(())
    }

    /// The part to which statements without the id of a test belong at present.
    pub(super) fn open_part(&self) -> PartName {
        self.0.open_part.name()
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn status(&self) -> RecordStatus {
        let state = self.state();
        RecordStatus {
            path: self.0.path.clone(),
            entries: state.counts.entries,
            incomplete: state.counts.incomplete,
            bytes: state.journal.len(),
            failures: state.journal.failures(),
            lost_connections: state.counts.lost_connections,
            part: self.0.open_part.name().0,
            parts: state.parts.iter().map(ToString::to_string).collect(),
        }
    }

    /// Writes the recording from the journal, and then removes the journal. Statements that arrive after that are
    /// not recorded, and another call changes nothing; if it fails, they still go into the journal.
    ///
    /// # Errors
    /// If the journal, or the file that is added to, can't be read, the recording can't be written, or the journal
    /// can't be removed. The journal remains in all these cases. [`RecordError::Lost`] if lines of the journal couldn't
    /// be written, or connections not be followed: the recording has all others, and the journal is removed.
    pub fn finish(&self) -> Result<(), RecordError> {
        // No line is written meanwhile.
        let mut state = self.state();
        if state.is_finished {
            return Ok(());
        }
        let journal = state.journal.path();
        let recording: Recording = mynah_recording::read(journal)?;
        let written = recording.write(&self.0.path);
        written.map_err(|source| RecordError::Write {
            path: self.0.path.clone(),
            source,
        })?;
        std::fs::remove_file(journal).map_err(|source| RecordError::Write {
            path: journal.to_owned(),
            source,
        })?;
        state.is_finished = true;
        match (state.journal.failures(), state.counts.lost_connections) {
            (0, 0) => Ok(()),
            (lines, connections) => Err(RecordError::Lost {
                path: self.0.path.clone(),
                lines,
                connections,
            }),
        }
    }

    /// A connection can't be followed any more, so its further statements aren't recorded.
    pub(super) fn note_loss(&self) {
        self.state().counts.lost_connections += 1;
    }

    /// The server says something of itself, or is spoken to by a protocol.
    pub(super) fn note_server(&self, said: Server) {
        let mut state = self.state();
        let mut server = state.server.clone();
        server.version = server.version.or(said.version);
        server.collation = server.collation.or(said.collation);
        server.status = server.status.or(said.status);
        for protocol in said.protocols {
            if !server.protocols.contains(&protocol) {
                server.protocols.push(protocol);
            }
        }
        let line = Line::Server {
            server: server.clone(),
        };
        if server != state.server && state.journal.write(&line) {
            state.server = server;
        }
    }

    pub(super) fn note_login(&self, login: Login) {
        let mut state = self.state();
        if state.logins.contains(&login) || state.logins.len() >= MOST_LOGINS {
            return;
        }
        let line = Line::Login {
            login: login.clone(),
        };
        if state.journal.write(&line) {
            state.logins.push(login);
        }
    }

    /// A statement with its answer. Without a part of its own it is of the one that is open.
    pub(crate) fn record(&self, part: Option<String>, mut entry: Entry) {
        // What must not be recorded isn't in the journal either.
        if let Some(pseudonyms) = &self.0.pseudonyms {
            let mut pseudonyms = pseudonyms.lock().unwrap_or_else(PoisonError::into_inner);
            pseudonyms.record(&mut entry);
        }
        let is_prepare = entry.command.as_deref() == Some(Entry::PREPARE);
        let is_prepared = entry.prepared.is_some();
        let is_incomplete = entry
            .answers
            .iter()
            .any(|answer| answer.incomplete.is_some());
        let part = part.map_or_else(|| self.0.open_part.name(), PartName);
        let key = (&part, entry.protocol, &entry.stmt);
        let key = is_prepare.then(|| self.0.hasher.hash_one(key));
        let answer = self.0.hasher.hash_one(&entry.prepared);
        let mut as_before = Vec::new();
        if let Some(key) = &key {
            let prepared = &mut self.state().prepared;
            match prepared.get_mut(key) {
                // Some drivers prepare a statement each time.
                Some(before) if is_prepared && before.answer == answer => {
                    before.again += 1;
                    return;
                }
                // The answer has changed, so it matters how often the one before came.
                _ => {
                    let before = prepared.remove(key);
                    let again = before.map_or(0, |before| before.again.min(MOST_AGAIN));
                    as_before.extend((0..again).map(|_| again_as_before(&part, &entry)));
                }
            }
        }
        let line = Line::Entry {
            part: part.clone(),
            entry: Box::new(entry),
        };
        // The text is made without the lock.
        let bytes = line.to_bytes();
        let mut state = self.state();
        note_part(&part, &mut state);
        for line in as_before {
            state.journal.write(&line);
        }
        if !state.journal.write_bytes(bytes) {
            return;
        }
        state.counts.entries += u64::from(!is_prepared);
        state.counts.incomplete += u64::from(is_incomplete);
        if let Some(key) = key.filter(|_| is_prepared) {
            if state.prepared.len() >= MOST_PREPARED {
                state.prepared.clear();
            }
            state.prepared.insert(key, Preparation { answer, again: 0 });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part begins when it is first spoken of.
fn note_part(part: &PartName, state: &mut State) {
    if state.parts.contains(part) {
        return;
    }
    let line = Line::Part {
        part: part.clone(),
        recorded_at: now(),
    };
    if state.journal.write(&line) {
        state.parts.insert(part.clone());
    }
}

/// A line that says that a statement was prepared again, with the same answer.
fn again_as_before(part: &PartName, entry: &Entry) -> Line {
    Line::Entry {
        part: part.clone(),
        entry: Box::new(Entry {
            stmt: entry.stmt.clone(),
            protocol: entry.protocol,
            command: entry.command.clone(),
            ..Entry::default()
        }),
    }
}

/// To the millisecond.
fn now() -> Timestamp {
    let now = Timestamp::now();
    now.round(jiff::Unit::Millisecond).unwrap_or(now)
}

const MADE_BY: &str = concat!("mynah-relay ", env!("CARGO_PKG_VERSION"));

/// How many logins are distinguished.
const MOST_LOGINS: usize = 10_000;

/// How often an answer to a preparation is repeated before another one.
const MOST_AGAIN: usize = 10_000;

/// How many prepared statements are known to be recorded.
const MOST_PREPARED: usize = 1_000_000;
