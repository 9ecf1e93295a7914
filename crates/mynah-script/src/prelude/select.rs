//! `SELECT @@variable, FUNCTION(), …`, without a table.

use std::sync::Arc;

use mynah_classic::response::SqlState;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{ColumnFlags, ColumnType};
use mynah_session::{Completion, Failure, Outcome, ResultSet, RowsBuilder};

use super::Facts;
use super::data::{Value, data};
use super::tokens::{Slice, TokenKind};

/// What is selected, if all of it is known.
pub(super) fn select(list: Slice<'_>, facts: &Facts) -> Option<Outcome> {
    let list = match list.position("limit") {
        Some(at) => list.to(at),
        None => list,
    };
    let (list, status) = match list.position("from") {
        Some(at) if list.is(at + 1, "dual") && list.len() == at + 2 => (list.to(at), None),
        Some(at) => (list.to(at), Some(status(list.from(at + 1)?, facts)?)),
        None => (list, None),
    };
    let (mut columns, mut values, mut unknown) = (Vec::new(), Vec::new(), None);
    for item in list.items() {
        let (expression, alias) = aliased(item);
        if expression.is_empty() {
            return None;
        }
        let value = match (&status, evaluate(expression, facts)) {
            (Some(value), _) if expression.canonical() == "variable_value" => Ok(value.clone()),
            (_, value) => value?,
        };
        let value = match value {
            Ok(value) => value,
            Err(name) => {
                unknown = Some(name);
                Value::Null
            }
        };
        let name = alias.unwrap_or_else(|| expression.as_written().to_owned());
        columns.push(column(&name, &value));
        values.push(value.selected());
    }
    if let Some(name) = unknown {
        return Some(Outcome::Error(unknown_variable(&name)));
    }
    Some(Outcome::Rows(result(columns, [values])))
}

/// The value that a table of status variables has for one name: `session_status WHERE
/// VARIABLE_NAME = 'mysqlx_ssl_cipher'`, which MySQL Shell asks for with others.
fn status(from: Slice<'_>, facts: &Facts) -> Option<Value> {
    let text = from.canonical().replace(' ', "");
    let condition = text.strip_prefix("performance_schema.")?;
    let condition = ["session_status", "global_status"]
        .iter()
        .find_map(|table| condition.strip_prefix(table))?;
    let name = condition
        .strip_prefix("wherevariable_name='")?
        .strip_suffix('\'')?;
    let all = facts.status().into_iter();
    let found = all
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

/// A result of these columns and rows.
pub(super) fn result<R: IntoIterator<Item = Option<String>>>(
    columns: Vec<ColumnDefinition41>,
    rows: impl IntoIterator<Item = R>,
) -> ResultSet {
    let mut builder = RowsBuilder::default();
    for row in rows {
        for cell in row {
            builder.cell(cell.as_deref().map(str::as_bytes));
        }
        builder.end_row();
    }
    ResultSet {
        columns: Arc::from(columns),
        rows: builder.finish(),
        end: Completion::default(),
    }
}

/// A column of this name for a value.
pub(super) fn column(name: &str, value: &Value) -> ColumnDefinition41 {
    let names = ColumnNames::new(&NameParts {
        catalog: b"def",
        name: name.as_bytes(),
        ..NameParts::default()
    });
    match value {
        Value::Integer(_) | Value::Flag(_) => ColumnDefinition41 {
            names,
            character_set: BINARY,
            column_length: 21,
            column_type: ColumnType::LONGLONG,
            flags: ColumnFlags::NOT_NULL | ColumnFlags::BINARY | ColumnFlags::UNSIGNED,
            ..ColumnDefinition41::default()
        },
        Value::Text(_) | Value::Null => ColumnDefinition41 {
            names,
            character_set: UTF8MB4,
            column_length: 65_535,
            column_type: ColumnType::VAR_STRING,
            decimals: 31,
            ..ColumnDefinition41::default()
        },
    }
}

/// An item without its alias, and that.
fn aliased(item: Slice<'_>) -> (Slice<'_>, Option<String>) {
    let Some(last) = item.len().checked_sub(1) else {
        return (item, None);
    };
    let Some(before) = last.checked_sub(1) else {
        return (item, None);
    };
    if item.is(before, "as") {
        return (item.to(before), item.plain(last));
    }
    // `@@a b`, `f() b`: a name behind something that is whole.
    let is_name = matches!(
        item.get(last),
        Some((TokenKind::Word | TokenKind::Name | TokenKind::Text, text)) if !text.starts_with('@')
    );
    let is_whole = item.is(before, ")")
        || item
            .get(before)
            .is_some_and(|(_, text)| text.starts_with("@@"));
    match is_name && is_whole && !is_operator(item, last) {
        true => (item.to(last), item.plain(last)),
        false => (item, None),
    }
}

/// Words that go on with an expression.
fn is_operator(item: Slice<'_>, index: usize) -> bool {
    ["null", "true", "false", "is", "not"]
        .iter()
        .any(|word| item.is(index, word))
}

/// A value, or the name of a variable that isn't known; nothing for what isn't understood.
fn evaluate(expression: Slice<'_>, facts: &Facts) -> Option<Result<Value, String>> {
    if expression.len() == 1
        && let Some((TokenKind::Word, variable)) = expression.get(0)
        && let Some(name) = variable.strip_prefix("@@")
    {
        let name = system_variable(name);
        return Some(facts.variable(&name).ok_or(name));
    }
    let canonical = expression.canonical();
    let value = match canonical.as_str() {
        "version ( )" => Value::Text(facts.version()),
        "database ( )" | "schema ( )" => facts.schema.clone().map_or(Value::Null, Value::Text),
        "user ( )" | "current_user ( )" | "current_user" | "session_user ( )"
        | "system_user ( )" => Value::Text(facts.user()),
        "connection_id ( )" => Value::Integer(facts.connection_id.into()),
        canonical => data().expressions.get(canonical)?.clone(),
    };
    Some(Ok(value))
}

/// A variable's name without its scope.
pub(super) fn system_variable(name: &str) -> String {
    let name = name.to_lowercase();
    let scope = ["global.", "session.", "local.", "persist."];
    let scope = scope.iter().find_map(|scope| name.strip_prefix(scope));
    scope.map_or(name.clone(), str::to_owned)
}

fn unknown_variable(name: &str) -> Failure {
    Failure {
        code: 1193,
        sql_state: SqlState(*b"HY000"),
        message: format!("Unknown system variable '{name}'").into(),
    }
}

/// utf8mb4_0900_ai_ci.
const UTF8MB4: u16 = 255;
const BINARY: u16 = 63;
