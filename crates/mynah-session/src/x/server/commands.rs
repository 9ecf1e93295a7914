//! The commands of the X Plugin, and the session's own answers to them.

use std::sync::Arc;

use mynah_classic::error_code;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_x::datatypes::{Any, AnyValue, Object, ScalarValue};
use mynah_x::plugin_error;
use mynah_x::sql::StmtExecute;

use super::core::Core;
use super::logged_in::LoggedIn;
use super::waiting::{Asked, Next, Style, Waiting};
use super::{answer, kill};
use crate::x::XRequest;
use crate::x::document::put_any;
use crate::{
    Completion, Failure, Kill, Outcome, Process, Question, Reply, ResultSet, Rows, SessionError,
    Statement, StatementCommand,
};

/// The arguments of a command: one object, or none.
pub(in crate::x) fn request(execute: &StmtExecute) -> Result<XRequest, Failure> {
    let Some(first) = execute.args.first() else {
        return Ok(XRequest::command("{}".to_owned()));
    };
    let Some(AnyValue::Object(_)) = first.value() else {
        let message = "Invalid type of arguments, expected object of arguments";
        return Err(Failure::general(
            plugin_error::ER_X_CMD_ARGUMENT_TYPE,
            message,
        ));
    };
    if execute.args.len() > 1 {
        return Err(Failure::general(
            plugin_error::ER_X_CMD_NUM_ARGUMENTS,
            "Too many arguments",
        ));
    }
    let mut arguments = String::new();
    put_any(&mut arguments, first);
    Ok(XRequest::command(arguments))
}

/// Asks what a command comes to.
pub(super) fn ask(
    session: &mut LoggedIn,
    core: &mut Core,
    execute: StmtExecute,
) -> Result<Next, SessionError> {
    let request = match request(&execute) {
        Ok(request) => request,
        Err(failure) => return session.fail(core, &failure),
    };
    let statement = Statement {
        state: session.session.clone(),
        x: Some(Box::new(request)),
        ..Statement::new(StatementCommand::Admin, execute.stmt.clone())
    };
    core.ask(Question::Command(statement));
    Ok(Next::Wait(Waiting::Command(Box::new(execute))))
}

/// The handler's answer to a command, or the answer of a server that has no handler for it.
pub(super) fn reply(
    session: &mut LoggedIn,
    core: &mut Core,
    execute: &StmtExecute,
    reply: Option<Reply>,
) -> Result<Next, SessionError> {
    let name = String::from_utf8_lossy(&execute.stmt).to_ascii_lowercase();
    // The command is checked first in every case: `enable_notices` must take effect even if the handler has an
    // answer of its own.
    let own = match own_reply(session, &name, execute, reply.is_some()) {
        Own::Reply(own) => *own,
        Own::Processes if reply.is_none() => {
            core.ask(Question::Processes);
            return Ok(Next::Wait(Waiting::Processes));
        }
        Own::Kill(id) if reply.is_none() => {
            let asked = Asked::new(Style::Admin, false);
            return kill::kill(session, core, Kill::connection(id), asked);
        }
        // The handler has answered, so this reply is only a stand-in that isn't sent.
        Own::Processes | Own::Kill(_) => Ok(done()),
    };
    match reply.map_or(own, Ok) {
        Ok(reply) => answer::reply(session, core, Asked::new(Style::Admin, false), reply),
        Err(failure) => session.fail(core, &failure),
    }
}

/// The clients that are there, as the X Plugin lists them.
pub(super) fn list_clients(
    session: &mut LoggedIn,
    core: &mut Core,
    processes: &[Process],
) -> Result<Next, SessionError> {
    let columns = [
        ("client_id", ColumnType::LONGLONG),
        ("user", ColumnType::VAR_STRING),
        ("host", ColumnType::VAR_STRING),
        ("sql_session", ColumnType::LONGLONG),
    ];
    let lines = processes.iter().map(|process| {
        let id = process.id.to_string();
        let user = process.user.clone().unwrap_or_default();
        [id.clone(), user, process.host.clone(), id]
    });
    let lines: Vec<_> = lines.collect();
    let lines = lines.iter().map(|line| line.each_ref().map(String::as_str));
    let mut reply = rows(columns, lines);
    if let Outcome::Rows(result) = &mut reply.outcome {
        let unsigned = |mut column: ColumnDefinition41| {
            if column.column_type == ColumnType::LONGLONG {
                column.flags |= ColumnFlags::UNSIGNED;
            }
            column
        };
        result.columns = result.columns.iter().cloned().map(unsigned).collect();
    }
    answer::reply(session, core, Asked::new(Style::Admin, false), reply)
}

/// Says whether there was such a connection.
pub(super) fn killed(
    session: &mut LoggedIn,
    core: &mut Core,
    kill: Kill,
    asked: Asked,
    was_there: bool,
) -> Result<Next, SessionError> {
    if was_there {
        return answer::reply(session, core, asked, done());
    }
    let id = kill.connection_id;
    let failure = match asked.style {
        Style::Admin => Failure::general(
            error_code::ER_NO_SUCH_THREAD,
            format!("Unknown MySQLx client id {id}"),
        ),
        _ => kill.unknown(),
    };
    session.fail(core, &failure)
}

/// The session's own answer. It notes which notices the client wants even if the handler answers.
fn own_reply(state: &mut LoggedIn, name: &str, execute: &StmtExecute, is_answered: bool) -> Own {
    let arguments = Arguments::of(execute);
    Own::Reply(Box::new(match name {
        "enable_notices" | "disable_notices" => {
            set_notices(state, &arguments, name == "enable_notices")
        }
        _ if is_answered => Ok(done()),
        "ping" => arguments.only(name, &[], &[]).map(|()| done()),
        "list_clients" => match arguments.only(name, &[], &[]) {
            Ok(()) => return Own::Processes,
            Err(failure) => Err(failure),
        },
        "kill_client" => match arguments.only(name, &["id"], &[]) {
            Ok(()) => match arguments.number("id") {
                Some(id) => return Own::Kill(id),
                None => Err(invalid("id")),
            },
            Err(failure) => Err(failure),
        },
        "list_notices" => arguments.only(name, &[], &[]).map(|()| list_notices(state)),
        "create_collection" | "ensure_collection" => arguments
            .only(name, &["schema", "name"], &["options", "validation"])
            .map(|()| done()),
        "drop_collection" => arguments
            .only(name, &["schema", "name"], &[])
            .map(|()| done()),
        "modify_collection_options" => arguments
            .only(name, &["schema", "name", "options"], &[])
            .map(|()| done()),
        // Collections aren't stored, so each has the options that a new one has.
        "get_collection_options" => arguments
            .only(name, &["schema", "name", "options"], &[])
            .map(|()| rows([("Result", ColumnType::VAR_STRING)], [[VALIDATION]])),
        "create_collection_index" => arguments
            .only(
                name,
                &["schema", "collection", "name"],
                &["unique", "type", "fields", "constraint"],
            )
            .map(|()| done()),
        "drop_collection_index" => arguments
            .only(name, &["schema", "collection", "name"], &[])
            .map(|()| done()),
        // No collection exists, so the list is empty, but has the columns that clients read.
        "list_objects" => {
            let columns = ["name", "type"].map(|name| (name, ColumnType::VAR_STRING));
            arguments
                .only(name, &[], &["schema", "pattern"])
                .map(|()| rows(columns, [[""; 2]; 0]))
        }
        _ => {
            let name = String::from_utf8_lossy(&execute.stmt);
            Err(Failure::general(
                plugin_error::ER_X_INVALID_ADMIN_COMMAND,
                format!("Invalid mysqlx command {name}"),
            ))
        }
    }))
}

/// The server's own part in a command.
enum Own {
    Reply(Box<Result<Reply, Failure>>),
    Processes,
    Kill(u32),
}

/// The arguments of a command.
#[derive(Default)]
struct Arguments {
    object: Object,
}

impl Arguments {
    fn of(execute: &StmtExecute) -> Self {
        let object = match execute.args.first().and_then(Any::value) {
            Some(AnyValue::Object(object)) => object.clone(),
            _ => Object::default(),
        };
        Self { object }
    }

    /// Checks that all needed arguments are there, and no unknown ones.
    fn only(&self, command: &str, needed: &[&str], allowed: &[&str]) -> Result<(), Failure> {
        for name in needed {
            if self.object.get(name).is_none() {
                return Err(missing(name));
            }
        }
        let other = self.object.fld.iter().find(|field| {
            let name = field.key.as_str();
            !needed.contains(&name) && !allowed.contains(&name)
        });
        match other {
            None => Ok(()),
            Some(field) => Err(Failure::general(
                plugin_error::ER_X_CMD_INVALID_ARGUMENT,
                format!("'{}' is not a valid field for {command} command", field.key),
            )),
        }
    }

    fn number(&self, name: &str) -> Option<u32> {
        let number = self.object.get(name)?.scalar_value()?.integer()?;
        number.try_into().ok()
    }

    /// An argument that is a list of texts, or a single text.
    fn texts(&self, name: &str) -> Option<Vec<String>> {
        let value = self.object.get(name)?;
        let text = |any: &Any| match any.scalar_value()? {
            ScalarValue::String(text) => Some(String::from_utf8_lossy(&text.value).into_owned()),
            _ => None,
        };
        match value.value()? {
            AnyValue::Array(array) => array.value.iter().map(text).collect(),
            _ => Some(vec![text(value)?]),
        }
    }
}

fn set_notices(
    state: &mut LoggedIn,
    arguments: &Arguments,
    enable: bool,
) -> Result<Reply, Failure> {
    let command = if enable {
        "enable_notices"
    } else {
        "disable_notices"
    };
    arguments.only(command, &["notice"], &[])?;
    let names = arguments.texts("notice").ok_or_else(|| invalid("notice"))?;
    // All names are checked before any notice is changed: a command that fails changes nothing.
    for name in &names {
        if !NOTICES.contains(&name.as_str()) {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_NOTICE,
                format!("Invalid notice name {name}"),
            ));
        }
        if !enable && FIXED.contains(&name.as_str()) {
            return Err(Failure::general(
                plugin_error::ER_X_CANNOT_DISABLE_NOTICE,
                format!("Cannot disable notice {name}"),
            ));
        }
    }
    for name in &names {
        if name == "warnings" {
            state.warnings = enable;
        }
        let group = GROUP.iter().zip(&mut state.group_notices);
        for (of, wanted) in group {
            if of == name {
                *wanted = enable;
            }
        }
    }
    Ok(done())
}

fn list_notices(state: &LoggedIn) -> Reply {
    let digit = |enabled: bool| if enabled { "1" } else { "0" };
    let mut lines = vec![["warnings", digit(state.warnings)]];
    let group = GROUP.iter().zip(state.group_notices);
    lines.extend(group.map(|(name, enabled)| [*name, digit(enabled)]));
    lines.extend(FIXED.map(|name| [name, "1"]));
    let columns = [
        ("notice", ColumnType::VAR_STRING),
        ("enabled", ColumnType::LONGLONG),
    ];
    rows(columns, lines)
}

fn done() -> Reply {
    Outcome::Ok(Completion::default()).into()
}

fn rows<'a, const N: usize>(
    columns: [(&str, ColumnType); N],
    lines: impl IntoIterator<Item = [&'a str; N]>,
) -> Reply {
    let columns: Arc<[_]> = columns
        .iter()
        .map(|(name, column_type)| ColumnDefinition41 {
            names: ColumnNames::new(&NameParts {
                name: name.as_bytes(),
                ..NameParts::default()
            }),
            character_set: UTF8MB4,
            column_type: *column_type,
            ..ColumnDefinition41::default()
        })
        .collect();
    let cells = |line: [&'a str; N]| line.map(|cell| Some(cell.as_bytes()));
    let rows: Rows = lines.into_iter().map(cells).collect();
    Outcome::Rows(ResultSet {
        columns,
        rows,
        end: Completion::default(),
        is_out_parameters: false,
    })
    .into()
}

fn missing(name: &str) -> Failure {
    Failure::general(
        plugin_error::ER_X_CMD_NUM_ARGUMENTS,
        format!("Invalid number of arguments, expected value for '{name}'"),
    )
}

fn invalid(name: &str) -> Failure {
    Failure::general(
        plugin_error::ER_X_CMD_ARGUMENT_TYPE,
        format!("Invalid data type of value for '{name}'"),
    )
}

/// The notices that clients can want or not.
const NOTICES: [&str; 9] = [
    "warnings",
    "group_replication/membership/quorum_loss",
    "group_replication/membership/view",
    "group_replication/status/role_change",
    "group_replication/status/state_change",
    "account_expired",
    "generated_insert_id",
    "rows_affected",
    "produced_message",
];
const GROUP: [&str; 4] = [
    "group_replication/membership/quorum_loss",
    "group_replication/membership/view",
    "group_replication/status/role_change",
    "group_replication/status/state_change",
];
/// Those that come whether they are wanted or not.
const FIXED: [&str; 4] = [
    "account_expired",
    "generated_insert_id",
    "rows_affected",
    "produced_message",
];
/// The options of a collection that nothing was set for.
const VALIDATION: &str = r#"{ "validation": { "level": "off", "schema": {"type":"object"} } }"#;
/// utf8mb4_0900_ai_ci.
const UTF8MB4: u16 = 255;
