use std::str::FromStr;
use std::sync::LazyLock;

use mynah_expect::Statement;
use regex::Regex;
use thiserror::Error;

use crate::Column;

/// Which values are volatile.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// Those of a column, in rows and in statements.
    Column {
        schema: Option<String>,
        table: Option<String>,
        name: String,
    },
    /// The so many-th value of a statement, bound or written, of those that begin like this.
    Parameter {
        number: usize,
        beginning: String,
    },
    /// What a pattern matches, anywhere in a value.
    Literal(Regex),
    Type(Kind),
}

/// A type of values that are volatile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Uuid,
    Timestamp,
    Date,
    ThreadId,
    LastInsertId,
    Gtid,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// In a statement.
    Sent {
        about: &'a SentIn,
        /// Which of its values it is, from 1.
        number: usize,
        column: Option<&'a str>,
    },
    /// In a row.
    Cell(&'a Column),
    LastInsertId,
    /// The id that a server generated for a document.
    DocumentId,
    Gtid,
    /// In a text for people, or in an attribute.
    Text,
}

/// What rules ask of the statement that a value stands in.
#[derive(Clone, Debug)]
pub(super) struct SentIn {
    names: Vec<String>,
    /// In lower case, with one blank where there is white space.
    text: String,
}

impl SentIn {
    pub(super) fn new(statement: &Statement) -> Self {
        let words = statement.text().split_whitespace();
        Self {
            names: statement.names(),
            text: words.collect::<Vec<_>>().join(" ").to_lowercase(),
        }
    }
}

impl Place<'_> {
    /// The name of the column that the value is of, in lower case.
    pub(super) fn column(&self) -> Option<String> {
        match self {
            Self::Sent { column, .. } => column.map(str::to_owned),
            Self::Cell(column) => Some(name_of(column).to_lowercase()),
            Self::DocumentId => Some(DOCUMENT_ID.to_owned()),
            _ => None,
        }
    }
}

impl Rule {
    /// Whether the whole value at this place is volatile.
    pub(super) fn is_whole(&self, place: &Place<'_>) -> bool {
        match (self, place) {
            (Self::Column { name, table, .. }, Place::Sent { about, column, .. }) => {
                let is_of_table = |table: &String| about.names.contains(table);
                column.is_some_and(|column| column == name) && table.iter().all(is_of_table)
            }
            (
                Self::Column {
                    schema,
                    table,
                    name,
                },
                Place::Cell(column),
            ) => {
                is_same(&column.orig_name, &column.name, name)
                    && table
                        .iter()
                        .all(|table| is_same(&column.orig_table, &column.table, table))
                    && schema
                        .iter()
                        .all(|schema| column.schema.eq_ignore_ascii_case(schema))
            }
            (Self::Column { name, .. }, Place::DocumentId) => name == DOCUMENT_ID,
            (
                Self::Parameter { number, beginning },
                Place::Sent {
                    about,
                    number: place,
                    ..
                },
            ) => number == place && about.text.starts_with(beginning),
            (Self::Type(Kind::ThreadId), Place::Sent { about, .. }) => {
                about.names.first().is_some_and(|word| word == "kill")
            }
            (Self::Type(Kind::ThreadId), Place::Cell(column)) => {
                let name = column.name.to_ascii_lowercase();
                name == "connection_id()" || name.ends_with("pseudo_thread_id")
            }
            (Self::Type(Kind::LastInsertId), Place::LastInsertId)
            | (Self::Type(Kind::Gtid), Place::Gtid) => true,
            (Self::Type(Kind::LastInsertId), Place::Cell(column)) => {
                column.name.eq_ignore_ascii_case("last_insert_id()")
            }
            _ => false,
        }
    }

    /// The pattern of what is volatile within a value.
    pub(super) fn pattern(&self) -> Option<&Regex> {
        match self {
            Self::Literal(pattern) => Some(pattern),
            Self::Type(Kind::Uuid) => Some(&UUID),
            Self::Type(Kind::Timestamp) => Some(&MOMENT),
            Self::Type(Kind::Date) => Some(&DATE),
            _ => None,
        }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (kind, rest) = text.split_once(':').ok_or(RuleError::NoKind)?;
        if rest.is_empty() {
            return Err(RuleError::Empty(kind.to_owned()));
        }
        match kind {
            "column" => {
                // From the right, because the schema and the table may be left out: `schema.table.column`.
                let mut parts = rest.rsplitn(3, '.').map(str::to_lowercase);
                Ok(Self::Column {
                    name: parts.next().unwrap_or_default(),
                    table: parts.next(),
                    schema: parts.next(),
                })
            }
            "parameter" => {
                let (number, beginning) = rest.split_once(':').unwrap_or((rest, ""));
                let number: Option<usize> = number.parse().ok().filter(|number| *number > 0);
                let words: Vec<_> = beginning.split_whitespace().collect();
                Ok(Self::Parameter {
                    number: number.ok_or_else(|| RuleError::Number(rest.to_owned()))?,
                    beginning: words.join(" ").to_lowercase(),
                })
            }
            "literal" => Regex::new(rest).map(Self::Literal).map_err(|error| {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default();
                RuleError::Pattern(last.trim_start_matches("error: ").to_owned())
            }),
            "type" => {
                let kind = KINDS.iter().find(|(name, _)| *name == rest);
                let kind = kind.ok_or_else(|| RuleError::Type(rest.to_owned()))?;
                Ok(Self::Type(kind.1))
            }
            other => Err(RuleError::Kind(other.to_owned())),
        }
    }
}

/// The column of documents' ids.
const DOCUMENT_ID: &str = "_id";

/// Why a text isn't a rule for volatile values.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The text has no colon.
    #[error("a rule is column:NAME, parameter:NUMBER, literal:PATTERN or type:TYPE")]
    NoKind,
    /// The text begins with this word, which is no kind of rule.
    #[error("'{0}' isn't a kind of rule; there are column, parameter, literal and type")]
    Kind(String),
    /// Nothing follows the colon after the rule's kind, as in `column:`; this is the text before the colon.
    #[error("{0}: what?")]
    Empty(String),
    /// The rule `parameter:` has this text in place of a number from 1 on.
    #[error("parameter:{0} has no number from 1 on")]
    Number(String),
    /// The pattern isn't a regular expression, for this reason.
    #[error("literal: {0}")]
    Pattern(String),
    /// The rule `type:` has this name, which is no type.
    #[error(
        "type:{0} isn't known; there are uuid, timestamp, date, thread_id, last_insert_id and gtid"
    )]
    Type(String),
}

/// A column's own name, or that which it has in the result.
fn name_of(column: &Column) -> &str {
    match column.orig_name.is_empty() {
        true => &column.name,
        false => &column.orig_name,
    }
}

fn is_same(original: &str, alias: &str, wanted: &str) -> bool {
    [original, alias]
        .iter()
        .any(|name| name.to_lowercase() == wanted)
}

const KINDS: [(&str, Kind); 6] = [
    ("uuid", Kind::Uuid),
    ("timestamp", Kind::Timestamp),
    ("date", Kind::Date),
    ("thread_id", Kind::ThreadId),
    ("last_insert_id", Kind::LastInsertId),
    ("gtid", Kind::Gtid),
];

/// With dashes, or 32 digits of which some say that they are a UUID.
static UUID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15})\b",
    )
});

static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")
});

static DATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d{4}-\d\d-\d\d\b"));

#[expect(clippy::expect_used, reason = "a test parses each of them")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this file")
}
