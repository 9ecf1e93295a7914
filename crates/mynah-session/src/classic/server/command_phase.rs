use bytes::Bytes;
use mynah_classic::command::{ComChangeUser, ComQuery, Command, CommandCode, Parameters};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::compress::Algorithm;
use mynah_wire::{DecodeError, DecodeErrorKind, Message};

use super::administration::unknown_command;
use super::answer::Purpose;
use super::connection_phase::{ExpectAccount, FirstResponse, schema};
use super::machine::{Action, Server, State};
use super::result_set::ok_packet;
use super::statements::{self, Statements};
use crate::placeholders::Dialect;
use crate::{
    CharacterSets, Completion, Failure, Kill, Login, Param, SessionError, SessionState,
    StatementCommand,
};

/// What the greeting says of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Greeted {
    /// A reset of the session puts them back.
    pub(super) status_flags: StatusFlags,
    /// The collation of a client that names none.
    pub(super) default_collation: u16,
}

/// What holds from the login on.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) shared: Capabilities,
    pub(super) session: SessionState,
    pub(super) greeted: Greeted,
    pub(super) login: Login,
    /// The connection's number, as the client was told.
    pub(super) thread_id: u32,
    /// How its statements are read.
    pub(super) dialect: Dialect,
    pub(super) statements: Option<Box<Statements>>,
    /// How the connection will be compressed once the client is logged in, if it will.
    pub(super) compression: Option<Algorithm>,
}

impl LoggedIn {
    /// Takes over what an answer says of the session; whether the schema in use is another one then.
    pub(super) fn take_over(&mut self, completion: &Completion) -> bool {
        let schema = self.session.schema.clone();
        self.session.take_over(completion, self.dialect);
        self.read_by_status_flags();
        self.session.schema != schema
    }

    /// The session is as after the login, but for the schema, which a reset leaves.
    fn reset(&mut self) {
        let default = CharacterSets::all(self.greeted.default_collation);
        let character_sets = match self.dialect.is_mariadb {
            // Seen: MariaDB 10.11 goes back to the login's, MySQL 9.7 doesn't.
            true => self.character_sets(self.login.collation).unwrap_or(default),
            false => default,
        };
        self.session = SessionState::greeted(
            self.greeted.status_flags,
            character_sets,
            self.session.schema.take(),
        );
        self.read_by_status_flags();
    }

    /// The character sets of a login with this collation.
    fn character_sets(&self, collation: u16) -> Result<CharacterSets, Failure> {
        CharacterSets::of_login(collation, self.greeted.default_collation, self.dialect)
    }

    /// How statements are read follows from the status flags.
    fn read_by_status_flags(&mut self) {
        let flags = self.session.flags();
        self.dialect.no_backslash_escapes = flags.contains(StatusFlags::NO_BACKSLASH_ESCAPES);
        self.dialect.ansi_quotes = flags.contains(StatusFlags::ANSI_QUOTES);
    }

    /// How many warnings a command says that leaves none itself: MySQL's servers repeat what the last
    /// statement said, MariaDB's don't (seen: 9.7, 10.11).
    pub(super) fn warnings_before(&self) -> u16 {
        match self.dialect.is_mariadb {
            true => 0,
            false => self.session.warning_count,
        }
    }
}

impl Server {
    pub(super) fn command(
        &mut self,
        mut state: LoggedIn,
        payload: &Bytes,
    ) -> Result<State, SessionError> {
        let command = match Command::from_payload_lenient(payload, state.shared) {
            Ok((command, _rest)) => command,
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
            Command::Query(query) => return self.query(state, query),
            Command::StmtPrepare(command) => return Ok(self.prepare(state, command)),
            Command::StmtExecute(command) => return self.execute(state, &command),
            Command::StmtBulkExecute(command) => return self.bulk_execute(state, &command),
            Command::StmtFetch(command) => return self.stmt_fetch(state, command),
            Command::StmtReset(command) => return self.stmt_reset(state, command),
            Command::StmtClose(command) => self.stmt_close(&mut state, command.statement_id),
            Command::StmtSendLongData(piece) => {
                let limit = self.options.max_allowed_packet;
                if let Some(statements) = &mut state.statements {
                    statements.append(&piece, limit);
                }
            }
            Command::Ping(_) | Command::Refresh(_) => {
                self.send_ok(&state, &Completion::default())?;
            }
            Command::ResetConnection(_) => {
                self.drop_statements(&mut state);
                state.reset();
                self.actions.push_back(Action::Reset);
                self.send_ok(&state, &Completion::default())?;
            }
            Command::SetOption(command) => return self.set_option(state, command),
            Command::FieldList(command) => return Ok(self.field_list(state, command)),
            Command::Debug(_) => self.send_bare_eof(&state)?,
            Command::Statistics(_) => {
                self.actions.push_back(Action::AskStatistics);
                return Ok(State::ExpectStatistics(state));
            }
            Command::ProcessInfo(_) => {
                self.actions.push_back(Action::AskProcesses);
                return Ok(State::ExpectProcesses(state));
            }
            Command::ProcessKill(command) => {
                return self.kill(state, Kill::connection(command.connection_id));
            }
            Command::Shutdown(_) => {
                let failure = Failure::access_denied("SHUTDOWN");
                self.exchange.send_failure(failure, state.shared)?;
            }
            Command::RegisterSlave(command) => {
                let name = command.slaves_hostname;
                return Ok(self.replicate(state, StatementCommand::RegisterReplica, name));
            }
            Command::BinlogDump(command) => {
                let name = command.binlog_filename;
                return Ok(self.replicate(state, StatementCommand::BinlogDump, name));
            }
            Command::BinlogDumpGtid(command) => {
                let name = command.binlog_filename;
                return Ok(self.replicate(state, StatementCommand::BinlogDump, name));
            }
            Command::ChangeUser(change) => return self.change_user(state, change),
            Command::InitDb(command) => return self.init_db(state, command.schema_name),
            command if is_unanswered(command.code()) => {}
            command => {
                let code = command.code().0;
                let failure = Failure::general(1064, format!("Unsupported command: {code}"));
                self.exchange.send_failure(failure, state.shared)?;
            }
        }
        Ok(self.expect_command(state))
    }

    fn query(&mut self, state: LoggedIn, query: ComQuery) -> Result<State, SessionError> {
        let mut statement = state.statement(StatementCommand::Query, query.query);
        if !query.attributes.is_empty() {
            match attributes(&query.attributes) {
                Ok(attributes) => statement.attributes = attributes,
                Err(failure) => {
                    self.exchange.send_failure(failure, state.shared)?;
                    return Ok(self.expect_command(state));
                }
            }
        }
        self.actions.push_back(Action::AskReply(statement));
        Ok(State::ExpectReply(state, Purpose::Query.into()))
    }

    fn replicate(&mut self, state: LoggedIn, command: StatementCommand, name: Bytes) -> State {
        let statement = state.statement(command, name);
        self.actions.push_back(Action::AskReplication(statement));
        State::ExpectReply(state, Purpose::Query.into())
    }

    /// Somebody else wants to log in. The nonce of the greeting has been used, so the client gets a
    /// fresh one unless it knows of none.
    fn change_user(
        &mut self,
        mut state: LoggedIn,
        change: ComChangeUser,
    ) -> Result<State, SessionError> {
        self.drop_statements(&mut state);
        let character_sets = match state.character_sets(change.character_set) {
            Ok(character_sets) => character_sets,
            Err(failure) => return self.refuse(failure, state.shared),
        };
        let login = Login {
            username: change.user,
            schema: schema(change.schema_name),
            collation: change.character_set,
            attributes: change.attributes,
            capabilities: state.shared,
            peer: self.options.peer,
            tls: state.login.tls.take(),
        };
        self.actions.push_back(Action::AskNonce);
        self.actions.push_back(Action::AskAccount(login.clone()));
        let flags = state.greeted.status_flags;
        let session = SessionState::greeted(flags, character_sets, login.schema.clone());
        let mut pending = LoggedIn {
            login,
            session,
            ..state
        };
        pending.read_by_status_flags();
        Ok(State::ExpectAccount(ExpectAccount {
            pending,
            first: FirstResponse {
                greeted: None,
                auth_response: change.auth_response,
                plugin_name: change.auth_plugin_name,
            },
        }))
    }

    /// Sends the OK of a command that no handler answers.
    pub(super) fn send_ok(
        &mut self,
        state: &LoggedIn,
        completion: &Completion,
    ) -> Result<(), SessionError> {
        let mut packet = ok_packet(completion, &state.session, state.shared);
        packet.warnings = state.warnings_before();
        self.exchange.send(&packet, state.shared)?;
        Ok(())
    }

    pub(super) fn expect_command(&mut self, state: LoggedIn) -> State {
        self.exchange.start_command();
        State::ExpectCommand(state)
    }
}

/// The attributes of a query.
fn attributes(parameters: &Parameters) -> Result<Vec<Param>, Failure> {
    if parameters.len() > u64::from(u16::MAX) {
        return Err(Failure::general(
            1835,
            "Malformed communication packet: too many attributes",
        ));
    }
    parameters
        .iter()
        .map(|parameter| Param::received(parameter?, None))
        .collect::<Result<_, _>>()
        .map_err(|error| statements::malformed(&error))
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
        return unknown_command();
    }
    let is_change_user = payload.first() == Some(&CommandCode::CHANGE_USER.0);
    if is_change_user && matches!(error.kind, DecodeErrorKind::Unterminated { .. }) {
        return Failure::general(1064, "change-user: missing nul-terminator");
    }
    statements::malformed(error)
}
