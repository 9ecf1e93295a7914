//! Recordings, played.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod character_sets;
mod comments;
#[path = "../common/mod.rs"]
mod common;
mod keys;
mod prune;
mod pseudonyms;
mod volatile;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use common::Dir;
use mynah_classic::ColumnType;
use mynah_classic::StatusFlags;
use mynah_classic::value::{self, ValueType};
use mynah_script::{
    Class, Globals, PreludeKind, ReplayTime, STACK_SIZE, Script, ScriptOptions, Session,
};
use mynah_session::{
    Completion, Connection, Failure, Handler, LocalFile, Login, Outcome, Param, Reply, Statement,
    StatementCommand,
};
use serde_json::{Value, json};

/// A recording with these parts, played with these options.
fn load_with(parts: &Value, set: impl FnOnce(&mut ScriptOptions)) -> (Dir, Script) {
    let dir = Dir::new();
    let part =
        |entries: &Value| json!({"recorded_at": "2026-11-29T20:00:00Z", "expectations": entries});
    let parts: serde_json::Map<_, _> = parts
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, entries)| (name.clone(), part(entries)))
        .collect();
    let recording = json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
        "server": {"version": "9.7.4", "collation": 255, "status": 2, "protocols": ["classic"]},
        "parts": parts,
    });
    let path = dir.write("rec.json", &recording.to_string());
    let mut options = ScriptOptions::default();
    options.tests.journal_limit = 100;
    set(&mut options);
    let script = Script::load(path, options, Arc::new(Globals::new())).unwrap();
    (dir, script)
}

fn load(parts: &Value) -> (Dir, Script) {
    let (dir, script) = load_with(parts, |_| {});
    assert_eq!(script.problem(), None);
    (dir, script)
}

fn with_session<T: Send>(script: &Script, ask: impl FnOnce(&mut Session) -> T + Send) -> T {
    with_session_of(script, mynah_classic::Capabilities::PROTOCOL_41, ask)
}

/// A session without capabilities is one of the X Protocol.
fn with_session_of<T: Send>(
    script: &Script,
    capabilities: mynah_classic::Capabilities,
    ask: impl FnOnce(&mut Session) -> T + Send,
) -> T {
    let run = || {
        let mut session = script.worker().open(Connection { id: 7, port: 0 });
        session.greeting().unwrap();
        let login = Login {
            capabilities,
            ..Login::default()
        };
        session.login(&login).unwrap();
        ask(&mut session)
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_SIZE);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    })
}

fn said(reply: &Reply) -> String {
    match &reply.outcome {
        Outcome::Ok(Completion { message, .. }) => String::from_utf8_lossy(message).into_owned(),
        Outcome::Error(failure) => refusal(failure),
        Outcome::Rows(rows) => {
            let row = rows.rows.get(0);
            let cells = row.iter().flat_map(|row| {
                let cells = row.cells().flatten();
                cells.map(|cell| String::from_utf8_lossy(cell.unwrap_or(b"NULL")).into_owned())
            });
            cells.collect::<Vec<_>>().join(",")
        }
        other => format!("{other:?}"),
    }
}

fn refusal(failure: &Failure) -> String {
    format!(
        "{}: {}",
        failure.code,
        String::from_utf8_lossy(&failure.message)
    )
}

fn query(session: &mut Session, text: &'static str) -> String {
    said(&session.statement(&Statement::query(text)))
}

fn execution(text: &'static str, value: i64) -> Statement {
    let value_type = ValueType::signed(ColumnType::LONGLONG);
    Statement {
        params: vec![Param::new("", value_type, value::Value::Int(value)).unwrap()],
        ..Statement::new(StatementCommand::Execute, text)
    }
}

fn ok(message: &str) -> Value {
    json!({"ok": {"message": message, "status": 2}})
}

#[test]
fn a_statement_is_answered_in_turn_whether_its_values_are_bound_or_written() {
    let (_dir, script) = load(&json!({"setup": [
        {"stmt": "select name from t where id = 7", "answers": [ok("seven"), ok("seven again")]},
        {"stmt": ["select name", "from t where id = ?"], "params": [8], "param_types": ["LONGLONG"], "answers": [ok("eight")]},
        {"stmt": "select a from b", "protocol": "x", "answers": [ok("by X")]},
    ]}));
    assert_eq!(*script.class(), Class::Static);
    with_session(&script, |session| {
        let greeting = session.greeting().unwrap();
        assert_eq!(greeting.server_version.as_deref(), Some(&b"9.7.4"[..]));
        assert_eq!(greeting.character_set, 255);
        assert_eq!(greeting.status_flags, StatusFlags::AUTOCOMMIT);
        assert_eq!(query(session, "select name from t where id = 7"), "seven");
        let seven = execution("select name  from t where id = ?", 7);
        for _last_stays in 0..2 {
            assert_eq!(said(&session.statement(&seven)), "seven again");
        }
        assert_eq!(query(session, "select name from t where id = 8.0"), "eight");
        let miss = query(session, "select name from t where id = 9");
        assert!(miss.starts_with("1105: 9 should be "), "{miss}");
        assert!(miss.contains("rec.json, part setup"), "{miss}");
        let of_x = query(session, "select a from b");
        assert!(
            of_x.starts_with("1105: protocol is classic but should be x"),
            "{of_x}"
        );
    });
    let report = &script.reports()[0];
    assert_eq!((report.unexpected_count, report.never_played.len()), (2, 1));
}

#[test]
fn an_answer_that_is_not_whole_is_missing_and_never_agreed_to() {
    let (_dir, script) = load(&json!({"setup": [
        {"stmt": "select 1 from t", "answers": [ok("whole"), {"incomplete": "the connection was lost"}]},
        {"stmt": "select ? from t", "params": [2], "answers": []},
        {"stmt": "select 3 from t", "answers": [{"result": {"columns": [{"name": "a", "type": "NO_TYPE"}]}}]},
        {"stmt": "select ? from s", "command": "prepare", "prepared": {"params": 1}},
    ]}));
    with_session(&script, |session| {
        assert_eq!(query(session, "select 1 from t"), "whole");
        for _ever_after in 0..2 {
            let miss = query(session, "select 1 from t");
            let why = "1105: the recorded answer is incomplete (the connection was lost); record it again: ";
            assert!(miss.starts_with(why), "{miss}");
        }
        assert!(query(session, "select 2 from t").contains("never run"));
        assert!(query(session, "select 3 from t").contains("can't be read: Unknown type"));
        let prepare = Statement::new(StatementCommand::Prepare, "select ? from s");
        assert_eq!(session.prepare(&prepare).unwrap().params, Some(1));
        let run = said(&session.statement(&execution("select ? from s", 1)));
        assert!(run.starts_with("1105: "), "{run}");
    });
    assert_eq!(script.reports()[0].unexpected_count, 5);
}

#[test]
fn what_prepare_told_is_told_again() {
    let column = json!({"name": "p", "type": "STRING", "character_set": 8, "length": 4, "flags": 1, "decimals": 0,
        "extended": {"type": "point", "format": "json"}, "schema": "s", "table": "t", "orig_table": "t0", "orig_name": "p0"});
    let (_dir, script) = load(&json!({"t1": [
        {"stmt": "select p from t where id = ?", "command": "prepare", "prepared": {"params": 1, "columns": [column]}, "answers": []},
        {"stmt": "select p from t where id = ?", "params": [1],
         "answers": [{"result": {"columns": [column], "rows": [["x"]], "status": 2, "warning_count": 3}}]},
        {"stmt": "use ?", "command": "prepare",
         "answers": [{"error": {"code": 1295, "sql_state": "HY000", "message": "not supported"}}]},
        {"stmt": "t", "command": "field_list", "answers": [{"result": {"columns": [column], "rows": []}}]},
    ]}));
    script.tests().begin_part("t1").unwrap();
    with_session(&script, |session| {
        let text = "select p from t where id = ?";
        let prepared = session
            .prepare(&Statement::new(StatementCommand::Prepare, text))
            .unwrap();
        let columns = prepared.columns.unwrap();
        assert_eq!((prepared.params, columns.len()), (Some(1), 1));
        let kinds: Result<Vec<_>, _> = columns[0].extended_metadata.iter().collect();
        let kinds = kinds.unwrap();
        assert_eq!(kinds, [(0, "point".into()), (1, "json".into())]);
        let reply = session.statement(&execution(text, 1));
        let Outcome::Rows(result) = &reply.outcome else {
            panic!("{reply:?}")
        };
        assert_eq!(result.columns, columns);
        assert_eq!(result.end.warning_count, 3);
        assert_eq!(said(&reply), "x");
        let refused = session.prepare(&Statement::new(StatementCommand::Prepare, "use ?"));
        assert_eq!(refusal(&refused.unwrap_err()), "1295: not supported");
        let fields = Statement::new(StatementCommand::FieldList, "t");
        assert_eq!(session.fields(&fields).unwrap(), columns);
        let other = session.fields(&Statement::new(StatementCommand::FieldList, "u"));
        assert_eq!(other.unwrap_err().code, 1105);
    });
    assert!(
        script.never_played().is_empty(),
        "{:?}",
        script.never_played()
    );
}

#[test]
fn a_file_is_asked_for_only_by_the_name_that_the_statement_has() {
    let file = |name: &str| json!([{"local_infile": {"filename": name, "size": 3, "sha256": "00", "answer": ok("loaded")}}]);
    let (_dir, script) = load(&json!({"setup": [
        {"stmt": "load data local infile 'a.csv' into table t", "answers": file("a.csv")},
        {"stmt": "load data local infile 'b.csv' into table t", "answers": file("/etc/passwd")},
    ]}));
    with_session(&script, |session| {
        let load = "load data local infile 'a.csv' into table t";
        let reply = session.statement(&Statement::query(load));
        let Outcome::LocalInfile(asked) = &reply.outcome else {
            panic!("{reply:?}")
        };
        assert_eq!(&asked.filename[..], b"a.csv");
        let sent = session.file(&LocalFile {
            filename: "a.csv".into(),
            content: "1".into(),
        });
        assert_eq!(said(&sent), "loaded");
        let other = query(session, "load data local infile 'b.csv' into table t");
        assert!(other.contains("asks for the file '/etc/passwd'"), "{other}");
    });
}

#[test]
fn what_is_not_recorded_is_answered_only_where_it_is_about_the_session() {
    let value = |name: &str, value: &str| json!([{"result": {"columns": [{"name": name, "type": "LONGLONG"}], "rows": [[value]]}}]);
    let parts = json!({"setup": [
        {"stmt": "select @@max_allowed_packet", "answers": value("@@max_allowed_packet", "12345")},
        {"stmt": "set names latin1", "answers": [{"ok": {"status": 2}}]},
    ]});
    let (_dir, script) = load(&parts);
    with_session(&script, |session| {
        assert_eq!(
            query(session, "select @@session.max_allowed_packet, 1"),
            "12345,1"
        );
        assert_eq!(query(session, "set names latin1"), "");
        let reply = session.statement(&Statement::query("set names latin1"));
        let Outcome::Ok(Completion {
            state: Some(state), ..
        }) = &reply.outcome
        else {
            panic!("{reply:?}")
        };
        assert_eq!(state.character_sets.client, 8);
        for (text, expected) in [
            ("begin", ""),
            ("set @a = 5", ""),
            ("select @a", "5"),
            ("select database()", "NULL"),
            ("select 1", "1"),
        ] {
            assert_eq!(query(session, text), expected, "{text}");
        }
        for text in [
            "select count(*) from information_schema.tables",
            "select now()",
            "show engines",
            "update t set a = 1",
            "create table t (a int)",
        ] {
            let said = query(session, text);
            assert!(said.starts_with("1105: "), "{text}: {said}");
        }
        let admin = |name: &'static str| Statement::new(StatementCommand::Admin, name);
        assert_eq!(session.command(&admin("ping")), None);
        let collection = session.command(&admin("create_collection")).unwrap();
        assert!(said(&collection).starts_with("1105: "), "{collection:?}");
    });
    let (_dir, script) = load_with(&parts, |options| options.prelude = PreludeKind::None);
    with_session(&script, |session| {
        assert!(query(session, "begin").starts_with("1105: "));
    });
}

#[test]
fn a_strict_recording_is_a_sequence() {
    let parts = json!({"setup": [
        {"stmt": "select a from t", "answers": [ok("a 1"), ok("a 2")], "at": [1, 3]},
        {"stmt": "select b from t", "answers": [ok("b")]},
        {"stmt": "select c from t", "answers": [ok("c")], "at": [4, 5]},
    ]});
    let (_dir, script) = load_with(&parts, |options| options.replay.is_strict = true);
    assert_eq!(script.problem(), None);
    with_session(&script, |session| {
        assert!(query(session, "select b from t").starts_with("1105: due next is "));
        let all = ["a", "b", "a", "c", "c"];
        let all = all.map(|column| match column {
            "a" => query(session, "select a from t"),
            "b" => query(session, "select b from t"),
            _ => query(session, "select c from t"),
        });
        assert_eq!(all, ["a 1", "b", "a 2", "c", "c"]);
        let over = query(session, "select c from t");
        assert!(
            over.starts_with("1105: called 1 of 1 time before"),
            "{over}"
        );
    });
    let without = json!({"setup": [{"stmt": "a", "answers": [ok("1"), ok("2")]}]});
    let (_dir, script) = load_with(&without, |options| options.replay.is_strict = true);
    let problem = script.problem().unwrap();
    assert!(
        problem.contains("--replay strict needs; record it again"),
        "{problem}"
    );
}

#[test]
fn a_part_of_a_strict_recording_has_statements_of_setup_in_any_order() {
    let parts = json!({
        "setup": [
            {"stmt": "select s from t", "answers": [ok("s 1"), ok("s 2")], "at": [1, 3]},
            {"stmt": "select r from t", "answers": [ok("r")], "at": [2]},
            {"stmt": "select a from t", "answers": [ok("a of setup")], "at": [4]},
        ],
        "t1": [
            {"stmt": "select b from t", "answers": [ok("b")]},
            {"stmt": "select a from t", "answers": [ok("a")]},
        ],
        "t2": [{"stmt": "select c from t", "answers": [ok("c")]}],
    });
    let (_dir, script) = load_with(&parts, |options| options.replay.is_strict = true);
    assert_eq!(script.problem(), None);
    with_session(&script, |session| {
        for part in ["t1", "t2"] {
            script.tests().begin_part(part).unwrap();
            let each = [
                "select r from t",
                "select s from t",
                "select s from t",
                "select s from t",
            ];
            let each = each.map(|text| query(session, text));
            assert_eq!(each, ["r", "s 1", "s 2", "s 2"], "{part}");
        }
        // A statement of the part is played in its turn, and not from `setup`.
        script.tests().begin_part("t1").unwrap();
        let early = query(session, "select a from t");
        assert!(early.starts_with("1105: due next is "), "{early}");
        assert_eq!(query(session, "select b from t"), "b");
        assert_eq!(query(session, "select a from t"), "a");
        let over = query(session, "select a from t");
        assert!(over.starts_with("1105: "), "{over}");
        // In `setup` itself, they come in order.
        script.tests().begin_part("setup").unwrap();
        assert!(query(session, "select r from t").starts_with("1105: "));
        let each = ["select s from t", "select r from t", "select s from t"];
        assert_eq!(each.map(|text| query(session, text)), ["s 1", "r", "s 2"]);
    });
}

#[test]
fn answers_take_their_time_only_if_they_are_to() {
    let parts = json!({"setup": [{"stmt": "a", "answers": [{"ok": {}, "latency_us": 1500}]}]});
    for (time, expected) in [("none", 0), ("recorded", 1_500), ("2", 3_000), ("0.1", 150)] {
        let time: ReplayTime = time.parse().unwrap();
        let (_dir, script) = load_with(&parts, |options| options.replay.time = time);
        let reply = with_session(&script, |session| session.statement(&Statement::query("a")));
        assert_eq!(reply.exec_time, Duration::from_micros(expected));
    }
    for wrong in ["", "fast", "-1", "1001", "NaN"] {
        assert!(wrong.parse::<ReplayTime>().is_err(), "{wrong}");
    }
}

#[test]
fn rows_of_a_bulk_execution_are_not_executions_of_their_own() {
    let (_dir, script) = load(&json!({"setup": [
        {"stmt": "insert into t values (?)", "command": "bulk_execute", "param_rows": [[1], [2], [{"keyword": "default"}]],
         "answers": [{"ok": {"affected_rows": 3, "status": 2}}]},
    ]}));
    with_session(&script, |session| {
        for row in [1, 2, 3] {
            let said = said(&session.statement(&execution("insert into t values (?)", row)));
            assert!(said.starts_with("1105"), "{said}");
        }
    });
}

#[test]
fn a_journal_is_played_and_a_file_that_is_wrong_says_where() {
    let dir = Dir::new();
    let about = r#"{"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"}"#;
    let entry = r#"{"stmt": "a", "answers": [{"ok": {"message": "yes"}}]}"#;
    let text =
        format!("{{\"open\":{about}}}\n{{\"part\":\"setup\",\"entry\":{entry}}}\n{{\"part\":\"set");
    let load =
        |path| Script::load(path, ScriptOptions::default(), Arc::new(Globals::new())).unwrap();
    let script = load(dir.write("rec.jsonl", &text));
    assert_eq!(script.problem(), None);
    assert_eq!(with_session(&script, |session| query(session, "a")), "yes");
    let wrong = format!("{{\"recording\": {about}, \"parts\": {{\"setup\": 7}}}}");
    let script = load(dir.write("wrong.json", &wrong));
    let problem = script.problem().unwrap();
    assert!(
        problem.contains("wrong.json line 1: parts.setup"),
        "{problem}"
    );
}

#[test]
fn a_number_in_quotes_gets_its_own_answer_and_not_that_of_the_number() {
    let entry = |value: &str, said: &str| json!({"stmt": format!("select * from t where zip = {value}"), "answers": [{"ok": {"message": said}}]});
    let (_dir, script) = load(&json!({
        "setup": [entry("7", "number"), entry("'007'", "zeros"), entry("'8'", "text of setup")],
        "t1": [entry("7", "number of t1"), entry("'7'", "text of t1"), entry("8", "number of t1")],
    }));
    with_session(&script, |session| {
        for (stmt, expected) in [
            ("select * from t where zip = '007'", "zeros"),
            ("select * from t where zip = '7'", "number"),
            (
                "/* mynah_test=t1 */ select * from t where zip = '007'",
                "zeros",
            ),
            (
                "/* mynah_test=t1 */ select * from t where zip = '7'",
                "text of t1",
            ),
            (
                "/* mynah_test=t1 */ select * from t where zip = 7",
                "number of t1",
            ),
            (
                "/* mynah_test=t1 */ select * from t where zip = '8'",
                "text of setup",
            ),
        ] {
            assert_eq!(query(session, stmt), expected, "{stmt}");
        }
        let refused = query(session, "select * from t where zip = '08'");
        assert!(refused.starts_with("1105"), "{refused}");
    });
}

#[test]
fn errors_of_preparing_are_played_before_and_behind_what_succeeded() {
    let failed = json!({"error": {"code": 1146, "sql_state": "42S02", "message": "no table"}});
    let prepared = json!({"prepared": {"params": 1}});
    let (_dir, script) = load(&json!({"setup": [
        {"stmt": "select ? from s", "command": "prepare", "answers": [failed, prepared, failed, prepared]},
    ]}));
    with_session(&script, |session| {
        let mut prepare = || {
            let statement = Statement::new(StatementCommand::Prepare, "select ? from s");
            session.prepare(&statement).map(|prepared| prepared.params)
        };
        for _twice in 0..2 {
            assert_eq!(refusal(&prepare().unwrap_err()), "1146: no table");
            assert_eq!(prepare().unwrap(), Some(1));
        }
        assert_eq!(prepare().unwrap(), Some(1));
    });
}
