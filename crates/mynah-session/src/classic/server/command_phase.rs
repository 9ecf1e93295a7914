use bytes::Bytes;
use mynah_classic::command::{ComChangeUser, Command, CommandCode};
use mynah_classic::response::{OkPacket, SessionStateChange, SessionStateChanges, SqlState};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::{DecodeError, DecodeErrorKind, Message};

use super::connection_phase::{ExpectAccount, FirstResponse, schema};
use super::machine::{Action, Server, State};
pub(super) use super::result_set::Sending;
use super::result_set::{ok_packet, send_head};
use crate::{Completion, Failure, Login, Outcome, Reply, SessionError, Statement};

/// What holds from the login on.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) shared: Capabilities,
    /// State of the session, said by what no handler answers.
    pub(super) status_flags: StatusFlags,
    pub(super) login: Login,
}

impl Server {
    pub(super) fn command(
        &mut self,
        mut state: LoggedIn,
        payload: &Bytes,
    ) -> Result<State, SessionError> {
        let command = match Command::from_payload(payload, state.shared) {
            Ok(command) => command,
            // To these a client expects no answer, not even an error.
            Err(_)
                if payload
                    .first()
                    .is_some_and(|code| is_unanswered(CommandCode(*code))) =>
            {
                return Ok(self.expect_command(state));
            }
            // Packets are still whole, so the session can go on, as it does with a server.
            Err(error) => {
                let failure = malformed(payload, &error);
                self.exchange.send_failure(failure, state.shared)?;
                return Ok(self.expect_command(state));
            }
        };
        match command {
            Command::Quit(_) => {
                self.actions.push_back(Action::Close);
                return Ok(State::Closed);
            }
            Command::Query(query) => {
                let statement = Statement::query(query.query);
                self.actions.push_back(Action::AskReply(statement));
                return Ok(State::ExpectReply(state));
            }
            Command::Ping(_) | Command::ResetConnection(_) => {
                self.send_ok(&state, &Completion::default())?;
            }
            Command::ChangeUser(change) => return Ok(self.change_user(state, change)),
            Command::InitDb(command) => {
                let change = SessionStateChange::Schema(command.schema_name.clone());
                state.login.schema = Some(command.schema_name);
                self.login_version += 1;
                let completion = Completion {
                    session_state_changes: SessionStateChanges::new([&change]),
                    ..Completion::default()
                };
                self.send_ok(&state, &completion)?;
            }
            command if is_unanswered(command.code()) => {}
            command => {
                let code = command.code().0;
                let failure = Failure::general(1064, format!("Unsupported command: {code}"));
                self.exchange.send_failure(failure, state.shared)?;
            }
        }
        Ok(self.expect_command(state))
    }

    /// Somebody else wants to log in. The nonce of the greeting has been used, so the client gets a
    /// fresh one unless it knows of none.
    fn change_user(&mut self, state: LoggedIn, change: ComChangeUser) -> State {
        let login = Login {
            username: change.user,
            schema: schema(change.schema_name),
            tls: state.login.tls,
        };
        self.actions.push_back(Action::AskNonce);
        self.actions.push_back(Action::AskAccount(login.clone()));
        State::ExpectAccount(ExpectAccount {
            pending: LoggedIn { login, ..state },
            first: FirstResponse {
                greeted: None,
                auth_response: change.auth_response,
                plugin_name: change.auth_plugin_name,
            },
        })
    }

    pub(super) fn reply(&mut self, state: LoggedIn, reply: Reply) -> Result<State, SessionError> {
        // A command of many packets moves the numbers of its answer.
        let encodings = reply
            .encodings
            .filter(|_| self.exchange.is_numbered_from(1));
        if let Some(packets) = encodings.as_ref().and_then(|kept| kept.get(state.shared)) {
            self.exchange.output.extend_from_slice(packets);
            return Ok(self.expect_command(state));
        }
        let (start, shared) = (self.exchange.output.len(), state.shared);
        let next = self.send_outcome(state, reply.outcome)?;
        if let (Some(encodings), State::ExpectCommand(_)) = (encodings, &next) {
            encodings.keep(
                shared,
                self.exchange.output.get(start..).unwrap_or_default(),
            );
        }
        Ok(next)
    }

    fn send_outcome(&mut self, state: LoggedIn, outcome: Outcome) -> Result<State, SessionError> {
        match outcome {
            Outcome::Error(failure) => self.exchange.send_failure(failure, state.shared)?,
            Outcome::Ok(completion) => {
                self.exchange
                    .send(&ok_packet(&completion, state.shared), state.shared)?;
            }
            Outcome::Rows(result) => {
                let sending = send_head(&mut self.exchange, result, state.shared)?;
                return self.send_rows(state, sending);
            }
        }
        Ok(self.expect_command(state))
    }

    pub(super) fn send_rows(
        &mut self,
        state: LoggedIn,
        mut sending: Sending,
    ) -> Result<State, SessionError> {
        if sending.send(&mut self.exchange, state.shared)? {
            return Ok(self.expect_command(state));
        }
        self.actions.push_back(Action::Flush);
        Ok(State::ExpectFlushed(state, sending))
    }

    /// Sends the OK of a command that no handler answers.
    fn send_ok(&mut self, state: &LoggedIn, completion: &Completion) -> Result<(), SessionError> {
        let mut packet: OkPacket = ok_packet(completion, state.shared);
        packet.status_flags |= state.status_flags;
        self.exchange.send(&packet, state.shared)?;
        Ok(())
    }

    fn expect_command(&mut self, state: LoggedIn) -> State {
        self.exchange.start_command();
        State::ExpectCommand(state)
    }
}

/// Whether a client expects no answer to a command.
fn is_unanswered(code: CommandCode) -> bool {
    matches!(
        code,
        CommandCode::STMT_CLOSE | CommandCode::STMT_SEND_LONG_DATA
    )
}

/// What is said of a command that can't be understood.
fn malformed(payload: &[u8], error: &DecodeError) -> Failure {
    if payload.is_empty() {
        return Failure {
            code: 1047,
            sql_state: SqlState(*b"08S01"),
            message: "Unknown command".into(),
        };
    }
    let is_change_user = payload.first() == Some(&CommandCode::CHANGE_USER.0);
    if is_change_user && matches!(error.kind, DecodeErrorKind::Unterminated { .. }) {
        return Failure::general(1064, "change-user: missing nul-terminator");
    }
    Failure::general(1835, format!("Malformed communication packet: {error}"))
}
