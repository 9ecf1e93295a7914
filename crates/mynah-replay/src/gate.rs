use std::collections::HashSet;

use mynah_recording::Param;
use mynah_relay::{Decision, Gate, GateCommand};
use mynah_session::Failure;

use crate::Replay;
use crate::kind::{Kind, asks_about_last};
use crate::standing::Standing;

/// Decides for one connection what is answered from the recording.
#[derive(Debug)]
pub(crate) struct ReplayGate {
    replay: Replay,
    standing: Standing,
    /// Prepared statements whose parameters' types only the gate has seen.
    typed_here: HashSet<u32>,
    /// Prepared statements for which the server has got values in pieces.
    has_pieces: HashSet<u32>,
}

impl ReplayGate {
    pub(crate) fn new(replay: Replay) -> Self {
        Self {
            replay,
            standing: Standing::default(),
            typed_here: HashSet::new(),
            has_pieces: HashSet::new(),
        }
    }

    /// Decides on a statement that is sent as text.
    fn query(&mut self, text: &str) -> Decision {
        let kind = Kind::of(text);
        if self.is_for_server(kind, text) {
            return Decision::Pass;
        }
        match self.replay.answer(text, None) {
            Some(reply) => self.answered(kind, text, reply),
            None => self.not_recorded(text),
        }
    }

    /// Decides on an execution of a prepared statement, which the server has prepared.
    fn execute(&mut self, text: &str, execution: Execution) -> Decision {
        let Execution {
            id,
            has_types,
            params,
        } = execution;
        let kind = Kind::of(text);
        // Values in pieces aren't known here, and the server has them for this execution.
        let has_pieces = self.has_pieces.remove(&id);
        let is_for_server = self.is_for_server(kind, text);
        let params = params.filter(|_| !is_for_server && !has_pieces);
        let reply = params.and_then(|params| self.replay.answer(text, Some(params)));
        if let Some(reply) = reply {
            if has_types {
                self.typed_here.insert(id);
            }
            return self.answered(kind, text, reply);
        }
        if has_types {
            self.typed_here.remove(&id);
        }
        if self.typed_here.contains(&id) {
            return refused(format!(
                "not answered from the recording, and the server doesn't know the types of its parameters, which \
                 came with an execution that the recording has answered: {text}; {AGAIN}"
            ));
        }
        match is_for_server {
            true => Decision::Pass,
            false => self.not_recorded(text),
        }
    }

    /// Whether a statement isn't answered from the recording, even if the recording has it. The session's state is
    /// noted.
    fn is_for_server(&mut self, kind: Kind, text: &str) -> bool {
        if kind == Kind::Session {
            self.standing.note_session(text);
            return true;
        }
        // Only the server knows `LAST_INSERT_ID()` of a statement that it has run itself.
        asks_about_last(text) && !self.standing.last_is_recorded
    }

    fn answered(&mut self, kind: Kind, text: &str, reply: mynah_session::Reply) -> Decision {
        if kind == Kind::Changing {
            self.standing.note_answered_change(text);
        }
        self.standing.last_is_recorded = true;
        Decision::answer(reply)
    }

    fn not_recorded(&mut self, text: &str) -> Decision {
        // The server lacks a change that this connection would see, so its answer could be wrong. An error is
        // better than a wrong recording.
        if let Some(earlier) = self.standing.unplayed() {
            return refused(format!(
                "not recorded, and the server hasn't run an earlier statement of this connection, which the recording \
                 has answered ({earlier}): {text}; {AGAIN}"
            ));
        }
        if self.standing.last_is_recorded && asks_about_last(text) {
            return refused(format!(
                "not recorded, and the statement before it was answered from the recording: {text}; {AGAIN}"
            ));
        }
        self.standing.last_is_recorded = false;
        Decision::Pass
    }
}

impl Gate for ReplayGate {
    fn decide(&mut self, command: &GateCommand<'_>) -> Decision {
        match (command.name(), command.statement(), command.statement_id()) {
            (Some("COM_QUERY"), Some(text), _) if command.is_whole() => {
                self.query(&String::from_utf8_lossy(text))
            }
            (Some("COM_STMT_EXECUTE"), Some(text), Some(id)) => {
                let execution = Execution {
                    id,
                    has_types: command.has_types(),
                    params: command.params(),
                };
                self.execute(&String::from_utf8_lossy(text), execution)
            }
            (Some("COM_STMT_SEND_LONG_DATA"), _, Some(id)) => {
                self.has_pieces.insert(id);
                Decision::Pass
            }
            (Some("COM_STMT_RESET" | "COM_STMT_CLOSE"), _, Some(id)) => {
                self.has_pieces.remove(&id);
                Decision::Pass
            }
            (Some("COM_RESET_CONNECTION" | "COM_CHANGE_USER"), ..) => {
                // The server frees prepared statements and forgets the session's state, so the gate forgets them
                // as well.
                *self = Self::new(self.replay.clone());
                Decision::Pass
            }
            // Names of the classic protocol begin with `COM_`, so this is a command of the X Protocol.
            (Some(name), ..) if !name.starts_with("COM_") => refused(format!(
                "a recording is added to by the classic protocol only, not by the X Protocol; {AGAIN}"
            )),
            _ => Decision::Pass,
        }
    }
}

/// An execution of a prepared statement.
struct Execution {
    /// The statement's id.
    id: u32,
    /// Whether the values can be read without an earlier execution.
    has_types: bool,
    /// The values; `None` if they aren't known here.
    params: Option<Vec<Param>>,
}

fn refused(why: String) -> Decision {
    Decision::Refuse(Failure::general(UNKNOWN_ERROR, why))
}

const AGAIN: &str = "record it anew with --record-mode all";

/// As for statements that a mock can't answer: neither drivers nor pools take it for a reason to try again.
const UNKNOWN_ERROR: u16 = 1105;

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDING: &str = r#"{
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
        "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
            {"stmt": "insert into t values (1)", "answers": [{"ok": {"last_insert_id": 3}}]},
            {"stmt": "select last_insert_id()", "answers": [{"ok": {}}]},
            {"stmt": "select last_insert_id() + 2", "answers": [{"ok": {}}]}
        ]}}
    }"#;

    fn gate() -> ReplayGate {
        let recording = serde_json::from_str(RECORDING).unwrap();
        ReplayGate::new(Replay::new(recording, mynah_relay::OpenPart::default()))
    }

    /// Executes a prepared statement that has these values.
    fn execute(
        gate: &mut ReplayGate,
        text: &str,
        has_types: bool,
        params: Vec<Param>,
    ) -> &'static str {
        let execution = Execution {
            id: 1,
            has_types,
            params: Some(params),
        };
        in_word(&gate.execute(text, execution))
    }

    fn in_word(decision: &Decision) -> &'static str {
        match decision {
            Decision::Pass => "pass",
            Decision::Answer(_) => "answer",
            Decision::Refuse(_) => "refuse",
            _ => "other",
        }
    }

    const ASKS: &str = "select last_insert_id()";

    #[test]
    fn a_question_about_the_last_statement_goes_where_that_statement_went() {
        for (last, decision) in [
            ("insert into t values (1)", "answer"),
            ("insert into t values (2)", "pass"),
            ("set autocommit = 1", "pass"),
        ] {
            let mut gate = gate();
            assert_eq!(in_word(&gate.query(last)), decision, "{last}");
            assert_eq!(in_word(&gate.query(ASKS)), decision, "text after {last}");
            let mut gate = self::gate();
            gate.query(last);
            let executed = execute(&mut gate, ASKS, true, Vec::new());
            assert_eq!(executed, decision, "execution after {last}");
        }
    }

    #[test]
    fn a_question_whose_types_the_server_lacks_is_refused() {
        let asks = "select last_insert_id() + ?";
        let two = || vec![serde_json::from_str("2").unwrap()];
        let mut gate = gate();
        gate.query("insert into t values (1)");
        assert_eq!(execute(&mut gate, asks, true, two()), "answer");
        gate.query("insert into t values (2)");
        assert_eq!(execute(&mut gate, asks, false, two()), "refuse");
        assert_eq!(execute(&mut gate, asks, true, two()), "pass");
        assert_eq!(execute(&mut gate, asks, false, two()), "pass");
    }
}
