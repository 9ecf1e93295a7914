use proptest::prelude::*;

use crate::condition::{Condition, Match};
use crate::needle::Needle;
use crate::{Field, Filter, Kind, Record, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Command,
    Sql,
    State,
    Rows,
    Error,
    Sent,
    Latency,
    Waited,
}

impl Field for Of {
    const ALL: &'static [Self] = &[
        Self::Command,
        Self::Sql,
        Self::State,
        Self::Rows,
        Self::Error,
        Self::Sent,
        Self::Latency,
        Self::Waited,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Sql => "sql",
            Self::State => "state",
            Self::Rows => "rows",
            Self::Error => "error",
            Self::Sent => "sent",
            Self::Latency => "latency",
            Self::Waited => "waited_for",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Command => Kind::OneOf {
                what: "a command",
                names: &["QUERY", "QUIT"],
            },
            Self::Sql => Kind::Text,
            Self::State => Kind::SqlState,
            Self::Rows => Kind::Number { most: u64::MAX },
            Self::Error => Kind::Number { most: 65_535 },
            Self::Sent => Kind::Size,
            Self::Latency | Self::Waited => Kind::Time,
        }
    }
}

struct Statement;

impl Record<Of> for Statement {
    fn value(&self, field: Of) -> Value<'_> {
        match field {
            Of::Command => Value::Text(b"QUERY"),
            Of::Sql => Value::Text(b"SELECT * FROM Orders"),
            Of::State => Value::Text(b"42000"),
            Of::Rows => Value::Number(3),
            Of::Error => Value::Number(1064),
            Of::Sent => Value::Number(5000),
            Of::Latency => Value::Number(11_000),
            Of::Waited => Value::Absent,
        }
    }
}

#[test]
fn conditions_hold_or_not() {
    let holds = |filter: &str| filter.parse::<Filter<Of>>().unwrap().holds(&Statement);
    for filter in [
        r#"command = query and sql ~ "orders" and latency > 10ms"#,
        "SQL ~ '' and sql !~ delete",
        "error = 1064 and state = 42000",
        "not error = 0",
        "rows >= 3 and rows <= 3 and rows != 4",
        "sent > 4k AND sent < 1m",
        "rows = 1 or rows = 3",
        "(rows = 1 or rows = 3) and not (error = 0)",
        "rows = 0 and error = 1 or rows = 3",
        "latency < 1s and latency > 10999us",
        "not waited_for = 1us",
    ] {
        assert!(holds(filter), "{filter}");
    }
    for filter in [
        "rows = 1",
        "rows = 1 and error = 1064 or rows = 2",
        "rows = 1 and (error = 1064 or rows = 3)",
        "sql = orders",
        "latency > 11ms",
        "waited_for != 1us",
    ] {
        assert!(!holds(filter), "{filter}");
    }
}

#[test]
fn the_first_field_is_found_of_which_something_is_so() {
    let filter: Filter<Of> = "not (rows = 1 or sql ~ x) and error = 1".parse().unwrap();
    let found = filter.find_field(|field| matches!(field, Of::Error | Of::Sql));
    assert_eq!(found, Some(Of::Sql));
    assert_eq!(filter.find_field(|field| field == Of::Sent), None);
}

#[test]
fn errors_point_at_the_column() {
    for (filter, column, expected) in [
        ("", 1, "not, (, or one of command, sql, state"),
        ("command", 8, "=, !=, ~ or !~"),
        ("command = ", 11, "a word or a text"),
        ("commands = query", 1, "not, (, or one of"),
        ("command = query and", 20, "not, (, or one of"),
        ("command = query andy rows = 1", 17, "and, or, or the end"),
        ("latency > 10", 11, "a time like"),
        ("latency > 10k", 11, "a time like"),
        ("rows > 10ms", 8, "a number"),
        ("rows > 10k", 8, "a number"),
        ("sent > 10x", 8, "a number, or one with k, m or g"),
        ("rows ~ 1", 6, "=, !=, <"),
        ("(rows = 1", 10, "and, or, or )"),
        ("sql ~ \"é", 9, "a closing quote"),
        ("rows = 1)", 9, "and, or, or the end"),
        ("rows = 99999999999999999999", 8, "a number"),
        ("sql !~ \"\"", 8, "a text that isn't empty"),
        ("command = qury", 11, "a command (one of QUERY, QUIT)"),
        ("not command != 'qury'", 16, "a command (one of"),
        ("command ~ zz", 11, "a command (one of"),
        ("rows = 1 and state = 4200", 22, "five characters"),
        ("rows < 0", 8, "a number that it can have"),
        ("error = 65536", 9, "a number that it can have"),
    ] {
        let error = filter.parse::<Filter<Of>>().unwrap_err();
        assert_eq!(error.column, column, "{filter}: {error}");
        assert!(error.to_string().contains(expected), "{filter}: {error}");
    }
    assert!("(".repeat(100_000).parse::<Filter<Of>>().is_err());
    assert!("not ".repeat(100_000).parse::<Filter<Of>>().is_err());
}

#[test]
fn long_texts_are_found_in_long_texts() {
    let long = "ab".repeat(100_000);
    for part in [
        "b".to_owned() + &"AB".repeat(50_000),
        "ba".repeat(100),
        "aba".into(),
    ] {
        assert!(Needle::part(part).unwrap().is_in(long.as_bytes()));
    }
    for part in ["ab".repeat(50_000) + "b", "ab".repeat(100) + "c"] {
        assert!(!Needle::part(part).unwrap().is_in(long.as_bytes()));
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_grammar(text in "[a-z(~=!<> \"'0-9é]{0,60}") {
        crate::fuzz::grammar(text.as_bytes());
    }

    #[test]
    fn quoted_texts_are_read_whole(text in any::<String>()) {
        let filter = format!("sql = \"{}\"", text.replace('"', "\"\""));
        let parsed = filter.parse::<Filter<Of>>().unwrap();
        let wanted = Needle::whole(text);
        prop_assert_eq!(parsed, Filter(Condition::Text(Of::Sql, Match::Is, wanted)));
    }

    #[test]
    fn what_contains_a_text_is_as_a_search_byte_by_byte_finds_it(
        text in "[aAbB]{0,20}", part in "[aAbB]{0,4}"
    ) {
        let (text, part) = (text.as_bytes(), part.as_bytes());
        let found = part.is_empty() || text.windows(part.len()).any(|w| w.eq_ignore_ascii_case(part));
        let needle = Needle::part(String::from_utf8(part.to_vec()).unwrap()).unwrap();
        prop_assert_eq!(needle.is_in(text), found);
    }
}

/// The tables of a statement.
struct Tables(Vec<String>);

impl Record<Of> for Tables {
    fn value(&self, field: Of) -> Value<'_> {
        match field {
            Of::Sql => Value::Texts(&self.0),
            _ => Value::Absent,
        }
    }
}

#[test]
fn one_of_several_texts_is_enough_to_be_equal_and_none_may_be_to_differ() {
    let both = Tables(vec!["Orders".to_owned(), "shop.log".to_owned()]);
    let none = Tables(Vec::new());
    for (filter, of_both, of_none) in [
        ("sql = orders", true, false),
        ("sql = log", false, false),
        ("sql ~ shop.", true, false),
        ("sql != orders", false, true),
        ("sql != users", true, true),
        ("sql !~ log", false, true),
        ("sql !~ users", true, true),
        ("not sql = orders", false, true),
        ("state != 42000", false, false),
    ] {
        let parsed: Filter<Of> = filter.parse().unwrap();
        let found = (parsed.holds(&both), parsed.holds(&none));
        assert_eq!(found, (of_both, of_none), "{filter}");
    }
}
