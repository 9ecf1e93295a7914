use std::fmt;

use mynah_expect::Value;

use crate::{Column, Identity, PartName, Rules};

/// A difference between two recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the part in which the statement is.
    pub part: PartName,
    /// The text of the statement whose entries differ; `all statements` if only one recording has the part.
    pub statement: String,
    /// Where in the statement or its answer the difference is, in words: `value 1 (id)`, `row 2, name`; or
    /// that only one recording has the statement or the part: `only in the first recording`.
    pub place: String,
    /// The value in the first recording; `None` for NULL, if the recording has none, or if the difference isn't one of
    /// values.
    pub one: Option<String>,
    /// The value in the second recording; `None` for NULL, if the recording has none, or if the difference isn't one of
    /// values.
    pub other: Option<String>,
    /// A proposed rule by which the values at this place count as volatile; `None` if no rule can name them.
    pub rule: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |text: &Option<String>| match text {
            Some(text) => format!("'{}'", short(text)),
            None => "nothing".to_owned(),
        };
        write!(
            f,
            "{}: {}: {}",
            self.part,
            short(&self.statement),
            self.place
        )?;
        match (&self.one, &self.other) {
            (None, None) => Ok(()),
            (one, other) => write!(f, ": {} and {}", said(one), said(other)),
        }
    }
}

/// One line, and no more of it than is read.
pub(crate) fn short(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// A rule for two values that differ. `column` is the rule by the column, if it is known, and `number` that by the place
/// in the statement.
pub(super) fn rule(
    one: &Value,
    other: &Value,
    column: Option<String>,
    number: Option<String>,
) -> Option<String> {
    let (text, other_text) = (one.to_text()?, other.to_text()?);
    let is_whole = |rule: &str| {
        let rules = Rules::parse([rule]).unwrap_or_default();
        rules.is_all_of(&text) && rules.is_all_of(&other_text)
    };
    // A column of ids may have others than these.
    let is_uuid = |value: &Value| matches!(Identity::of(value), Some(Identity::Uuid(_)));
    if is_uuid(one) && is_uuid(other) {
        return Some(UUID.to_owned());
    }
    let part = [UUID, MOMENT, DATE].into_iter().find(|rule| {
        let rules = Rules::parse([rule]).unwrap_or_default();
        !is_whole(rule) && rules.is_same_but_for_spans(&text, &other_text)
    });
    let of_type = || [MOMENT, DATE].into_iter().find(|rule| is_whole(rule));
    part.map(str::to_owned)
        .or(column)
        .or_else(|| of_type().map(str::to_owned))
        .or(number)
}

/// A value as it is shown: bytes in hex.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Bytes(_) => Some(value.to_string()),
        value => value.to_text(),
    }
}

/// The rule by a column of a result.
pub(super) fn of_column(column: &Column) -> Option<String> {
    let name = match column.orig_name.is_empty() {
        true => &column.name,
        false => &column.orig_name,
    };
    let table = match column.orig_table.is_empty() {
        true => &column.table,
        false => &column.orig_table,
    };
    if name.eq_ignore_ascii_case("connection_id()") {
        return Some("type:thread_id".to_owned());
    }
    Some(
        match table.is_empty() || table.contains('.') || name.contains('.') {
            true => format!("column:{}", name.rsplit('.').next()?),
            false => format!("column:{table}.{name}"),
        },
    )
}

const UUID: &str = "type:uuid";
const MOMENT: &str = "type:timestamp";
const DATE: &str = "type:date";

/// How many characters of a text are shown.
const LONGEST: usize = 80;
