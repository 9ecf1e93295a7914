use mynah_recording::Entry;
use mynah_relay::Decision;
use mynah_session::{Failure, Reply};

use crate::Replay;
use crate::kind::{Asks, Kind};
use crate::standing::Standing;

/// Decides on the statements of one connection, whichever protocol it has.
#[derive(Debug)]
pub(crate) struct Deciding {
    replay: Replay,
    standing: Standing,
}

impl Deciding {
    pub(crate) fn new(replay: Replay) -> Self {
        Self {
            replay,
            standing: Standing::default(),
        }
    }

    /// Whether a statement isn't answered from the recording, even if the recording has it.
    pub(crate) fn is_for_server(&self, kind: Kind, text: &str) -> bool {
        // Only the server knows `LAST_INSERT_ID()` of a statement that it has run itself.
        let asks = Asks::of(text);
        kind == Kind::Session || (asks.any() && !self.standing.has_recorded(asks))
    }

    /// The recorded answer to a statement, if there is one that can be played here.
    pub(crate) fn recorded(&self, entry: Entry) -> Option<Reply> {
        self.replay.answer(entry)
    }

    /// A statement is answered from the recording.
    pub(crate) fn answered(&mut self, kind: Kind, text: &str, reply: Reply) -> Decision {
        self.standing.note_answered(kind, text, &reply);
        Decision::answer(reply)
    }

    /// A statement goes to the server, which the recording doesn't answer in any case.
    pub(crate) fn passed(&mut self, kind: Kind, text: &str) -> Decision {
        self.standing.note_passed(kind, text);
        Decision::Pass
    }

    /// A statement goes to the server because it isn't recorded, unless the server can't give the right answer.
    pub(crate) fn not_recorded(&mut self, kind: Kind, text: &str) -> Decision {
        // The server lacks a change that this connection would see, so its answer could be wrong. An error is
        // better than a wrong recording.
        if let Some(earlier) = self.standing.unplayed() {
            return refused(&format!(
                "not recorded, and the server hasn't run an earlier statement of this connection, which the recording \
                 has answered ({}): {}",
                beginning(earlier),
                beginning(text)
            ));
        }
        if self.standing.has_recorded(Asks::of(text)) {
            return refused(&format!(
                "not recorded, and the statement that it asks about was answered from the recording: {}",
                beginning(text)
            ));
        }
        self.passed(kind, text)
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
