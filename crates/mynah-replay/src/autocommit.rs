use mynah_sql::{Assignment, Effects, Reading, Scope, Value};

/// What a SET says of the session's autocommit. A value that isn't known, such as that of a placeholder, counts as on: what
/// the recording answers then counts as committed at once, so that no connection misses it.
pub(crate) fn autocommit(text: &str, reading: Reading) -> Option<bool> {
    let assignments = Effects::of(text.as_bytes(), reading).assignments;
    let is_autocommit =
        |one: &&Assignment| one.scope == Scope::Session && one.name == b"autocommit";
    let last = assignments.iter().rfind(is_autocommit)?;
    let Value::Literal(range) = &last.value else {
        return Some(true);
    };
    let value = text.get(range.clone()).unwrap_or_default();
    let value = value.trim_matches(['\'', '"']).to_ascii_uppercase();
    Some(!matches!(value.as_str(), "0" | "OFF" | "FALSE"))
}
