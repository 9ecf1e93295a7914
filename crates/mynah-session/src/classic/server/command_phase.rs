//! The commands of a client that is logged in.

use bytes::Bytes;
use mynah_classic::command::{ComChangeUser, ComQuery, Command, CommandCode, Parameters};
use mynah_classic::error_code;
use mynah_wire::{DecodeError, DecodeErrorKind, Message, Reader};

use super::administration::{self, unknown_command};
use super::connecting::FirstResponse;
use super::core::Core;
use super::event::Action;
use super::greeting::schema;
use super::logged_in::LoggedIn;
use super::statements;
use super::waiting::{Next, Purpose, Waiting};
use super::{bulk, init_db, kill, prepared};
use crate::{Completion, Failure, Kill, Login, Param, Question, SessionError, StatementCommand};

/// Takes a command.
pub(super) fn command(
    session: &mut LoggedIn,
    core: &mut Core,
    payload: &Bytes,
) -> Result<Next, SessionError> {
    // Bytes behind a command are of no interest, as for servers.
    let command = match Command::decode(&mut Reader::new(payload), session.shared) {
        Ok(command) => command,
        // To these a client expects no answer, not even an error.
        Err(_)
            if payload
                .first()
                .is_some_and(|code| is_unanswered(CommandCode(*code))) =>
        {
            return Ok(Next::command(core));
        }
        // Packets are still whole, so the session can go on, as it does with a server.
        Err(error) => {
            session.send_failure(core, malformed(payload, &error))?;
            return Ok(Next::command(core));
        }
    };
    match command {
        Command::Quit(_) => {
            core.close();
            return Ok(Next::Closed);
        }
        Command::Query(command) => return query(session, core, command),
        Command::StmtPrepare(command) => return Ok(prepared::prepare(session, core, command)),
        Command::StmtExecute(command) => return prepared::execute(session, core, &command),
        Command::StmtBulkExecute(command) => return bulk::execute(session, core, &command),
        Command::StmtFetch(command) => return prepared::fetch(session, core, command),
        Command::StmtReset(command) => prepared::reset(session, core, command)?,
        Command::StmtClose(command) => prepared::close(session, core, command.statement_id),
        Command::StmtSendLongData(piece) => {
            if let Some(statements) = &mut session.statements {
                statements.append(&piece, core.options.max_allowed_packet);
            }
        }
        Command::ResetConnection(_) => {
            // As a server: prepared statements, session state and user variables go, the login and the schema
            // stay ("COM_RESET_CONNECTION").
            session.drop_statements(core);
            session.reset();
            core.actions.push_back(Action::Reset);
            session.send_ok(core, &Completion::default())?;
        }
        Command::FieldList(command) => {
            let statement = session.statement(StatementCommand::FieldList, command.table);
            core.ask(Question::Fields(statement));
            return Ok(Next::Wait(Waiting::Fields));
        }
        Command::Statistics(_) => {
            core.ask(Question::Statistics);
            return Ok(Next::Wait(Waiting::Statistics));
        }
        Command::ProcessInfo(_) => {
            core.ask(Question::Processes);
            return Ok(Next::Wait(Waiting::Processes));
        }
        Command::ProcessKill(command) => {
            return kill::kill(session, core, Kill::connection(command.connection_id));
        }
        Command::RegisterSlave(command) => {
            let name = command.slaves_hostname;
            return Ok(replicate(
                session,
                core,
                StatementCommand::RegisterReplica,
                name,
            ));
        }
        Command::BinlogDump(command) => {
            let name = command.binlog_filename;
            return Ok(replicate(session, core, StatementCommand::BinlogDump, name));
        }
        Command::BinlogDumpGtid(command) => {
            let name = command.binlog_filename;
            return Ok(replicate(session, core, StatementCommand::BinlogDump, name));
        }
        Command::ChangeUser(change) => return change_user(session, core, change),
        Command::InitDb(command) => return init_db::ask(session, core, command.schema_name),
        command if is_unanswered(command.code()) => {}
        command => return administration::command(session, core, command),
    }
    Ok(Next::command(core))
}

fn query(session: &LoggedIn, core: &mut Core, query: ComQuery) -> Result<Next, SessionError> {
    let mut statement = session.statement(StatementCommand::Query, query.query);
    if !query.attributes.is_empty() {
        match attributes(&query.attributes) {
            Ok(attributes) => statement.attributes = attributes,
            Err(failure) => {
                session.send_failure(core, failure)?;
                return Ok(Next::command(core));
            }
        }
    }
    core.ask(Question::Statement(statement));
    Ok(Next::Wait(Waiting::Reply(Purpose::Query.into())))
}

fn replicate(session: &LoggedIn, core: &mut Core, command: StatementCommand, name: Bytes) -> Next {
    let purpose = match command {
        StatementCommand::RegisterReplica => Purpose::Registration,
        _ => Purpose::Query,
    };
    let statement = session.statement(command, name);
    core.ask(Question::Replication(statement));
    Next::Wait(Waiting::Reply(purpose.into()))
}

/// COM_CHANGE_USER: another user logs in. The greeting's nonce has been used already, so the client gets a
/// fresh one, unless it doesn't know AuthSwitchRequest.
fn change_user(
    session: &mut LoggedIn,
    core: &mut Core,
    change: ComChangeUser,
) -> Result<Next, SessionError> {
    // As on a server, a refused COM_CHANGE_USER ends the connection, so nothing has to be put back.
    session.drop_statements(core);
    let character_sets = match session.character_sets(change.character_set) {
        Ok(character_sets) => character_sets,
        Err(failure) => {
            core.refuse(failure, session.shared)?;
            return Ok(Next::Closed);
        }
    };
    let login = Login {
        username: change.user,
        schema: schema(change.schema_name),
        collation: change.character_set,
        attributes: change.attributes,
        capabilities: session.shared,
        max_packet_size: session.login.max_packet_size,
        peer: core.options.peer,
        tls: session.login.tls.take(),
    };
    session.log_in(login, character_sets);
    core.ask(Question::Nonce);
    Ok(Next::LogIn(Box::new(FirstResponse {
        // `greeted` is none: what the client sent was made with the nonce of the greeting, which must not be
        // used twice.
        greeted: None,
        auth_response: change.auth_response,
        plugin_name: change.auth_plugin_name,
    })))
}

/// The query attributes of a COM_QUERY.
fn attributes(parameters: &Parameters) -> Result<Vec<Param>, Failure> {
    if parameters.len() > u64::from(u16::MAX) {
        return Err(Failure::general(
            error_code::ER_MALFORMED_PACKET,
            "Malformed communication packet: too many attributes",
        ));
    }
    parameters
        .iter()
        .map(|parameter| Param::received(parameter?, None))
        .collect::<Result<_, _>>()
        .map_err(|error| statements::malformed(&error))
}

/// Whether servers don't answer this command.
fn is_unanswered(code: CommandCode) -> bool {
    matches!(
        code,
        CommandCode::STMT_CLOSE | CommandCode::STMT_SEND_LONG_DATA
    )
}

/// The error for a command that can't be decoded.
fn malformed(payload: &[u8], error: &DecodeError) -> Failure {
    // A packet without a command byte.
    if payload.is_empty() {
        return unknown_command();
    }
    let is_change_user = payload.first() == Some(&CommandCode::CHANGE_USER.0);
    if is_change_user && matches!(error.kind, DecodeErrorKind::Unterminated { .. }) {
        return Failure::general(
            error_code::ER_PARSE_ERROR,
            "change-user: missing nul-terminator",
        );
    }
    statements::malformed(error)
}
