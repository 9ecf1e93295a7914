use std::time::Duration;

use mynah_classic::response::SqlState;
use mynah_session::observe::{Answer, Outcome, ServerError, Timing};
use proptest::prelude::*;

use super::*;
use crate::Connection;

fn holds(filter: &str) -> bool {
    let about = Connection {
        id: 7,
        client: "10.0.0.1:5000".into(),
        user: "ada".into(),
        schema: "shop".into(),
        ..Connection::default()
    };
    let answer = Answer {
        outcome: Outcome::Failed(ServerError {
            code: 1064,
            sql_state: Some(SqlState(*b"42000")),
            message: "no".into(),
        }),
        timing: Some(Timing {
            waited: Duration::from_millis(2),
            first_byte: Duration::from_millis(3),
            latency: Duration::from_millis(11),
        }),
        rows: 3,
        sent: 100,
        received: 5000,
        warnings: 2,
        ..Answer::none()
    };
    let record = Record {
        about: &about,
        answer: &answer,
        command: "QUERY",
        sql: b"SELECT * FROM Orders",
        foreign: None,
        given: &crate::trace::Given::NOTHING,
        secret: false,
        is_shown: false,
        statement: None,
        has_digest_text: false,
    };
    filter.parse::<Filter>().unwrap().holds(&record)
}

#[test]
fn conditions_hold_or_not() {
    for filter in [
        r#"command = query and sql ~ "orders" and latency > 10ms"#,
        "user=ada",
        "schema = 'shop' and client ~ 10.0.0.",
        "error = 1064 and state = 42000",
        "not error = 0",
        "rows >= 3 and rows <= 3 and rows != 4",
        "bytes > 4k AND received < 1m",
        "user = bob or user = ada",
        "(user = bob or user = ada) and not (rows = 0)",
        "user = bob and rows = 1 or rows = 3",
        "sql !~ delete and command != ping",
        "latency < 1s and latency > 10999us",
        "waited = 2ms and first_byte = 3ms",
        "connection = 7",
    ] {
        assert!(holds(filter), "{filter}");
    }
    for filter in [
        "user = bob",
        "user = bob and rows = 3 or rows = 1",
        "user = bob and (rows = 3 or rows = 1)",
        "sql = orders",
        "latency > 11ms",
    ] {
        assert!(!holds(filter), "{filter}");
    }
}

#[test]
fn fields_of_commands_are_distinguished_from_those_of_connections() {
    for (filter, field) in [
        ("user = ada and (client ~ 10. or connection = 7)", None),
        ("user = ada or not sql ~ x", Some("sql")),
        ("user = ada and kind = select", Some("kind")),
        ("table = t or digest = x", Some("table")),
        ("effect = begin or sets = sql_mode", Some("effect")),
        ("latency > 1s", Some("latency")),
    ] {
        let parsed = filter.parse::<Filter>().unwrap();
        assert_eq!(parsed.field_of_commands(), field, "{filter}");
    }
}

#[test]
fn errors_point_at_the_column() {
    for (filter, column, expected) in [
        ("", 1, "not, (, or one of"),
        ("command", 8, "=, !=, ~ or !~"),
        ("command = ", 11, "a word or a text"),
        ("commands = query", 1, "not, (, or one of"),
        ("command = query and", 20, "not, (, or one of"),
        ("command = query andy rows = 1", 17, "and, or, or the end"),
        ("latency > 10", 11, "a time like"),
        ("latency > 10k", 11, "a time like"),
        ("rows > 10ms", 8, "a number"),
        ("rows ~ 1", 6, "=, !=, <"),
        ("(rows = 1", 10, "and, or, or )"),
        ("sql ~ \"é", 9, "a closing quote"),
        ("rows = 1)", 9, "and, or, or the end"),
        ("rows = 99999999999999999999", 8, "a number"),
        ("command = qury", 11, "QUERY, QUIT, REFRESH"),
        (
            "kind = selct",
            8,
            "a kind of statement (one of select, locking_select",
        ),
        ("effect = lock", 10, "an effect (one of unknown, variable"),
        ("kind ~ zz", 8, "a kind of statement (one of"),
        ("table < t", 7, "=, !=, ~ or !~"),
        ("not command != 'qury'", 16, "a command (one of"),
        ("command ~ zz", 11, "a command (one of"),
        ("user = a and state = 4200", 22, "five characters"),
        ("rows < 0", 8, "a number that it can have"),
        ("error = 65536", 9, "a number that it can have"),
        ("connection > 4294967295", 14, "a number that it can have"),
    ] {
        let error = filter.parse::<Filter>().unwrap_err();
        assert_eq!(error.column, column, "{filter}: {error}");
        assert!(error.to_string().contains(expected), "{filter}: {error}");
    }
    assert!("(".repeat(100_000).parse::<Filter>().is_err());
    assert!("not ".repeat(100_000).parse::<Filter>().is_err());
}

#[test]
fn a_filter_says_what_it_asks_of_statements() {
    for (filter, outlines, digests) in [
        ("sql ~ x and latency > 1s", false, false),
        ("sql ~ x or not kind = select", true, false),
        ("table != t", true, false),
        ("digest = x and table = t", true, true),
        ("digest = x", false, true),
    ] {
        let wants = filter.parse::<Filter>().unwrap().wants();
        assert_eq!(
            (wants.outlines, wants.digests),
            (outlines, digests),
            "{filter}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_grammar(text in "[a-z(~=!<> \"'0-9é]{0,60}") {
        if let Err(error) = text.parse::<Filter>() {
            prop_assert!(error.column <= text.chars().count() + 1);
        }
    }
}
