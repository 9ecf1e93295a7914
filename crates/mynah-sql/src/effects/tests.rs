mod statements;

use proptest::prelude::*;

use super::*;
use crate::outline::tests::statements as outlines;
use crate::{Characters, Comments, Outline, Reading, StatementKind};
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

/// The effects, and the variables behind them.
fn effects(sql: &str, reading: Reading) -> String {
    let effects = Effects::of(sql.as_bytes(), reading);
    let names = effects.iter().map(|effect| effect.name().to_owned());
    let set = effects.assignments.iter().map(|assignment| {
        let text = |range: &std::ops::Range<usize>| &sql[range.clone()];
        let value = match &assignment.value {
            Value::Default => "!".to_owned(),
            Value::Literal(range) => format!("={}", text(range)),
            Value::Expression(range) => format!("~{}", text(range)),
            Value::Elsewhere => String::new(),
        };
        format!("{assignment}{value}")
    });
    names.chain(set).collect::<Vec<_>>().join(" ")
}

/// Panics unless each statement has the effects that stand beside it.
fn check(statements: &[(&str, &str)], reading: Reading) {
    let differs = |(sql, want): &(&str, &str)| {
        let found = effects(sql, reading);
        (found != *want).then(|| format!("{sql}\n  is    {found}\n  not   {want}"))
    };
    let different: Vec<_> = statements.iter().filter_map(differs).collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn statements_have_their_effects() {
    check(STATEMENTS, MYSQL);
    check(STATEMENTS, MARIADB);
}

#[test]
fn statements_that_one_family_has() {
    check(OF_MYSQL, MYSQL);
    check(OF_MARIADB, MARIADB);
}

#[test]
fn the_quotes_decide_what_is_a_value() {
    let ansi = Reading {
        ansi_quotes: true,
        ..MYSQL
    };
    let sql = r#"set sql_mode = "ANSI", "b" = 1"#;
    assert_eq!(effects(sql, ansi), r#"variable sql_mode="ANSI" b=1"#);
    assert_eq!(effects(sql, MYSQL), r#"unknown variable sql_mode="ANSI""#);
}

#[test]
fn a_text_whose_end_is_not_certain_is_unknown() {
    for sql in [
        "select 'a",
        "select 1 /* a",
        "select 1 /*!80000 + 1",
        "select $$a$$",
    ] {
        let effects = Effects::of(sql.as_bytes(), MYSQL);
        assert!(effects.has(Effect::Unknown), "{sql}");
    }
}

#[test]
fn more_variables_than_are_kept_are_unknown() {
    let names: Vec<_> = (0..300).map(|number| format!("@v{number} = 1")).collect();
    let effects = Effects::of(format!("set {}", names.join(", ")).as_bytes(), MYSQL);
    assert_eq!(effects.assignments.len(), 256);
    assert!(effects.has(Effect::Unknown));
}

#[test]
fn an_unknown_family_knows_what_both_have() {
    let reading = Reading {
        comments: Comments::All,
        ..MYSQL
    };
    assert_eq!(effects("select concat('a')", reading), "");
    for of_one in ["select regexp_like('a', 'b')", "select nvl(1, 2)"] {
        assert_eq!(effects(of_one, reading), "unknown_function");
    }
}

#[test]
fn effects_of_several_readings_are_joined() {
    let mut one = Effects::of(b"set @a = 1; use x", MYSQL);
    let other = Effects::of(b"set @a = 2, sql_mode = ''; use y", MYSQL);
    assert!(!one.covers(&other));
    one.join(other.clone());
    assert!(one.covers(&other));
    let names: Vec<_> = one.assignments.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["@a", "sql_mode"]);
    assert_eq!(one.schema.as_deref(), Some(&b"y"[..]));
}

#[test]
fn each_effect_has_a_name_and_a_bit_of_its_own() {
    let mut names: Vec<_> = Effect::ALL.iter().map(|effect| effect.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Effect::ALL.len());
    for (place, effect) in Effect::ALL.iter().enumerate() {
        assert_eq!(effect.bit(), 1 << place, "{effect}");
    }
}

#[test]
fn the_tables_are_in_order() {
    for names in [tables::mysql::NAMES, tables::mariadb::NAMES] {
        let lists = [names.anywhere, names.without_quotes, names.adjacent];
        for list in lists {
            assert!(list.is_sorted_by(|a, b| a < b));
            assert!(list.iter().all(|name| *name == name.to_ascii_uppercase()));
        }
        let count: usize = lists.iter().map(|list| list.len()).sum();
        let mut all = lists.concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a name is in one list");
        for name in ["GET_LOCK", "LAST_INSERT_ID", "ROW_COUNT", "CONNECTION_ID"] {
            assert!(all.contains(&name), "{name}");
        }
    }
}

/// The effects that show the kind of a statement; none for kinds without effects of their own.
fn of_kind(kind: StatementKind) -> &'static [Effect] {
    match kind {
        StatementKind::Load => &[Effect::Load],
        StatementKind::Call => &[Effect::Call],
        StatementKind::Handler => &[Effect::Handler],
        StatementKind::Account => &[Effect::Account],
        StatementKind::Set => &[
            Effect::Variable,
            Effect::GlobalVariable,
            Effect::CharacterSet,
            Effect::UserVariable,
            Effect::Role,
            Effect::ResourceGroup,
            Effect::NextTransaction,
        ],
        StatementKind::Use => &[Effect::Schema],
        StatementKind::Transaction => {
            &[Effect::Begin, Effect::End, Effect::Chain, Effect::Savepoint]
        }
        StatementKind::Lock => &[
            Effect::TableLock,
            Effect::TableUnlock,
            Effect::BackupLock,
            Effect::BackupUnlock,
        ],
        StatementKind::Prepare => &[Effect::Prepare],
        StatementKind::Execute => &[Effect::Execute],
        StatementKind::Deallocate => &[Effect::Deallocate],
        StatementKind::Kill => &[Effect::Kill],
        StatementKind::Unknown => &[Effect::Unknown],
        _ => &[],
    }
}

#[test]
fn effects_agree_with_the_kinds_of_statements() {
    let all = [
        (outlines::STATEMENTS, MYSQL),
        (outlines::STATEMENTS, MARIADB),
        (outlines::OF_MYSQL, MYSQL),
        (outlines::OF_MARIADB, MARIADB),
    ];
    for (statements, reading) in all {
        for (sql, _) in statements {
            let (outline, effects) = Effects::with_outline(sql.as_bytes(), reading);
            assert_eq!(outline, Outline::of(sql.as_bytes(), reading), "{sql}");
            assert_eq!(effects, Effects::of(sql.as_bytes(), reading), "{sql}");
            // The query that WITH is for is missing.
            if *sql == "with c as (select 1)" {
                continue;
            }
            let wanted = of_kind(outline.kind);
            let has = |effect: &Effect| effects.has(*effect);
            assert!(
                wanted.is_empty() || wanted.iter().any(has),
                "{sql}: {} has {effects:?}",
                outline.kind
            );
            let is_known = !matches!(
                outline.kind,
                StatementKind::Unknown | StatementKind::Several
            );
            if is_known && effects.has(Effect::Unknown) {
                println!("unknown: {sql}");
            }
        }
    }
}

proptest! {
    /// Statements of the tables, with other white space, in capitals and with comments.
    #[test]
    fn case_and_comments_make_no_difference(place in 0..STATEMENTS.len(), comment in "[a-z ']{0,8}") {
        let (sql, want) = STATEMENTS[place];
        let names = |text: &str| text.split(' ').take_while(|word| !word.contains(['@', '=', '~', '!'])).map(str::to_ascii_lowercase).collect::<Vec<_>>();
        if !sql.contains(['\'', '`', '"', '#', '/', '-']) {
            let commented = sql.replace(' ', &format!(" /*{comment}*/\n"));
            prop_assert_eq!(names(&effects(&commented, MYSQL)), names(want));
            prop_assert_eq!(names(&effects(&sql.to_ascii_uppercase(), MYSQL)), names(want));
        }
    }

    /// A text has the effects of each of its statements.
    #[test]
    fn a_text_has_the_effects_of_its_statements(one in 0..STATEMENTS.len(), other in 0..STATEMENTS.len()) {
        let (first, second) = (STATEMENTS[one].0, STATEMENTS[other].0);
        let joined = Effects::of(format!("{first};{second}").as_bytes(), MYSQL);
        prop_assert!(joined.covers(&Effects::of(first.as_bytes(), MYSQL)));
        let second = Effects::of(second.as_bytes(), MYSQL);
        prop_assert!(second.iter().all(|effect| joined.has(effect)) || joined.has(Effect::Unknown));
    }

    /// Words and signs in any order have effects, too.
    #[test]
    fn any_words_have_effects(how: u8, words in proptest::collection::vec(proptest::sample::select(WORDS), 0..40)) {
        crate::fuzz::pieces(&[&[how], words.join(" ").as_bytes()].concat());
        crate::fuzz::pieces(&[&[how], words.concat().as_bytes()].concat());
    }
}

const WORDS: &[&str] = &[
    "select",
    "set ",
    "@",
    "@@",
    "a",
    "b ",
    ":=",
    ":",
    "=",
    "(",
    ")",
    ",",
    ";",
    ".",
    " ",
    "global ",
    "session ",
    "transaction ",
    "read ",
    "only",
    "names ",
    "character ",
    "into ",
    "load data ",
    "local ",
    "insert ",
    "create ",
    "temporary ",
    "table ",
    "procedure ",
    "drop ",
    "begin",
    "work",
    "commit ",
    "and ",
    "no ",
    "chain",
    "release",
    "rollback ",
    "to ",
    "with ",
    "as ",
    "last_insert_id",
    "get_lock",
    "concat",
    "f",
    "now",
    "'x'",
    "`y`",
    "\"z\"",
    "1",
    "?",
    "-",
    "/*!",
    "*/",
    "--\n",
    "#",
    "explain ",
    "analyze ",
    "statement ",
    "for ",
    "password ",
    "role ",
    "default ",
    "current_user",
    "user ",
    "grant ",
    "call ",
    "use ",
    "show ",
    "warnings",
    "get ",
    "diagnostics ",
    "next ",
    "value ",
];
