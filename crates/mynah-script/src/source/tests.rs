mod rows;

use std::path::Path;

use mynah_classic::error_code::ER_UNKNOWN_ERROR;
use mynah_expect::{AnsweredBy, JournalEntry, Outcome as Ended};
use mynah_session::{Connection, Failure, Handler, Statement, StatementCommand};

use crate::{Globals, STACK_SIZE, Script, ScriptOptions, Session};

/// A script of this text, with a journal.
fn load(name: &str, script: &str) -> Script {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, script).unwrap();
    let mut options = ScriptOptions::default();
    options.tests.journal_limit = 100;
    let script = Script::load(Path::new(&path), options, Globals::new().into()).unwrap();
    assert_eq!(script.problem(), None);
    script
}

/// Uses a session of a script, on a thread that may run it.
fn with_session(script: &Script, ask: impl FnOnce(&mut Session) + Send) {
    let run = || {
        let mut session = script.worker().open(Connection { id: 7, port: 0 });
        ask(&mut session);
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_SIZE);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap();
    });
}

/// What the journal has after a session of this script was used.
fn seen(name: &str, script: &str, ask: impl FnOnce(&mut Session) + Send) -> Vec<JournalEntry> {
    let script = load(name, script);
    with_session(&script, ask);
    script.tests().shared().statements(|_| true)
}

fn run(session: &mut Session, texts: &[&'static str]) {
    for text in texts {
        let _reply = session.statement(&Statement::query(*text));
        session.on_answer(None);
    }
}

fn text(entry: &JournalEntry) -> &str {
    entry.call.statement.text()
}

fn has_failed(entry: &JournalEntry) -> bool {
    matches!(entry.outcome, Some(Ended::Error { .. }))
}

fn by_script(place: &'static str) -> AnsweredBy {
    AnsweredBy::Script(place.into())
}

#[test]
fn the_journal_says_which_entry_answers_a_statement_or_that_none_does() {
    let entries = r#"{"stmts": [
        {"stmt": "one", "ok": {}},
        {"stmt": "two", "error": {"code": 1, "message": "no"}}
    ], "strict": true}"#;
    for (name, script) in [
        ("t.json", entries.to_owned()),
        ("t.js", format!("({entries})")),
        (
            "array.js",
            format!("var impure = process.argv; ({entries})"),
        ),
    ] {
        let seen = seen(name, &script, |session| {
            run(
                session,
                &["one", "set names utf8mb4", "three", "two", "two"],
            );
        });
        let seen: Vec<_> = seen
            .iter()
            .map(|entry| (text(entry), entry.answered_by.clone(), has_failed(entry)))
            .collect();
        assert_eq!(
            seen,
            [
                ("one", by_script("entry 1"), false),
                ("set names utf8mb4", AnsweredBy::Prelude, false),
                ("three", AnsweredBy::Nothing, true),
                ("two", by_script("entry 2"), true),
                ("two", AnsweredBy::Nothing, true),
            ],
            "{name}"
        );
    }
}

#[test]
fn the_journal_has_what_a_function_answers_and_when_it_fails() {
    let function = r#"({stmts: function (stmt, call) {
        if (stmt === "throws") throw new Error("no");
        return stmt === "unknown" ? undefined : {ok: {}};
    }})"#;
    let seen = seen("t.js", function, |session| {
        run(session, &["known", "throws", "unknown"]);
        let _prepared = session.prepare(&Statement::new(StatementCommand::Prepare, "known"));
        let init_db = Statement::new(StatementCommand::InitDb, "shop");
        assert!(session.command(&init_db).is_some());
        session.on_answer(None);
        let ping = Statement::new(StatementCommand::Admin, "unknown");
        assert!(session.command(&ping).is_none());
        session.on_answer(None);
    });
    let seen: Vec<_> = seen
        .iter()
        .map(|entry| (text(entry), entry.answered_by.clone(), has_failed(entry)))
        .collect();
    assert_eq!(
        seen,
        [
            ("known", by_script("script"), false),
            ("throws", by_script("script"), true),
            ("unknown", AnsweredBy::Nothing, true),
            ("shop", by_script("script"), false),
            ("unknown", AnsweredBy::Session, false),
        ]
    );
}

#[test]
fn a_statement_is_pending_until_its_answer_goes_out() {
    let script = load(
        "t.json",
        r#"{"stmts": [{"ok": {}}, {"ok": {}}, {"ok": {}}]}"#,
    );
    let outcome = |index: usize| {
        let entries = script.tests().shared().statements(|_| true);
        entries[index].outcome.clone()
    };
    let ok = Some(Ended::Ok { affected_rows: 0 });
    with_session(&script, |session| {
        let _reply = session.statement(&Statement::query("a"));
        assert_eq!(outcome(0), None);
        session.on_answer(None);
        assert_eq!(outcome(0), ok);
        let _reply = session.statement(&Statement::query("cancelled"));
        session.on_answer(Some(&Failure::interrupted()));
        assert!(matches!(outcome(1), Some(Ended::Error { code: 1317, .. })));
        let _reply = session.statement(&Statement::query("never sent"));
    });
    assert_eq!(outcome(2), Some(Ended::Aborted));
}

#[test]
fn all_sessions_can_be_set_back_to_the_first_entry() {
    for (name, script) in [
        ("t.json", r#"{"stmts": [{"ok": {}}]}"#),
        (
            "array.js",
            "var impure = process.argv; ({stmts: [{ok: {}}]})",
        ),
    ] {
        let script = load(name, script);
        with_session(&script, |session| {
            run(session, &["a", "a"]);
            script.positions().reset();
            run(session, &["a"]);
        });
        let entries = script.tests().shared().statements(|_| true);
        let failed: Vec<_> = entries.iter().map(has_failed).collect();
        assert_eq!(failed, [false, true, false], "{name}");
    }
}

#[test]
fn a_script_in_place_of_another_takes_its_tests_over() {
    let old = load(
        "t.json",
        r#"{"stmts": [], "expectations": [{"stmt": "a", "ok": {}}]}"#,
    );
    with_session(&old, |session| run(session, &["a"]));
    let new = load("t.js", r#"({stmts: function () { return {ok: {}}; }})"#).in_place_of(&old);
    with_session(&new, |session| run(session, &["a"]));
    let entries = new.tests().shared().statements(|_| true);
    let label = "expectations[0], t.json line 1".into();
    let id = mynah_expect::ExpectationId(1);
    assert_eq!(
        entries[0].answered_by,
        AnsweredBy::Expectation { id, label }
    );
    assert_eq!(entries[1].answered_by, by_script("script"));
}

#[test]
fn an_error_with_templates_refuses_a_preparation() {
    let script = load(
        "t.json",
        r#"{"expectations": [
            {"stmt": "refused ?", "command": "prepare",
             "error": {"code": 1142, "sql_state": "42000", "message": "{{counter}}: {{statement}}"}},
            {"stmt": "no value ?", "command": "prepare", "error": {"message": "{{params.0}}"}},
            {"stmt": "said ?", "command": "prepare", "prepared": {"columns": [{"name": "{{statement}}", "type": "LONG"}]}},
            {"stmt": "executed ?", "error": {"message": "{{params.0}}"}}
        ]}"#,
    );
    with_session(&script, |session| {
        let mut prepare = |text: &'static str| session.prepare(&Statement::query(text));
        for count in 1..3 {
            let refused = prepare("refused ?").unwrap_err();
            assert_eq!(refused.code, 1142);
            assert_eq!(&refused.sql_state.0, b"42000");
            assert_eq!(refused.message, format!("{count}: refused ?").as_bytes());
        }
        let refused = prepare("no value ?").unwrap_err();
        assert_eq!(refused.code, ER_UNKNOWN_ERROR);
        let columns = prepare("said ?").unwrap().columns.unwrap();
        assert_eq!(columns[0].names.name(), b"said ?");
        // Only an expectation of `prepare` refuses.
        assert_eq!(prepare("executed ?").unwrap().columns, None);
    });
}

#[test]
fn a_forbidden_preparation_is_refused_and_unexpected_whatever_else_could_prepare_it() {
    let script = r#"{"expectations": [{"stmt": "select ?", "command": "prepare", "times": 0}],
        "stmts": [{"stmt": "select ?", "ok": {}}]}"#;
    for (name, script) in [
        ("t.json", script.to_owned()),
        ("t.js", format!("({script})")),
    ] {
        let script = load(name, &script);
        with_session(&script, |session| {
            for text in ["select ?", "select 1 + ?"] {
                let prepare = Statement::new(StatementCommand::Prepare, text);
                let refused = session
                    .prepare(&prepare)
                    .err()
                    .map(|failure| failure.message);
                let expected =
                    "this statement is forbidden (times: 0): select ?; closest: expectations[0]";
                let is_forbidden =
                    refused.is_some_and(|message| message.starts_with(expected.as_bytes()));
                assert_eq!(is_forbidden, text == "select ?", "{name}: {text}");
            }
        });
        let test = script.tests().shared();
        let seen =
            test.statements(|entry| matches!(entry.answered_by, AnsweredBy::Forbidden { .. }));
        assert_eq!(seen.len(), 1, "{name}");
        assert_eq!(test.report().unexpected_count, 1, "{name}");
        assert_eq!(test.report().unmet.len(), 1, "{name}");
    }
}

#[test]
fn an_answer_with_templates_has_columns_when_its_statement_is_prepared() {
    let script = load(
        "t.json",
        r#"{"expectations": [
            {"stmt": "typed ?", "result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [["{{params.0}}"]]}},
            {"stmt": "untyped ?", "result": {"columns": ["a"], "rows": [["{{params.0}}"]]}},
            {"stmt": "said ?", "ok": {"message": "{{now}}"},
             "prepared": {"columns": [{"name": "a", "type": "LONG"}, {"name": "b", "type": "LONG"}]}}
        ]}"#,
    );
    with_session(&script, |session| {
        for (text, columns) in [
            ("typed ?", Some(1)),
            ("untyped ?", None),
            ("said ?", Some(2)),
        ] {
            let prepared = session.prepare(&Statement::query(text)).unwrap();
            let found = prepared.columns.map(|columns| columns.len());
            assert_eq!(found, columns, "{text}");
        }
    });
}

#[test]
fn expectations_read_statements_as_the_server_does_that_the_script_greets_as() {
    for (version, is_met) in [("11.8.2-MariaDB", true), ("9.7.4", false)] {
        let script = format!(
            r#"{{"handshake": {{"greeting": {{"server_version": "{version}"}}}},
                "expectations": [{{"stmt": "select 1", "ok": {{}}}}]}}"#
        );
        for (name, script) in [("t.json", script.clone()), ("t.js", format!("({script})"))] {
            let seen = seen(name, &script, |session| {
                session.greeting().unwrap();
                run(session, &["select /*M! 1 */"]);
            });
            assert_eq!(has_failed(&seen[0]), !is_met, "{name} {version}");
        }
    }
}

#[test]
fn a_statement_whose_answer_can_not_be_made_is_unexpected() {
    let script = load(
        "t.json",
        r#"{"expectations": [
            {"stmt": "no value", "error": {"message": "{{params.0}}"}},
            {"stmt": "prepared ?", "command": "prepare", "error": {"message": "{{params.0}}"}},
            {"stmt": "good", "ok": {}}
        ]}"#,
    );
    with_session(&script, |session| {
        let reply = session.statement(&Statement::query("no value"));
        let mynah_session::Outcome::Error(failure) = reply.outcome else {
            panic!("{:?}", reply.outcome);
        };
        let message = String::from_utf8_lossy(&failure.message).into_owned();
        assert_eq!(
            message,
            "there is no parameter for {{params.0}}: the statement has 0 (in the answer of expectations[0], \
             t.json line 2): no value"
        );
        session.on_answer(None);
        let prepare = Statement::new(StatementCommand::Prepare, "prepared ?");
        assert_eq!(
            session.prepare(&prepare).unwrap_err().code,
            ER_UNKNOWN_ERROR
        );
        run(session, &["good"]);
    });
    let test = script.tests().shared();
    let entries = test.statements(|_| true);
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                text(entry),
                entry.answered_by == AnsweredBy::Nothing,
                has_failed(entry),
            )
        })
        .collect();
    let want = [
        ("no value", true, true),
        ("prepared ?", true, true),
        ("good", false, false),
    ];
    assert_eq!(seen, want);
    assert_eq!(test.unexpected_statements().1, 2);
    assert!(!test.report().is_good());
}

#[test]
fn the_columns_of_a_table_are_answered_by_expectations_and_then_by_the_script() {
    let columns = r#"result: {columns: [{name: "id", type: "LONG"}]}"#;
    let script = load(
        "t.js",
        &format!(
            r#"({{expectations: [
                {{stmt: "people", command: "field_list", times: 1, {columns}}},
                {{stmt: "refused", command: "field_list", error: "ER_NO_SUCH_TABLE"}},
                {{stmt: "other", ok: {{}}}},
            ], stmts: function (stmt, call) {{
                if (call.command === "field_list" && stmt === "of script") return {{{columns}}};
            }}}})"#
        ),
    );
    let fields = |session: &mut Session, table: &'static str| {
        let statement = Statement::new(StatementCommand::FieldList, table);
        let found = session.fields(&statement);
        session.on_answer(None);
        found
            .map(|columns| columns.len())
            .map_err(|failure| failure.code)
    };
    with_session(&script, |session| {
        assert_eq!(fields(session, "people"), Ok(1));
        assert_eq!(fields(session, "refused"), Err(1146));
        assert_eq!(fields(session, "of script"), Ok(1));
        // Only expectations that name the command match.
        assert_eq!(fields(session, "other"), Ok(0));
    });
    let test = script.tests().shared();
    let entries = test.statements(|_| true);
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| {
            let by = match &entry.answered_by {
                AnsweredBy::Expectation { id, .. } => format!("expectation {}", id.0),
                by => format!("{by:?}"),
            };
            assert!(entry.outcome.is_some(), "{by}");
            (text(entry).to_owned(), by, has_failed(entry))
        })
        .collect();
    let want = [
        ("people", "expectation 1".to_owned(), false),
        ("refused", "expectation 2".to_owned(), true),
        ("of script", format!("{:?}", by_script("script")), false),
        ("other", "Session".to_owned(), false),
    ];
    let want = want.map(|(text, by, failed)| (text.to_owned(), by, failed));
    assert_eq!(seen, want);
    assert!(test.report().is_good());
}
