use mynah_recording::Entry;
use mynah_relay::Decision;
use mynah_session::{Failure, Reply};

use crate::Replay;
use crate::effects::Effects;
use crate::kind::Kind;
use crate::standing::Standing;

/// Decides on the statements of one connection, whichever protocol it has.
#[derive(Debug)]
pub(crate) struct Deciding {
    replay: Replay,
    standing: Standing,
}

/// What becomes of a statement.
#[derive(Debug)]
pub(crate) enum Course {
    Pass,
    Answer(Box<Reply>),
    /// It is refused for this reason.
    Refuse(String),
}

impl Deciding {
    pub(crate) fn new(replay: Replay) -> Self {
        Self {
            replay,
            standing: Standing::default(),
        }
    }

    /// What a statement does.
    pub(crate) fn effects(&self, text: &str) -> Effects {
        Effects::of(text, self.replay.reading())
    }

    /// What a statement does of which only the beginning is known.
    pub(crate) fn effects_of_beginning(&self, text: &str) -> Effects {
        Effects::of_beginning(text, self.replay.reading())
    }

    /// The recorded answer to a statement, if there is one that can be played here.
    pub(crate) fn recorded(&self, entry: Entry) -> Option<Reply> {
        self.replay.answer(entry)
    }

    /// What becomes of a statement. `recorded` looks up its recorded answer, where that may be played.
    pub(crate) fn course(
        &self,
        effects: &Effects,
        text: &str,
        recorded: impl FnOnce() -> Option<Reply>,
    ) -> Course {
        let asks = effects.asks;
        let has_recorded = self.standing.has_recorded(asks);
        let lacks = self.replay.with_unplayed(|committed| {
            let statement = self.standing.lacks(effects, committed);
            statement.map(str::to_owned)
        });
        let changes_session = effects.kind == Kind::Session && lacks.is_none();
        // Only the server knows `LAST_INSERT_ID()` of a statement that it has run itself.
        let asks_server = asks.any() && (lacks.is_none() || effects.uses.is_none());
        if !has_recorded && (changes_session || asks_server) {
            return Course::Pass;
        }
        if let Some(reply) = recorded() {
            return Course::Answer(Box::new(reply));
        }
        // The server's answer could be wrong. An error is better than a wrong recording.
        match lacks {
            Some(earlier) => Course::Refuse(format!(
                "not recorded, and the server hasn't run an earlier statement, which the recording has answered ({}): {}",
                beginning(&earlier),
                beginning(text)
            )),
            None if has_recorded => Course::Refuse(format!(
                "not recorded, and the statement that it asks about was answered from the recording: {}",
                beginning(text)
            )),
            None => Course::Pass,
        }
    }

    /// Decides as `course` says, and notes it.
    pub(crate) fn take(&mut self, effects: &Effects, text: &str, course: Course) -> Decision {
        let standing = &mut self.standing;
        match course {
            Course::Pass => {
                let passed = |committed: &mut _| standing.note_passed(effects, committed);
                self.replay.with_unplayed(passed);
                Decision::Pass
            }
            Course::Answer(reply) => {
                self.replay.with_unplayed(|committed| {
                    standing.note_answered(effects, text, &reply, committed);
                });
                Decision::Answer(reply)
            }
            Course::Refuse(why) => refused(&why),
        }
    }

    /// Decides on a statement that can't be looked up.
    pub(crate) fn not_recorded(&mut self, effects: &Effects, text: &str) -> Decision {
        let course = self.course(effects, text, || None);
        self.take(effects, text, course)
    }
}

/// An error with this reason, and what to do.
pub(crate) fn refused(why: &str) -> Decision {
    let text = format!("{why}; record it anew with --record-mode all");
    Decision::Refuse(Failure::general(UNKNOWN_ERROR, text))
}

/// As much of a statement as an error shows.
pub(crate) fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(SHOWN))
        .unwrap_or_default()
}

/// As for statements that a mock can't answer: neither drivers nor pools take it for a reason to try again.
const UNKNOWN_ERROR: u16 = 1105;

/// How many bytes of a statement an error shows.
const SHOWN: usize = 1_000;
