//! Prepared statements: COM_STMT_PREPARE and the others of its family.

use bytes::Bytes;
use mynah_classic::command::{
    ComStmtExecute, ComStmtFetch, ComStmtPrepare, ComStmtReset, CursorFlags,
};
use mynah_classic::error_code;
use mynah_classic::response::{EofPacket, StmtPrepareOk};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, MetadataFollows, NameParts};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType};
use mynah_wire::EncodeError;

use super::answer;
use super::core::Core;
use super::logged_in::LoggedIn;
use super::result_set::sent_column;
use super::waiting::{Next, Purpose, Waiting};
use crate::placeholders::Dialect;
use crate::{
    Completion, Failure, Prepared, Question, SessionError, Statement, StatementCommand,
    placeholders,
};

pub(super) fn prepare(session: &mut LoggedIn, core: &mut Core, command: ComStmtPrepare) -> Next {
    let text = command.query;
    let statement = Statement {
        // Nothing else is prepared before the handler's word.
        statement_id: Some(session.statements().next_id()),
        ..session.statement(StatementCommand::Prepare, text.clone())
    };
    core.ask(Question::Prepared(statement));
    Next::Wait(Waiting::Prepared(text))
}

pub(super) fn prepared(
    session: &mut LoggedIn,
    core: &mut Core,
    text: &Bytes,
    prepared: Result<Prepared, Failure>,
) -> Result<Next, SessionError> {
    let limit = core.options.max_allowed_packet;
    let dialect = session.dialect;
    let is_handlers = prepared.is_ok();
    let added = prepared.and_then(|prepared| {
        let num_params = match prepared.params {
            Some(params) => params,
            // Parameters are counted by 16 bits in COM_STMT_PREPARE_OK.
            None => u16::try_from(placeholders::count(text, dialect))
                .map_err(|_| Failure::general(error_code::ER_PS_MANY_PARAM, TOO_MANY))?,
        };
        let id = session.statements().add(text, num_params, limit)?;
        Ok((id, num_params, prepared))
    });
    match added {
        Ok((id, num_params, prepared)) => {
            if session
                .shared
                .contains(Capabilities::MARIADB_CACHE_METADATA)
            {
                let columns = prepared.columns.as_ref();
                // Columns that are cut below aren't what the execution has, so the client must not keep them.
                let columns = columns.filter(|all| u16::try_from(all.len()).is_ok());
                session.statements().note_columns(id, columns);
            }
            session.session.warning_count = prepared.warning_count;
            send_prepared(session, core, id, num_params, &prepared)?;
        }
        Err(failure) => {
            if is_handlers {
                core.close_statement(session.statements().next_id());
            }
            session.statements().forget_last();
            session.session.warning_count = 1;
            session.send_failure(core, failure)?;
        }
    }
    Ok(Next::command(core))
}

fn send_prepared(
    session: &LoggedIn,
    core: &mut Core,
    statement_id: u32,
    num_params: u16,
    prepared: &Prepared,
) -> Result<(), EncodeError> {
    let columns = prepared.columns.as_deref().unwrap_or_default();
    let columns = columns.get(..usize::from(u16::MAX)).unwrap_or(columns);
    let (metadata_follows, shared) = (session.metadata(), session.shared);
    let ok = StmtPrepareOk {
        statement_id,
        // At most as many as `columns` was cut to.
        num_columns: u16::try_from(columns.len()).unwrap_or(u16::MAX),
        num_params,
        warning_count: prepared.warning_count,
        metadata_follows,
    };
    core.exchange.send(&ok, shared)?;
    // With `resultset_metadata=NONE`, definitions are left out, those of parameters as well.
    if metadata_follows == MetadataFollows::NONE {
        return Ok(());
    }
    if num_params > 0 {
        let parameter = parameter(session.dialect);
        for _ in 0..num_params {
            core.exchange.send(&parameter, shared)?;
        }
        end_definitions(session, core)?;
    }
    if !columns.is_empty() {
        for column in columns {
            core.exchange.send(&*sent_column(column, shared), shared)?;
        }
        end_definitions(session, core)?;
    }
    Ok(())
}

fn end_definitions(session: &LoggedIn, core: &mut Core) -> Result<(), EncodeError> {
    if session.shared.contains(Capabilities::DEPRECATE_EOF) {
        return Ok(());
    }
    let end = EofPacket {
        status_flags: session.session.flags(),
        ..EofPacket::default()
    };
    core.exchange.send(&end, session.shared)
}

pub(super) fn execute(
    session: &mut LoggedIn,
    core: &mut Core,
    command: &ComStmtExecute,
) -> Result<Next, SessionError> {
    let shared = session.shared;
    let found = session.statements().get(command.statement_id);
    let read = found.map(|(id, statement)| {
        let read = statement.read(command, shared);
        // A new execution closes the cursor of the one before.
        let cursor = statement.cursor.take();
        (id, statement.text.clone(), cursor, read)
    });
    let failure = match read {
        Err(failure) => failure,
        Ok((id, text, cursor, read)) => {
            core.drop_rows(cursor.and_then(|cursor| cursor.source()));
            // Long data is for one execution, also for one that fails.
            session.statements().reset(id);
            match read {
                Ok((params, attributes)) => {
                    let cursor = command.flags.contains(CursorFlags::READ_ONLY);
                    let statement = Statement {
                        opens_cursor: cursor,
                        params,
                        attributes,
                        statement_id: Some(id),
                        ..session.statement(StatementCommand::Execute, text)
                    };
                    core.ask(Question::Statement(statement));
                    let purpose = Purpose::Execute {
                        statement_id: id,
                        cursor,
                    };
                    return Ok(Next::Wait(Waiting::Reply(purpose.into())));
                }
                Err(failure) => failure,
            }
        }
    };
    session.send_failure(core, failure)?;
    Ok(Next::command(core))
}

pub(super) fn reset(
    session: &mut LoggedIn,
    core: &mut Core,
    command: ComStmtReset,
) -> Result<(), SessionError> {
    let found = session.statements().get(command.statement_id);
    match found.map(|(id, statement)| (id, statement.cursor.take())) {
        Ok((id, cursor)) => {
            core.drop_rows(cursor.and_then(|cursor| cursor.source()));
            session.statements().reset(id);
            session.session.warning_count = 0;
            session.send_ok(core, &Completion::default())
        }
        Err(failure) => session.send_failure(core, failure),
    }
}

pub(super) fn close(session: &mut LoggedIn, core: &mut Core, statement_id: u32) {
    let Some(statements) = &mut session.statements else {
        return;
    };
    if let Some(statement) = statements.remove(statement_id) {
        core.drop_rows(statement.cursor.and_then(|cursor| cursor.source()));
        core.close_statement(statement_id);
    }
}

pub(super) fn fetch(
    session: &mut LoggedIn,
    core: &mut Core,
    command: ComStmtFetch,
) -> Result<Next, SessionError> {
    let found = session.statements().get(command.statement_id);
    let failure = match found.map(|(id, statement)| (id, statement.cursor.take())) {
        Ok((id, Some(cursor))) => {
            return answer::fetch(session, core, id, cursor, command.num_rows);
        }
        Ok((id, None)) => Failure::general(
            error_code::ER_STMT_HAS_NO_OPEN_CURSOR,
            format!("The statement ({id}) has no open cursor."),
        ),
        Err(failure) => failure,
    };
    session.send_failure(core, failure)?;
    Ok(Next::command(core))
}

/// The definition of a parameter: servers don't know its type. Seen with MySQL 5.6 and 9.7 and MariaDB 10.11 and 11.8;
/// MySQL derives types of parameters from 8.0.22 on.
fn parameter(dialect: Dialect) -> ColumnDefinition41 {
    let definition = ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: b"?",
            ..NameParts::default()
        }),
        column_type: ColumnType::VAR_STRING,
        ..ColumnDefinition41::default()
    };
    match (dialect.is_mariadb, dialect.version) {
        (false, 80_022..) => ColumnDefinition41 {
            character_set: 255,
            column_length: 65_532,
            decimals: 0x1f,
            ..definition
        },
        (is_mariadb, _) => ColumnDefinition41 {
            character_set: 63,
            flags: ColumnFlags::BINARY,
            column_type: match is_mariadb {
                true => ColumnType::NULL,
                false => ColumnType::VAR_STRING,
            },
            ..definition
        },
    }
}

const TOO_MANY: &str = "Prepared statement contains too many placeholders";
