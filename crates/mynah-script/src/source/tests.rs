use std::path::Path;
use std::sync::{Arc, Mutex};

use mynah_session::{Connection, Handler, Outcome, Statement, StatementCommand};

use crate::{Answered, AnsweredBy, Globals, Journal, STACK_SIZE, Session, Trace, TraceOptions};

#[derive(Debug, Default)]
struct Seen(Mutex<Vec<(u32, String, AnsweredBy, bool)>>);

impl Journal for Seen {
    fn answered(&self, answered: Answered<'_>) {
        let text = String::from_utf8_lossy(&answered.statement.text).into_owned();
        let failed = matches!(answered.reply.outcome, Outcome::Error(_));
        let id = answered.connection.id;
        let mut seen = self.0.lock().unwrap();
        seen.push((id, text, answered.by, failed));
    }
}

/// What the journal receives while a session of this trace is used.
fn seen(
    name: &str,
    trace: &str,
    ask: impl FnOnce(&mut Session) + Send,
) -> Vec<(u32, String, AnsweredBy, bool)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, trace).unwrap();
    let seen = Arc::new(Seen::default());
    let run = || {
        let globals = Arc::new(Globals::new());
        let trace = Trace::load(Path::new(&path), TraceOptions::default(), globals).unwrap();
        assert_eq!(trace.problem(), None);
        let worker = trace.with_journal(seen.clone()).worker();
        let mut session = worker.open(Connection { id: 7, port: 0 });
        ask(&mut session);
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_SIZE);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap();
    });
    Arc::into_inner(seen).unwrap().0.into_inner().unwrap()
}

fn run(session: &mut Session, texts: &[&'static str]) {
    for text in texts {
        let _reply = session.statement(&Statement::query(*text));
    }
}

#[test]
fn a_journal_has_the_entry_that_answers_a_statement_or_none() {
    let entries = r#"{"stmts": [
        {"stmt": "one", "ok": {}},
        {"stmt": "two", "error": {"code": 1, "message": "no"}}
    ], "strict": true}"#;
    for (name, trace) in [
        ("t.json", entries.to_owned()),
        ("t.js", format!("({entries})")),
        (
            "array.js",
            format!("var impure = process.argv; ({entries})"),
        ),
    ] {
        let seen = seen(name, &trace, |session| {
            run(
                session,
                &["one", "set names utf8mb4", "three", "two", "two"],
            );
        });
        let text = |text: &str| text.to_owned();
        assert_eq!(
            seen,
            [
                (7, text("one"), AnsweredBy::Entry(1), false),
                (7, text("set names utf8mb4"), AnsweredBy::Prelude, false),
                (7, text("three"), AnsweredBy::Nothing, true),
                (7, text("two"), AnsweredBy::Entry(2), true),
                (7, text("two"), AnsweredBy::Nothing, true),
            ],
            "{name}"
        );
    }
}

#[test]
fn a_journal_has_the_answers_and_failures_of_a_function() {
    let function = r#"({stmts: function (stmt, call) {
        if (stmt === "throws") throw new Error("no");
        return stmt === "unknown" ? undefined : {ok: {}};
    }})"#;
    let seen = seen("t.js", function, |session| {
        run(session, &["known", "throws", "unknown"]);
        let _prepared = session.prepare(&Statement::new(StatementCommand::Prepare, "known"));
        let init_db = Statement::new(StatementCommand::InitDb, "shop");
        assert!(session.command(&init_db).is_some());
        let ping = Statement::new(StatementCommand::Admin, "unknown");
        assert!(session.command(&ping).is_none());
    });
    let seen: Vec<_> = seen
        .iter()
        .map(|(_, text, by, failed)| (text.as_str(), *by, *failed))
        .collect();
    assert_eq!(
        seen,
        [
            ("known", AnsweredBy::Script, false),
            ("throws", AnsweredBy::Script, true),
            ("unknown", AnsweredBy::Nothing, true),
            ("shop", AnsweredBy::Script, false),
        ]
    );
}
