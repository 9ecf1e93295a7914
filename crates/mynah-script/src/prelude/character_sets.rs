//! Character sets and collations as SET and `@@…` name them.

use mynah_classic::error_code;
use mynah_classic::tables::Collation;
use mynah_session::placeholders::Dialect;
use mynah_session::{CharacterSets, Failure, Warning, WarningLevel};

use super::expression::Stop;
use super::failures;
use super::tokens::{Slice, TokenKind};
use super::value::Value;

/// The variables that `SET NAMES` sets.
pub(super) const OF_NAMES: [&str; 3] = [
    "character_set_client",
    "character_set_connection",
    "character_set_results",
];

/// A variable's value, if it is one of a session's character sets.
pub(super) fn value(name: &str, sets: &CharacterSets, dialect: Dialect) -> Option<Value> {
    match name {
        "character_set_client" => of_collation(name, sets.client, dialect),
        "character_set_connection" | "collation_connection" => {
            of_collation(name, sets.connection, dialect)
        }
        "character_set_results" => match sets.results {
            Some(id) => of_collation(name, id, dialect),
            None => Some(Value::Null),
        },
        _ => None,
    }
}

/// What a variable is where the server's collation is this one, if it is the server's that it has.
pub(super) fn default_value(name: &str, collation: u16, dialect: Dialect) -> Option<Value> {
    let is_one = is_character_set(name) && name != "character_set_filesystem";
    (is_one || is_collation(name)).then(|| of_collation(name, collation, dialect))?
}

/// The other variable that changes with this one, and its value.
pub(super) fn partner(name: &str, value: &str, dialect: Dialect) -> Option<(String, Value)> {
    let of = |name: &str| matches!(name, "server" | "database");
    if let Some(place) = name.strip_prefix("character_set_").filter(|name| of(name)) {
        let collation = dialect.collation_of(value)?;
        let name = format!("collation_{place}");
        return Some((name, shown(collation.name, dialect)));
    }
    let place = name.strip_prefix("collation_").filter(|name| of(name))?;
    let collation = Collation::by_name(dialect.product(), value)?;
    let name = format!("character_set_{place}");
    Some((name, shown(collation.character_set, dialect)))
}

/// Sets a variable to a value that fits; whether it is one of a session's character sets.
pub(super) fn set(name: &str, value: &Value, sets: &mut CharacterSets, dialect: Dialect) -> bool {
    let text = match value {
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    let by_set = || dialect.collation_of(text).map(|found| found.id);
    match name {
        "character_set_client" => sets.client = by_set().unwrap_or(sets.client),
        "character_set_connection" => sets.connection = by_set().unwrap_or(sets.connection),
        "character_set_results" => sets.results = by_set(),
        "collation_connection" => {
            let found = Collation::by_name(dialect.product(), text);
            sets.connection = found.map_or(sets.connection, |found| found.id);
        }
        _ => return false,
    }
    true
}

/// A value by the name that it has in this version, if the variable is a character set or a
/// collation. A number is that of a collation.
pub(super) fn fitting(name: &str, value: &Value, dialect: Dialect) -> Option<Result<Value, Stop>> {
    if !is_character_set(name) && !is_collation(name) {
        return None;
    }
    let failed = |failure| Err(Stop::Failed(failure));
    Some(match (value, name) {
        (Value::Null, "character_set_results") => Ok(Value::Null),
        (Value::Null, _) => failed(failures::wrong_value(name, "NULL")),
        (Value::Decimal(_) | Value::Double(_), _) => failed(failures::wrong_type(name)),
        _ => found(name, &value.to_cell().unwrap_or_default(), dialect).or_else(failed),
    })
}

fn found(name: &str, value: &str, dialect: Dialect) -> Result<Value, Failure> {
    if is_collation(name) {
        return Ok(shown(collation(value, dialect)?.name, dialect));
    }
    let found = character_set(value, dialect)?;
    if name == "character_set_client" && !found.is_for_clients() {
        return Err(failures::wrong_value(name, found.character_set));
    }
    Ok(shown(found.character_set, dialect))
}

/// The character sets after `SET NAMES …`, of which `names` is what stands behind, and warnings.
pub(super) fn names(
    names: Slice<'_>,
    default: u16,
    dialect: Dialect,
) -> Result<(CharacterSets, Vec<Warning>), Failure> {
    let (mut collation, mut warnings) = named(names, default, dialect)?;
    if names.is(1, "collate")
        && !is_default(names, 2)
        && let Some(name) = names.plain(2)
    {
        let set = collation.character_set;
        // COLLATE must be a collation of the character set that NAMES has, which is checked after the name itself.
        collation = self::collation(&name, dialect)?;
        if collation.character_set != set {
            return Err(failures::other_character_set(&name, &dialect.name_of(set)));
        }
        if set == "utf8mb3" && is_deprecated(dialect) {
            let text = format!(
                "'{}' is a collation of the deprecated character set UTF8MB3. Please consider using \
                 UTF8MB4 with an appropriate collation instead.",
                collation.name
            );
            warnings.push(warning(
                error_code::ER_WARN_DEPRECATED_UTF8MB3_COLLATION,
                text,
            ));
        }
    }
    Ok((CharacterSets::all(collation.id), warnings))
}

/// The same of `SET CHARACTER SET …`, by which the connection gets the schema's: the server's.
pub(super) fn character_set_of_client(
    name: Slice<'_>,
    default: u16,
    dialect: Dialect,
) -> Result<(CharacterSets, Vec<Warning>), Failure> {
    let (collation, warnings) = named(name, default, dialect)?;
    let sets = CharacterSets {
        connection: default,
        ..CharacterSets::all(collation.id)
    };
    Ok((sets, warnings))
}

fn named(
    names: Slice<'_>,
    default: u16,
    dialect: Dialect,
) -> Result<(&'static Collation, Vec<Warning>), Failure> {
    let syntax = || failures::syntax("", dialect.is_mariadb);
    let name = names.plain(0).ok_or_else(syntax)?;
    if is_default(names, 0) {
        let found = Collation::by_id(dialect.product(), default);
        return Ok((found.ok_or_else(syntax)?, Vec::new()));
    }
    let found = character_set(&name, dialect)?;
    if !found.is_for_clients() {
        let set = found.character_set;
        return Err(failures::wrong_value("character_set_client", set));
    }
    let warning = match name.to_lowercase().as_str() {
        "utf8" => Some(warning(
            error_code::ER_DEPRECATED_UTF8_ALIAS,
            ALIAS.to_owned(),
        )),
        "utf8mb3" => Some(warning(
            error_code::ER_WARN_DEPRECATED_SYNTAX,
            DEPRECATED.to_owned(),
        )),
        _ => None,
    };
    let warnings = warning.filter(|_| is_deprecated(dialect));
    Ok((found, warnings.into_iter().collect()))
}

fn is_default(names: Slice<'_>, index: usize) -> bool {
    matches!(names.get(index), Some((TokenKind::Word, word)) if word.eq_ignore_ascii_case("default"))
}

fn of_collation(variable: &str, id: u16, dialect: Dialect) -> Option<Value> {
    let found = Collation::by_id(dialect.product(), id)?;
    let name = match is_collation(variable) {
        true => found.name,
        false => found.character_set,
    };
    Some(shown(name, dialect))
}

fn shown(name: &'static str, dialect: Dialect) -> Value {
    Value::Text(dialect.name_of(name).into_owned())
}

fn character_set(name: &str, dialect: Dialect) -> Result<&'static Collation, Failure> {
    let by_id = || Collation::by_id(dialect.product(), name.parse().ok()?);
    let found = dialect.collation_of(name).or_else(by_id);
    found.ok_or_else(|| failures::unknown_character_set(name))
}

fn collation(name: &str, dialect: Dialect) -> Result<&'static Collation, Failure> {
    let by_id = || Collation::by_id(dialect.product(), name.parse().ok()?);
    let found = Collation::by_name(dialect.product(), name).or_else(by_id);
    found.ok_or_else(|| failures::unknown_collation(name))
}

fn is_character_set(name: &str) -> bool {
    let place = name.strip_prefix("character_set_");
    place.is_some_and(|place| PLACES.contains(&place))
}

fn is_collation(name: &str) -> bool {
    let place = name.strip_prefix("collation_");
    place.is_some_and(|place| matches!(place, "connection" | "server" | "database"))
}

fn is_deprecated(dialect: Dialect) -> bool {
    !dialect.is_mariadb && dialect.version >= 80_011
}

fn warning(code: u16, message: String) -> Warning {
    Warning {
        level: WarningLevel::Warning,
        code,
        message: message.into(),
    }
}

const PLACES: [&str; 6] = [
    "client",
    "connection",
    "results",
    "server",
    "database",
    "filesystem",
];
const ALIAS: &str = "'utf8' is currently an alias for the character set UTF8MB3, but will be an alias \
    for UTF8MB4 in a future release. Please consider using UTF8MB4 in order to be unambiguous.";
const DEPRECATED: &str =
    "'utf8mb3' is deprecated and will be removed in a future release. Please use utf8mb4 instead";
