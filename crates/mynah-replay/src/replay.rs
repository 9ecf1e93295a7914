use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynah_expect::{Reading, Statement, TEST_ID_KEY};
use mynah_recording::{Answer, Entry, PartName, ReadError, Recorded, Recording, Text};
use mynah_relay::{Gates, OpenPart};
use mynah_session::placeholders::Dialect;
use mynah_session::{Outcome, Reply};
use mynah_sql::Reading as SqlReading;

use crate::gate::ReplayGate;
use crate::unplayed::Unplayed;

/// A recording that answers clients of a proxy in place of the server, where it has an answer that can be played, over
/// both protocols. Statements about the session alone, such as SET, and those that aren't recorded go to the server. So
/// do statements that ask about one before them, such as `SELECT LAST_INSERT_ID()`, if the server has answered that one.
/// A statement that isn't recorded is refused if the server's answer could be wrong because the server hasn't run a
/// statement that the recording has answered. Clones share the recording, and which of its answers were given.
#[derive(Clone, Debug)]
pub struct Replay(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    played: Mutex<Played>,
    /// The part of statements that name none.
    open: OpenPart,
    /// How the recorded server reads statements.
    reading: SqlReading,
    /// The changes of committed transactions that the recording has answered, on all connections.
    unplayed: Mutex<Unplayed>,
}

#[derive(Debug)]
struct Played {
    recorded: Recorded,
    /// How often each part had begun when its statements were last looked up.
    begun: HashMap<PartName, u64>,
}

impl Replay {
    /// Reads a recording from a file. Statements of clients that have no id of a test are looked up in the part that
    /// `open` names at that time.
    ///
    /// # Errors
    /// If the file can't be read, or isn't a recording.
    pub fn read(path: &Path, open: OpenPart) -> Result<Self, ReadError> {
        Ok(Self::new(mynah_recording::read(path)?, open))
    }

    pub(crate) fn new(recording: Recording, open: OpenPart) -> Self {
        let server = recording.server.as_ref();
        let version = server.and_then(|server| server.version.as_deref());
        let reading = Dialect::of_version(version.unwrap_or_default().as_bytes()).into();
        Self(Arc::new(Inner {
            played: Mutex::new(Played {
                recorded: Recorded::new(recording),
                begun: HashMap::new(),
            }),
            open,
            reading,
            unplayed: Mutex::default(),
        }))
    }

    pub(crate) fn reading(&self) -> SqlReading {
        self.0.reading
    }

    /// Looks at the changes that all connections share.
    pub(crate) fn with_unplayed<T>(&self, look: impl FnOnce(&mut Unplayed) -> T) -> T {
        let unplayed = &self.0.unplayed;
        look(&mut unplayed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gates for a relay: they answer statements from the recording, let others pass to the server, or refuse them,
    /// as described for [`Replay`].
    #[must_use]
    pub fn gates(&self) -> Gates {
        let replay = self.clone();
        Gates::new(move |_connection| Some(Box::new(ReplayGate::new(replay.clone()))))
    }

    /// The recorded answer to a statement, if there is one that can be played here. The entry has no answers.
    pub(crate) fn answer(&self, mut entry: Entry) -> Option<Reply> {
        let mut id = None;
        if entry.stmt.as_str().contains(TEST_ID_KEY) {
            let (statement, named) =
                Statement::with_test_id(entry.stmt.as_str(), Reading::default());
            entry.stmt = Text::from(statement.text());
            id = named;
        }
        let part = id.map_or_else(|| self.0.open.name(), PartName);
        let answer = self.played().find(&part, &entry, &self.0.open)?;
        let json = serde_json::to_value(&*answer).ok()?;
        let reply = mynah_script::recorded_reply(&json)?;
        // A gate can't take the file that such an answer asks for.
        let asks_for_file = |outcome: &Outcome| matches!(outcome, Outcome::LocalInfile(_));
        let mut outcomes = std::iter::once(&reply.outcome).chain(&reply.more);
        (!outcomes.any(asks_for_file)).then_some(reply)
    }

    fn played(&self) -> MutexGuard<'_, Played> {
        self.0.played.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Played {
    /// The recorded answer to a statement of a part, which starts again at its first answers if it has begun again.
    fn find(&mut self, part: &PartName, entry: &Entry, open: &OpenPart) -> Option<Arc<Answer>> {
        let times = open.times_begun(part);
        if times != self.begun.get(part).copied().unwrap_or_default() {
            self.begun.insert(part.clone(), times);
            if !part.is_setup() {
                self.recorded.begin_part(part);
            }
        }
        self.recorded.find(part, entry)?.answer
    }
}
