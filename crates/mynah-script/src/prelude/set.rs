//! `SET …`: system, session and user variables. A statement sets all of its variables, or none.

use mynah_classic::response::SessionStateChange;
use mynah_session::{CharacterSets, Failure, Warning};

use super::character_sets;
use super::expression::{
    Columns, Expression, Parser, Stop, SystemVariable, VariableScope, evaluate, is_zone,
};
use super::facts::Facts;
use super::failures;
use super::recorded::{Kind, Variable};
use super::state::{ChangeReport, metadata};
use super::tokens::{Slice, TokenKind};
use super::value::{Typed, Value};

/// Applies a SET; returns the changes that the OK reports to the client. `None` for a SET that isn't understood.
pub(super) fn set(
    assignments: Slice<'_>,
    facts: &mut Facts,
) -> Option<Result<ChangeReport, Failure>> {
    let mut all = Vec::new();
    let mut scope = None;
    // First all items are read, then all are set: as on a server, an error leaves everything as it was.
    for item in assignments.items() {
        match read(item, &mut scope, facts) {
            Ok(assigned) => all.extend(assigned),
            Err(Stop::Failed(failure)) => return Some(Err(failure)),
            Err(Stop::Unknown) => return None,
        }
    }
    let user_variables = all.iter().filter_map(|assignment| match assignment {
        Assignment::User(name, value) => Some((name, value)),
        _ => None,
    });
    if !facts.has_room_for(user_variables) {
        return None;
    }
    let mut report = ChangeReport::default();
    for assignment in all {
        match assignment {
            Assignment::User(name, value) => facts.set_user_variable(name, value),
            Assignment::CharacterSets(sets, warnings) => {
                facts.state.character_sets = sets;
                let changes = character_sets::OF_NAMES.iter();
                report
                    .changes
                    .extend(changes.filter_map(|name| change(name, facts)));
                report.warnings.extend(warnings);
            }
            Assignment::System {
                name,
                value,
                is_global,
            } => {
                facts.set(&name, value, is_global);
                report
                    .changes
                    .extend(change(&name, facts).filter(|_| !is_global));
            }
        }
    }
    Some(Ok(report))
}

/// The change that an OK reports of a variable, if the session tracks that variable.
fn change(name: &str, facts: &Facts) -> Option<SessionStateChange> {
    let kind = facts.kind(name).filter(|_| facts.is_tracked(name))?;
    Some(SessionStateChange::SystemVariable {
        name: name.to_owned().into(),
        value: kind.listed(&facts.session_value(name)?).into(),
    })
}

enum Assignment {
    System {
        name: String,
        value: Value,
        is_global: bool,
    },
    User(String, Typed),
    CharacterSets(CharacterSets, Vec<Warning>),
}

/// What an item of a SET assigns. A scope holds for the items behind it, too.
fn read(
    item: Slice<'_>,
    scope: &mut Option<VariableScope>,
    facts: &Facts,
) -> Result<Vec<Assignment>, Stop> {
    if let Some(names) = item.after("names") {
        let set = character_sets::names(names, facts.default_collation, facts.dialect);
        return character_sets(set);
    }
    for word in ["charset", "character"] {
        if let Some(name) = item.after(word) {
            let (name, default) = (name.after_any(&["set"]), facts.default_collation);
            let set = character_sets::character_set_of_client(name, default, facts.dialect);
            return character_sets(set);
        }
    }
    let item = scoped(item, scope);
    if item.is(0, "transaction") {
        return Ok(isolation(item, facts));
    }
    let at = (1..item.len()).find(|at| item.is(*at, "="));
    let Some(at) = at else {
        // `SET ROLE …`, `SET PASSWORD …` and the like.
        return match item.is(0, "role") || item.is(0, "default") {
            true => Ok(Vec::new()),
            false => Err(Stop::Unknown),
        };
    };
    let value = item.from(at + 1).filter(|value| !value.is_empty());
    let value = value.ok_or(Stop::Unknown)?;
    // `:=` is two pieces.
    let left = item.to(if item.is(at - 1, ":") { at - 1 } else { at });
    match Parser::whole(left) {
        Some(Expression::UserVariable(name)) => {
            let value = Parser::whole(value).ok_or(Stop::Unknown)?;
            let value = evaluate(&value, facts, &())?;
            Ok(vec![Assignment::User(name, value)])
        }
        Some(Expression::SystemVariable(variable)) => assign(&variable, value, facts),
        Some(Expression::Name(name)) => {
            // The last scope that was named holds for the items behind it: `SET GLOBAL a = 1, b = 2`.
            let named = SystemVariable::read(&name);
            let variable = SystemVariable {
                scope: named.scope.or(*scope),
                ..named
            };
            assign(&variable, value, facts)
        }
        _ => Err(Stop::Unknown),
    }
}

/// An item without the word for its scope.
fn scoped<'a>(item: Slice<'a>, scope: &mut Option<VariableScope>) -> Slice<'a> {
    let words = [
        ("global", VariableScope::Global),
        ("persist", VariableScope::Global),
        ("persist_only", VariableScope::Global),
        ("session", VariableScope::Session),
        ("local", VariableScope::Session),
    ];
    for (word, named) in words {
        // `SET session = 1` would be a variable.
        if let Some(rest) = item.after(word).filter(|rest| !rest.is(0, "=")) {
            *scope = Some(named);
            return rest;
        }
    }
    item
}

fn assign(
    variable: &SystemVariable,
    value: Slice<'_>,
    facts: &Facts,
) -> Result<Vec<Assignment>, Stop> {
    let name = variable.name.as_str();
    let failed = |failure| Err(Stop::Failed(failure));
    let Some(known) = facts.catalog().variable(name) else {
        return failed(failures::unknown_variable(name));
    };
    let is_global = variable.scope == Some(VariableScope::Global);
    // In the order in which servers check: read-only first, then the scopes.
    if known.is_fixed {
        return failed(failures::read_only(name));
    }
    if is_global && !known.is_global {
        return failed(failures::only_of_sessions(name));
    }
    if !is_global && !known.is_session {
        return failed(failures::only_global(name));
    }
    if !is_global && FOLLOW_THE_GLOBAL.contains(&name) {
        return failed(failures::read_only_in_session(name));
    }
    let value = match value.is(0, "default") && value.len() == 1 {
        // The global value is a session's default, and what was recorded that of the global one.
        true if is_global => known.value.clone(),
        true => facts.value(name, known, true),
        false => match given(value, facts) {
            // A server may understand the expression, so the SET succeeds and changes nothing.
            Err(Stop::Unknown) => return Ok(Vec::new()),
            value => {
                let value = value?;
                match character_sets::fitting(name, &value, facts.dialect) {
                    Some(value) => value?,
                    None => fitting(name, known, value)?,
                }
            }
        },
    };
    // A character set and its collation change together.
    let partner = match &value {
        Value::Text(text) => character_sets::partner(name, text, facts.dialect),
        _ => None,
    };
    let both = [Some((name.to_owned(), value)), partner];
    let both = both.into_iter().flatten();
    Ok(both
        .map(|(name, value)| Assignment::System {
            name,
            value,
            is_global,
        })
        .collect())
}

/// The value that is given, in which a word stands for itself.
fn given(value: Slice<'_>, facts: &Facts) -> Result<Value, Stop> {
    struct Words;
    impl Columns for Words {
        fn column(&self, name: &str) -> Option<Typed> {
            Some(Typed::text(name))
        }
    }
    // `SET NAMES binary`, where the word is otherwise an operator.
    if let (1, Some((TokenKind::Word, "binary" | "BINARY"))) = (value.len(), value.get(0)) {
        return Ok(Value::text("binary"));
    }
    let expression = Parser::whole(value).ok_or(Stop::Unknown)?;
    Ok(evaluate(&expression, facts, &Words)?.value)
}

/// A value as the variable has it.
fn fitting(name: &str, known: &Variable, value: Value) -> Result<Value, Stop> {
    let shown = value.to_cell().unwrap_or_else(|| "NULL".to_owned());
    let wrong_value = || Stop::Failed(failures::wrong_value(name, &shown));
    let wrong_type = || Stop::Failed(failures::wrong_type(name));
    match (known.kind, value) {
        (Kind::Flag, value) => match shown.to_lowercase().as_str() {
            "1" | "on" | "true" => Ok(Value::flag(true)),
            "0" | "off" | "false" => Ok(Value::flag(false)),
            _ if matches!(value, Value::Decimal(_) | Value::Double(_)) => Err(wrong_type()),
            _ => Err(wrong_value()),
        },
        (Kind::Unsigned, Value::Integer(number)) => Ok(Value::Integer(number.max(0))),
        (Kind::Integer, Value::Integer(number)) => Ok(Value::Integer(number)),
        (Kind::Unsigned | Kind::Integer, _) => Err(wrong_type()),
        (Kind::Double, Value::Text(_) | Value::Null) => Err(wrong_type()),
        (Kind::Double, value) => Ok(value.to_double().map_or(Value::Null, Value::Double)),
        (Kind::Text, Value::Null) => Err(wrong_value()),
        (Kind::Text, Value::Text(text)) => checked(name, text).map(Value::Text),
        (Kind::Text, _) if name == "sql_mode" && shown == "0" => Ok(Value::text("")),
        (Kind::Text, _) if name == "resultset_metadata" => checked(name, shown).map(Value::Text),
        (Kind::Text, _) => Ok(Value::Text(shown)),
    }
}

/// A text that a server looks at more closely.
fn checked(name: &str, text: String) -> Result<String, Stop> {
    let wrong = || Stop::Failed(failures::wrong_value(name, &text));
    match name {
        "time_zone" if !is_zone(&text) => Err(Stop::Failed(failures::unknown_time_zone(&text))),
        "transaction_isolation" | "tx_isolation" => {
            let mut levels = LEVELS.iter();
            let level = levels.find(|level| text.eq_ignore_ascii_case(level));
            level.map(|level| (*level).to_owned()).ok_or_else(wrong)
        }
        "resultset_metadata" => metadata(&text).map(str::to_owned).ok_or_else(wrong),
        "sql_mode" => {
            let modes = text
                .split(',')
                .map(str::trim)
                .filter(|mode| !mode.is_empty());
            for mode in modes.clone() {
                if !MODES.iter().any(|known| mode.eq_ignore_ascii_case(known)) {
                    return Err(Stop::Failed(failures::wrong_value(name, mode)));
                }
            }
            Ok(modes.map(str::to_uppercase).collect::<Vec<_>>().join(","))
        }
        _ => Ok(text),
    }
}

fn character_sets(
    set: Result<(CharacterSets, Vec<Warning>), Failure>,
) -> Result<Vec<Assignment>, Stop> {
    let (sets, warnings) = set.map_err(Stop::Failed)?;
    Ok(vec![Assignment::CharacterSets(sets, warnings)])
}

/// `TRANSACTION ISOLATION LEVEL …, READ ONLY`
fn isolation(item: Slice<'_>, facts: &Facts) -> Vec<Assignment> {
    let text = item.canonical();
    let level = text.split_once("isolation level ").map(|(_, level)| {
        let level = level.to_uppercase().replace(' ', "-");
        Value::Text(level)
    });
    let access = ["read only", "read write"].map(|access| text.ends_with(access));
    let access = match access {
        [true, _] => Some(Value::flag(true)),
        [_, true] => Some(Value::flag(false)),
        _ => None,
    };
    let named = [
        ("transaction_isolation", &level),
        ("tx_isolation", &level),
        ("transaction_read_only", &access),
        ("tx_read_only", &access),
    ];
    let known = named
        .into_iter()
        .filter(|(name, _)| facts.kind(name).is_some());
    known
        .filter_map(|(name, value)| {
            Some(Assignment::System {
                name: name.to_owned(),
                value: value.clone()?,
                is_global: false,
            })
        })
        .collect()
}

/// Variables of a session that only new sessions get from the global ones.
const FOLLOW_THE_GLOBAL: [&str; 2] = ["max_allowed_packet", "net_buffer_length"];

const LEVELS: [&str; 4] = [
    "READ-UNCOMMITTED",
    "READ-COMMITTED",
    "REPEATABLE-READ",
    "SERIALIZABLE",
];

/// Those of all versions.
const MODES: [&str; 37] = [
    "REAL_AS_FLOAT",
    "PIPES_AS_CONCAT",
    "ANSI_QUOTES",
    "IGNORE_SPACE",
    "NOT_USED",
    "IGNORE_BAD_TABLE_OPTIONS",
    "ONLY_FULL_GROUP_BY",
    "NO_UNSIGNED_SUBTRACTION",
    "NO_DIR_IN_CREATE",
    "POSTGRESQL",
    "ORACLE",
    "MSSQL",
    "DB2",
    "MAXDB",
    "NO_KEY_OPTIONS",
    "NO_TABLE_OPTIONS",
    "NO_FIELD_OPTIONS",
    "MYSQL323",
    "MYSQL40",
    "ANSI",
    "NO_AUTO_VALUE_ON_ZERO",
    "NO_BACKSLASH_ESCAPES",
    "STRICT_TRANS_TABLES",
    "STRICT_ALL_TABLES",
    "NO_ZERO_IN_DATE",
    "NO_ZERO_DATE",
    "ALLOW_INVALID_DATES",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "TRADITIONAL",
    "NO_AUTO_CREATE_USER",
    "HIGH_NOT_PRECEDENCE",
    "NO_ENGINE_SUBSTITUTION",
    "PAD_CHAR_TO_FULL_LENGTH",
    "TIME_TRUNCATE_FRACTIONAL",
    "EMPTY_STRING_IS_NULL",
    "SIMULTANEOUS_ASSIGNMENT",
    "TIME_ROUND_FRACTIONAL",
];
