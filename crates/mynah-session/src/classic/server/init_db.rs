//! COM_INIT_DB, which the handler may refuse.

use bytes::Bytes;
use mynah_classic::response::{SessionStateChange, SessionStateChanges};

use super::answer::Purpose;
use super::command_phase::LoggedIn;
use super::machine::{Action, Server, State};
use crate::{Completion, Failure, Outcome, Reply, SessionError, StatementCommand};

impl Server {
    pub(super) fn init_db(
        &mut self,
        state: LoggedIn,
        schema: Bytes,
    ) -> Result<State, SessionError> {
        if schema.is_empty() {
            self.exchange
                .send_failure(Failure::no_schema(), state.shared)?;
            return Ok(self.expect_command(state));
        }
        let statement = state.statement(StatementCommand::InitDb, schema.clone());
        self.actions.push_back(Action::AskCommand(statement));
        Ok(State::ExpectInitDb(state, schema))
    }

    pub(super) fn schema_answered(
        &mut self,
        mut state: LoggedIn,
        schema: Bytes,
        reply: Option<Reply>,
    ) -> Result<State, SessionError> {
        let change = SessionStateChange::Schema(schema.clone());
        let changes = SessionStateChanges::new([&change]);
        let outcome = match reply {
            None => {
                state.session.schema = Some(schema);
                self.login_version += 1;
                let completion = Completion {
                    session_state_changes: changes,
                    ..Completion::default()
                };
                self.send_ok(&state, &completion)?;
                return Ok(self.expect_command(state));
            }
            Some(reply) => reply.outcome,
        };
        let outcome = match outcome {
            Outcome::Ok(completion) if completion.session_state_changes.is_empty() => {
                Outcome::Ok(Completion {
                    session_state_changes: changes,
                    ..completion
                })
            }
            outcome @ (Outcome::Ok(_) | Outcome::Error(_)) => outcome,
            other => {
                self.drop_outcome(&other);
                let message = "COM_INIT_DB is answered with 'ok' or 'error'";
                Outcome::Error(Failure::general(1064, message))
            }
        };
        self.reply(state, Purpose::Query.into(), outcome.into())
    }
}
