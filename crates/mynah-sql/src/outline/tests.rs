pub(crate) mod statements;

use proptest::prelude::*;

use super::*;
use crate::{Characters, Comments};
use statements::{OF_MARIADB, OF_MYSQL, STATEMENTS};

const MYSQL: Reading = Reading {
    ansi_quotes: false,
    no_backslash_escapes: false,
    comments: Comments::OfServer {
        version: 90_704,
        is_mariadb: false,
    },
    characters: Characters::Ascii,
};

const MARIADB: Reading = Reading {
    comments: Comments::OfServer {
        version: 110_809,
        is_mariadb: true,
    },
    ..MYSQL
};

/// The kind, and the tables behind it.
fn outline(sql: &str, reading: Reading) -> String {
    let outline = Outline::of(sql.as_bytes(), reading);
    let mut text = outline.kind.name().to_owned();
    for table in outline.tables {
        text += &format!(" {table}");
    }
    text
}

/// Panics unless each statement has the outline that stands beside it.
fn check(statements: &[(&str, &str)], reading: Reading) {
    let differs = |(sql, want): &(&str, &str)| {
        let found = outline(sql, reading);
        (found != *want).then(|| format!("{sql}\n  is    {found}\n  not   {want}"))
    };
    let different: Vec<_> = statements.iter().filter_map(differs).collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn statements_have_their_kinds_and_tables() {
    check(STATEMENTS, MYSQL);
    check(STATEMENTS, MARIADB);
}

#[test]
fn families_differ_where_their_servers_do() {
    for (sql, mysql, mariadb) in [
        ("select 1 /*!80000 from t */", "select t", "select"),
        ("select 1 /*M!100100 from t */", "select", "select t"),
        ("select 1 /*!999999 from t */", "select", "select"),
        ("drop /*!90000 table t */ /*M! view v */", "ddl t", "ddl v"),
    ] {
        assert_eq!(outline(sql, MYSQL), mysql, "{sql}");
        assert_eq!(outline(sql, MARIADB), mariadb, "{sql}");
    }
}

#[test]
fn statements_that_one_family_has() {
    check(OF_MYSQL, MYSQL);
    check(OF_MARIADB, MARIADB);
}

#[test]
fn quotes_decide_what_is_a_name() {
    let ansi = Reading {
        ansi_quotes: true,
        ..MYSQL
    };
    let sql = r#"select "a" from "from" as "b""#;
    assert_eq!(outline(sql, ansi), "select from");
    assert_eq!(outline(sql, MYSQL), "select");
}

#[test]
fn more_tables_than_are_kept_are_noted() {
    let names: Vec<_> = (0..300).map(|number| format!("t{number}")).collect();
    let sql = format!("drop table {}", names.join(", "));
    let outline = Outline::of(sql.as_bytes(), MYSQL);
    assert_eq!((outline.tables.len(), outline.has_more_tables), (256, true));
}

#[test]
fn very_deep_parentheses_are_not_followed() {
    let sql = format!("select {}1", "(".repeat(100_000));
    assert_eq!(outline(&sql, MYSQL), "unknown");
}

#[test]
fn each_kind_has_a_name_of_its_own() {
    let mut names: Vec<_> = StatementKind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), StatementKind::ALL.len());
}

proptest! {
    /// Statements of a table, with a white space that differs, in capitals and with comments.
    #[test]
    fn case_and_comments_make_no_difference(place in 0..STATEMENTS.len(), comment in "[a-z ']{0,8}") {
        let (sql, want) = STATEMENTS[place];
        if !sql.contains(['\'', '`', '"', '#', '/', '-', '@', '.']) {
            let commented = sql.replace(' ', &format!(" /*{comment}*/\n"));
            prop_assert_eq!(outline(&commented, MYSQL), want);
            let upper = outline(&sql.to_ascii_uppercase(), MYSQL).to_ascii_lowercase();
            let mut lower = want.split(' ').collect::<Vec<_>>();
            lower.dedup_by_key(|name| name.to_ascii_lowercase());
            prop_assert_eq!(upper, lower.join(" ").to_ascii_lowercase());
        }
    }

    /// Words and signs in any order have an outline, too.
    #[test]
    fn any_words_have_an_outline(how: u8, words in proptest::collection::vec(proptest::sample::select(WORDS), 0..40)) {
        crate::fuzz::pieces(&[&[how], words.join(" ").as_bytes()].concat());
    }
}

const WORDS: &[&str] = &[
    "select",
    "from",
    "with",
    "recursive",
    "as",
    "(",
    ")",
    ",",
    ";",
    ".",
    "@",
    "=",
    "*",
    "{",
    "}",
    "t",
    "`a b`",
    "'c'",
    "1",
    "join",
    "on",
    "using",
    "table",
    "tables",
    "insert",
    "into",
    "replace",
    "update",
    "set",
    "delete",
    "values",
    "for",
    "lock",
    "in",
    "share",
    "explain",
    "analyze",
    "format",
    "statement",
    "create",
    "alter",
    "drop",
    "rename",
    "to",
    "like",
    "union",
    "references",
    "index",
    "view",
    "trigger",
    "definer",
    "show",
    "columns",
    "grant",
    "cycle",
    "restrict",
    "lateral",
    "use",
    "/*! ",
    "*/",
    "where",
    "if",
    "exists",
    "handler",
    "open",
    "duplicate",
    "flush",
    "load",
    "cache",
];
