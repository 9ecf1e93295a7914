//! Commands about the server and its connections.

use std::sync::Arc;

use mynah_classic::command::{ComSetOption, Command};
use mynah_classic::error_code;
use mynah_classic::response::{OkPacket, SqlState, StatisticsResponse};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, FieldListColumn, NameParts};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType};

use super::answer;
use super::core::Core;
use super::logged_in::LoggedIn;
use super::result_set::{send_eof, sent_column};
use super::waiting::{Next, Purpose, Waiting};
use crate::{
    Completion, Failure, Outcome, Process, Question, Reply, ResultSet, RowsBuilder, SessionError,
    Statistics,
};

/// Takes a command that the handler may answer, if it is asked about such.
pub(super) fn command(
    session: &mut LoggedIn,
    core: &mut Core,
    command: Command,
) -> Result<Next, SessionError> {
    if !core.options.asks_administration {
        return own_answer(session, core, &command);
    }
    let command = Box::new(command);
    core.ask(Question::Administration(command.clone()));
    Ok(Next::Wait(Waiting::Administration(command)))
}

/// Sends the handler's answer, or the session's own.
pub(super) fn answered(
    session: &mut LoggedIn,
    core: &mut Core,
    command: &Command,
    reply: Option<Reply>,
) -> Result<Next, SessionError> {
    match reply {
        Some(reply) => answer::reply(session, core, Purpose::Query.into(), reply),
        None => own_answer(session, core, command),
    }
}

fn own_answer(
    session: &mut LoggedIn,
    core: &mut Core,
    command: &Command,
) -> Result<Next, SessionError> {
    match command {
        Command::Ping(_) | Command::Refresh(_) => session.send_ok(core, &Completion::default())?,
        Command::SetOption(command) => set_option(session, core, *command)?,
        Command::Debug(_) => send_bare_eof(session, core)?,
        Command::Shutdown(_) => {
            session.send_failure(core, Failure::access_denied("SHUTDOWN"))?;
        }
        command => {
            let code = command.code().0;
            let failure = Failure::general(
                error_code::ER_PARSE_ERROR,
                format!("Unsupported command: {code}"),
            );
            session.send_failure(core, failure)?;
        }
    }
    Ok(Next::command(core))
}

fn set_option(
    session: &mut LoggedIn,
    core: &mut Core,
    command: ComSetOption,
) -> Result<(), SessionError> {
    match command.option_operation {
        operation @ (0 | 1) => {
            let shared = &mut session.shared;
            shared.set(Capabilities::MULTI_STATEMENTS, operation == 0);
            send_bare_eof(session, core)
        }
        _ => session.send_failure(core, unknown_command()),
    }
}

fn send_bare_eof(session: &LoggedIn, core: &mut Core) -> Result<(), SessionError> {
    let end = OkPacket {
        status_flags: session.session.flags(),
        warnings: session.warnings_before(),
        ..OkPacket::default()
    };
    send_eof(&mut core.exchange, end, session.shared)?;
    Ok(())
}

/// Sends the columns of a table.
pub(super) fn fields(
    session: &LoggedIn,
    core: &mut Core,
    fields: Result<Arc<[ColumnDefinition41]>, Failure>,
) -> Result<Next, SessionError> {
    match fields {
        Ok(columns) => {
            for column in columns.iter() {
                let column = FieldListColumn {
                    definition: sent_column(column, session.shared).into_owned(),
                    default_values: None,
                };
                core.exchange.send(&column, session.shared)?;
            }
            send_bare_eof(session, core)?;
        }
        Err(failure) => session.send_failure(core, failure)?,
    }
    Ok(Next::command(core))
}

/// Sends how the server is doing.
pub(super) fn statistics(core: &mut Core, statistics: Statistics) -> Result<Next, SessionError> {
    let Statistics {
        uptime,
        threads,
        questions,
        slow_queries,
        opens,
        open_tables,
    } = statistics;
    let thousandths = questions.saturating_mul(1000) / uptime.max(1);
    let (whole, fraction) = (thousandths / 1000, thousandths % 1000);
    let text = format!(
        "Uptime: {uptime}  Threads: {threads}  Questions: {questions}  Slow queries: {slow_queries}  \
         Opens: {opens}  Flush tables: 0  Open tables: {open_tables}  \
         Queries per second avg: {whole}.{fraction:03}"
    );
    let response = StatisticsResponse {
        statistics: text.into(),
    };
    core.exchange.send(&response, ())?;
    Ok(Next::command(core))
}

/// Sends which connections there are.
pub(super) fn processes(
    session: &mut LoggedIn,
    core: &mut Core,
    processes: &[Process],
) -> Result<Next, SessionError> {
    let mut rows = RowsBuilder::default();
    for process in processes {
        let text = |text: &Option<String>| text.clone().map(String::into_bytes);
        let command: &[u8] = if process.id == session.thread_id {
            b"Processlist"
        } else {
            b"Sleep"
        };
        rows.cell(Some(process.id.to_string().as_bytes()));
        rows.cell(text(&process.user).as_deref());
        rows.cell(Some(process.host.as_bytes()));
        rows.cell(text(&process.schema).as_deref());
        rows.cell(Some(command));
        rows.cell(Some(process.time.to_string().as_bytes()));
        rows.cell(Some(b""));
        rows.cell(None);
        rows.end_row();
    }
    let result = ResultSet {
        columns: COLUMNS.map(column).into(),
        rows: rows.finish(),
        end: Completion::default(),
        is_out_parameters: false,
    };
    let reply = Outcome::Rows(result).into();
    answer::reply(session, core, Purpose::Query.into(), reply)
}

pub(super) fn unknown_command() -> Failure {
    Failure {
        code: error_code::ER_UNKNOWN_COM_ERROR,
        sql_state: SqlState(*b"08S01"),
        message: "Unknown command".into(),
    }
}

fn column((name, column_type, column_length): (&str, ColumnType, u32)) -> ColumnDefinition41 {
    let is_number = column_type != ColumnType::VAR_STRING;
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: if is_number { 63 } else { 255 },
        column_length,
        column_type,
        flags: if is_number {
            ColumnFlags::NOT_NULL | ColumnFlags::BINARY
        } else {
            ColumnFlags::empty()
        },
        ..ColumnDefinition41::default()
    }
}

const COLUMNS: [(&str, ColumnType, u32); 8] = [
    ("Id", ColumnType::LONGLONG, 21),
    ("User", ColumnType::VAR_STRING, 128),
    ("Host", ColumnType::VAR_STRING, 1020),
    ("db", ColumnType::VAR_STRING, 256),
    ("Command", ColumnType::VAR_STRING, 64),
    ("Time", ColumnType::LONG, 7),
    ("State", ColumnType::VAR_STRING, 120),
    ("Info", ColumnType::VAR_STRING, 400),
];
