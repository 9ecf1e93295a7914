use std::collections::HashSet;

use mynah_recording::{Entry, Param, Text};
use mynah_relay::{Decision, GateCommand};

use crate::deciding::{Course, Deciding, beginning, refused};
use crate::effects::Effects;

/// What of the prepared statements of a connection only the gate, or only the server, knows.
#[derive(Debug, Default)]
pub(crate) struct Classic {
    /// Prepared statements whose parameters' types only the gate has seen.
    typed_here: HashSet<u32>,
    /// Prepared statements for which the server has got values in pieces.
    has_pieces: HashSet<u32>,
}

impl Classic {
    pub(crate) fn decide(
        &mut self,
        command: &GateCommand<'_>,
        deciding: &mut Deciding,
    ) -> Decision {
        match (command.name(), command.statement(), command.statement_id()) {
            (Some("COM_QUERY"), Some(text), _) => {
                let text = String::from_utf8_lossy(text);
                match command.is_whole() {
                    true => query(&text, deciding),
                    false => long(&text, deciding),
                }
            }
            (Some("COM_STMT_EXECUTE"), Some(text), Some(id)) => {
                let execution = Execution {
                    id,
                    has_types: command.has_types(),
                    params: command.params(),
                };
                self.execute(&String::from_utf8_lossy(text), execution, deciding)
            }
            (Some("COM_STMT_BULK_EXECUTE"), ..) => deciding.not_recorded(
                &Effects::unknown(),
                "a bulk execution of a prepared statement",
            ),
            (Some("COM_STMT_SEND_LONG_DATA"), _, Some(id)) => {
                self.has_pieces.insert(id);
                Decision::Pass
            }
            (Some("COM_STMT_RESET" | "COM_STMT_CLOSE"), _, Some(id)) => {
                self.has_pieces.remove(&id);
                Decision::Pass
            }
            _ => Decision::Pass,
        }
    }

    /// Decides on an execution of a prepared statement, which the server has prepared.
    fn execute(&mut self, text: &str, execution: Execution, deciding: &mut Deciding) -> Decision {
        let Execution {
            id,
            has_types,
            params,
        } = execution;
        let effects = deciding.effects(text);
        // Values in pieces aren't known here, and the server has them for this execution.
        let has_pieces = self.has_pieces.remove(&id);
        let params = params.filter(|_| !has_pieces);
        let course = deciding.course(&effects, text, || {
            params.and_then(|params| deciding.recorded(entry(text, Some(params))))
        });
        match course {
            Course::Answer(_) if has_types => drop(self.typed_here.insert(id)),
            Course::Answer(_) => {}
            _ if has_types => drop(self.typed_here.remove(&id)),
            _ if self.typed_here.contains(&id) => {
                return refused(&format!(
                    "not answered from the recording, and the server doesn't know the types of its parameters, which \
                     came with an execution that the recording has answered: {}",
                    beginning(text)
                ));
            }
            _ => {}
        }
        deciding.take(&effects, text, course)
    }
}

/// Decides on a statement that is sent as text.
fn query(text: &str, deciding: &mut Deciding) -> Decision {
    let effects = deciding.effects(text);
    let course = deciding.course(&effects, text, || deciding.recorded(entry(text, None)));
    deciding.take(&effects, text, course)
}

/// Decides on a statement of which only the beginning is known.
fn long(text: &str, deciding: &mut Deciding) -> Decision {
    let effects = deciding.effects_of_beginning(text);
    deciding.not_recorded(&effects, text)
}

fn entry(text: &str, params: Option<Vec<Param>>) -> Entry {
    Entry {
        stmt: Text::from(text),
        params,
        ..Entry::default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Replay;

    const RECORDING: &str = r#"{
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
        "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
            {"stmt": "insert into t values (1)", "answers": [{"ok": {"last_insert_id": 3}}]},
            {"stmt": "select 1", "answers": [{"ok": {}}]},
            {"stmt": "select last_insert_id()", "answers": [{"ok": {}}]},
            {"stmt": "select row_count()", "answers": [{"ok": {}}]},
            {"stmt": "set @n = last_insert_id()", "answers": [{"ok": {}}]},
            {"stmt": "select last_insert_id() + 2", "answers": [{"ok": {}}]}
        ]}}
    }"#;

    /// The statements of one connection.
    struct Talk {
        classic: Classic,
        deciding: Deciding,
    }

    impl Talk {
        fn new() -> Self {
            Self::of(&Self::replay())
        }

        fn replay() -> Replay {
            let recording = serde_json::from_str(RECORDING).unwrap();
            Replay::new(recording, mynah_relay::OpenPart::default())
        }

        /// A connection of a proxy that plays this.
        fn of(replay: &Replay) -> Self {
            Self {
                classic: Classic::default(),
                deciding: Deciding::new(replay.clone()),
            }
        }

        fn query(&mut self, text: &str) -> &'static str {
            in_word(&query(text, &mut self.deciding))
        }

        fn long(&mut self, text: &str) -> &'static str {
            in_word(&long(text, &mut self.deciding))
        }

        /// Executes a prepared statement that has these values.
        fn execute(&mut self, text: &str, has_types: bool, params: Vec<Param>) -> &'static str {
            let execution = Execution {
                id: 1,
                has_types,
                params: Some(params),
            };
            in_word(&self.classic.execute(text, execution, &mut self.deciding))
        }
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
            let mut talk = Talk::new();
            assert_eq!(talk.query(last), decision, "{last}");
            assert_eq!(talk.query(ASKS), decision, "text after {last}");
            let mut talk = Talk::new();
            talk.query(last);
            let executed = talk.execute(ASKS, true, Vec::new());
            assert_eq!(executed, decision, "execution after {last}");
        }
    }

    #[test]
    fn the_last_insert_id_is_that_of_the_last_insert_and_not_of_what_was_read_since() {
        let [recorded, new] = ["insert into t values (1)", "insert into u values (2)"];
        for (statements, decision) in [
            (&[recorded, "select 2"][..], "answer"),
            (&[recorded, "set names utf8mb4"], "answer"),
            (&[recorded, new], "pass"),
            (&[new, "select 1"], "pass"),
            (&[new, recorded], "answer"),
        ] {
            let mut talk = Talk::new();
            for statement in statements {
                talk.query(statement);
            }
            assert_eq!(talk.query(ASKS), decision, "{statements:?}");
        }
        // The number of rows is that of the last statement, whatever it was.
        let mut talk = Talk::new();
        talk.query(recorded);
        assert_eq!(talk.query("select row_count()"), "answer");
        assert_eq!(talk.query("select 2"), "pass");
        assert_eq!(talk.query("select row_count()"), "pass");
    }

    #[test]
    fn after_a_change_that_the_recording_has_answered_the_server_is_not_asked_about_its_table() {
        let replay = Talk::replay();
        let (mut one, mut other) = (Talk::of(&replay), Talk::of(&replay));
        assert_eq!(other.query("select * from t"), "pass");
        assert_eq!(one.query("insert into t values (1)"), "answer");
        for talk in [&mut one, &mut other] {
            for (statement, decision) in [
                ("select count(*) from t", "refuse"),
                ("insert into T values (2)", "refuse"),
                ("set @n = (select count(*) from t)", "refuse"),
                ("select * from information_schema.tables", "refuse"),
                ("call p()", "refuse"),
                ("select count(*) from u", "pass"),
                ("insert into t values (1)", "answer"),
                ("set names utf8mb4", "pass"),
            ] {
                assert_eq!(talk.query(statement), decision, "{statement}");
            }
        }
        // Not before it is committed, and only if it is.
        let replay = Talk::replay();
        let (mut one, mut other) = (Talk::of(&replay), Talk::of(&replay));
        for (end, decision) in [("rollback", "pass"), ("commit", "refuse")] {
            assert_eq!(one.query("begin"), "pass");
            assert_eq!(one.query("insert into t values (1)"), "answer");
            assert_eq!(one.query("select * from u"), "refuse");
            assert_eq!(other.query("select * from t"), "pass");
            assert_eq!(one.query(end), "pass");
            assert_eq!(one.query("select * from u"), "pass");
            assert_eq!(one.query("select * from t"), decision, "{end}");
            assert_eq!(other.query("select * from t"), decision, "{end}");
        }
    }

    #[test]
    fn names_in_double_quotes_are_names_of_tables() {
        let mut talk = Talk::new();
        assert_eq!(talk.query("set sql_mode = 'ANSI_QUOTES'"), "pass");
        assert_eq!(talk.query("insert into t values (1)"), "answer");
        assert_eq!(talk.query("select count(*) from \"t\""), "refuse");
        assert_eq!(talk.query("select * from u where a = \"t\""), "pass");
    }

    #[test]
    fn a_variable_is_not_set_to_what_the_server_does_not_know() {
        let mut talk = Talk::new();
        let set = "set @id = last_insert_id()";
        assert_eq!(talk.query(set), "pass");
        talk.query("insert into t values (1)");
        assert_eq!(talk.query(set), "refuse");
        assert_eq!(talk.query("set @n = last_insert_id()"), "answer");
        assert_eq!(talk.query("select @n"), "refuse");
    }

    #[test]
    fn a_statement_that_is_too_long_to_look_up_is_one_that_is_not_recorded() {
        let mut talk = Talk::new();
        assert_eq!(talk.query("begin"), "pass");
        assert_eq!(talk.long("insert into t values (1)"), "pass");
        assert_eq!(talk.query(ASKS), "pass");
        assert_eq!(talk.query("insert into t values (1)"), "answer");
        assert_eq!(talk.long("select 'xxx"), "refuse");
        for long in [
            "begin; insert into t values ('xxx",
            "set foreign_key_checks = 0; insert into t values ('xxx",
            // What follows may have a subquery.
            "set @a = 'xxx",
        ] {
            assert_eq!(talk.long(long), "refuse", "{long}");
        }
        assert_eq!(talk.long("commit /* xxx"), "pass");
    }

    #[test]
    fn a_question_whose_types_the_server_lacks_is_refused() {
        let asks = "select last_insert_id() + ?";
        let two = || vec![serde_json::from_str("2").unwrap()];
        let mut talk = Talk::new();
        talk.query("insert into t values (1)");
        assert_eq!(talk.execute(asks, true, two()), "answer");
        assert_eq!(talk.query("insert into u values (2)"), "pass");
        assert_eq!(talk.execute(asks, false, two()), "refuse");
        assert_eq!(talk.execute(asks, true, two()), "pass");
        assert_eq!(talk.execute(asks, false, two()), "pass");
    }
}
