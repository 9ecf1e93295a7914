//! What a script sees of a statement besides its text.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, outside of them"
)]

#[path = "common/mod.rs"]
mod common;

use common::{Dir, error, error_parts, message, ok, on_worker, open, rows, with_session};
use mynah_classic::connection::ConnectAttributes;
use mynah_classic::value::{Date, DateTime, Decimal, Value, ValueType};
use mynah_classic::{Capabilities, ColumnType};
use mynah_session::{Handler, Login, Param, SessionState, Statement, StatementCommand};

fn param(column_type: ColumnType, value: Value<'_>) -> Param {
    Param::new("", ValueType::signed(column_type), value).unwrap()
}

fn executed(params: Vec<Param>) -> Statement {
    Statement {
        params,
        statement_id: Some(7),
        state: SessionState {
            schema: Some("zoo".into()),
            ..SessionState::default()
        },
        ..Statement::new(StatementCommand::Execute, "select ? from t")
    }
}

const SAY: &str = "({stmts: function (stmt, call) {
    return {ok: {message: JSON.stringify(call)}};
}})";

#[test]
fn a_script_gets_the_client_and_the_command() {
    with_session("t.js", SAY, |session| {
        session.greeting().unwrap();
        let attributes: [(&[u8], &[u8]); 1] = [(b"_client_name", b"libx")];
        let login = Login {
            username: "ada".into(),
            attributes: ConnectAttributes::new(attributes),
            capabilities: Capabilities::PROTOCOL_41,
            peer: Some("192.0.2.7:4000".parse().unwrap()),
            ..Login::default()
        };
        session.login(&login).unwrap();
        let mut statement = executed(vec![param(ColumnType::LONG, Value::Int(1))]);
        statement.attributes = vec![
            Param::new(
                "trace",
                ValueType::signed(ColumnType::VAR_STRING),
                Value::Bytes(b"t1"),
            )
            .unwrap(),
        ];
        assert_eq!(
            message(session.statement(&statement)),
            r#"{"command":"execute","statement":"select ? from t","params":[1],"param_types":["LONG"],"attributes":{"trace":"t1"},"statement_id":7,"user":"ada","schema":"zoo","connection_attributes":{"_client_name":"libx"},"collation":"utf8mb4_0900_ai_ci","peer_address":"192.0.2.7:4000","capabilities":["protocol_41"],"connection_id":1}"#
        );
        assert_eq!(
            message(session.statement(&Statement::query("do 1"))),
            r#"{"command":"query","statement":"do 1","params":[],"param_types":[],"attributes":{},"statement_id":null,"user":"ada","schema":null,"connection_attributes":{"_client_name":"libx"},"collation":"utf8mb4_0900_ai_ci","peer_address":"192.0.2.7:4000","capabilities":["protocol_41"],"connection_id":1}"#
        );
    });
}

#[test]
fn a_function_that_takes_the_call_is_asked_for_schemas() {
    let init_db = |schema: &'static str| Statement::new(StatementCommand::InitDb, schema);
    let refusing = "({stmts: function (stmt, call) {
        if (call.command === 'init_db' && stmt !== 'zoo') {
            return {error: {code: 1049, sql_state: '42000', message: 'Unknown database ' + stmt}};
        }
    }})";
    with_session("t.js", refusing, |session| {
        assert_eq!(session.command(&init_db("zoo")), None);
        let refused = error(session.command(&init_db("ark")).unwrap());
        assert_eq!(refused.code, 1049);
    });
    for silent in [
        "({stmts: function (stmt) { return {error: {code: 1, message: stmt}}; }})",
        "({stmts: function* () { yield {error: {code: 1, message: 'x'}}; }})",
        "({stmts: [{stmt: 'USE ark', error: {code: 1, message: 'x'}}]})",
        "({strict: true, stmts: [{stmt: 'USE zoo', error: {code: 1, message: 'x'}}]})",
    ] {
        with_session("t.js", silent, |session| {
            assert_eq!(session.command(&init_db("ark")), None, "{silent}");
        });
    }
    let strict = r#"{"strict": true, "stmts": [
        {"stmt": "use `ark`", "error": {"code": 1049, "message": "x"}},
        {"stmt_regex": "^USE farm$", "ok": {"message": "moo"}}]}"#;
    for (name, trace) in [
        ("t.json", strict.to_owned()),
        ("t.js", format!("({strict})")),
    ] {
        with_session(name, &trace, |session| {
            assert_eq!(session.command(&init_db("zoo")), None, "{name}");
            let refused = error(session.command(&init_db("ark")).unwrap());
            assert_eq!(refused.code, 1049, "{name}");
            let said = ok(session.command(&init_db("farm")).unwrap());
            assert_eq!(said.message, "moo", "{name}");
        });
    }
}

#[test]
fn parameters_are_values_of_the_script() {
    let date = Date::from_text(b"2026-11-24").unwrap();
    let moment = DateTime::from_text(b"2026-11-24 12:30:00.25").unwrap();
    let unsigned = Param::new(
        "",
        ValueType::unsigned(ColumnType::LONGLONG),
        Value::UInt(u64::MAX),
    )
    .unwrap();
    let cases = [
        (param(ColumnType::NULL, Value::Null), "null:object"),
        (param(ColumnType::TINY, Value::Int(-1)), "-1:number"),
        (
            param(ColumnType::LONGLONG, Value::Int((1 << 53) - 1)),
            "9007199254740991:number",
        ),
        (
            param(ColumnType::LONGLONG, Value::Int(1 << 53)),
            "9007199254740992:bigint",
        ),
        (unsigned, "18446744073709551615:bigint"),
        (param(ColumnType::FLOAT, Value::Float(1.1)), "1.1:number"),
        (param(ColumnType::DOUBLE, Value::Double(0.1)), "0.1:number"),
        (
            param(
                ColumnType::NEWDECIMAL,
                Value::Decimal(Decimal::new(b"1.50").unwrap()),
            ),
            "1.50:string",
        ),
        (
            param(ColumnType::DATE, Value::Date(date)),
            "2026-11-24:string",
        ),
        (
            param(ColumnType::DATETIME, Value::DateTime(moment)),
            "2026-11-24 12:30:00.250000:string",
        ),
        (
            param(ColumnType::VAR_STRING, Value::Bytes("ä".as_bytes())),
            "ä:string",
        ),
        (
            param(ColumnType::VAR_STRING, Value::Bytes(b"\xff\x00")),
            "255,0:Uint8Array",
        ),
        (
            param(ColumnType::BLOB, Value::Bytes(b"ab")),
            "97,98:Uint8Array",
        ),
    ];
    let script = "({stmts: function (stmt, call) {
        var value = call.params[0];
        var type = value instanceof Uint8Array ? 'Uint8Array' : typeof value;
        return {ok: {message: value + ':' + type}};
    }})";
    with_session("t.js", script, |session| {
        for (param, want) in cases {
            let what = format!("{param:?}");
            assert_eq!(
                message(session.statement(&executed(vec![param]))),
                want,
                "{what}"
            );
        }
    });
}

#[test]
fn what_a_script_changes_in_a_call_is_its_own() {
    let script = "({stmts: function (stmt, call) {
        call.params.push(2);
        call.user = 'nobody';
        return {ok: {message: call.params.length + call.user + Object.keys(call)}};
    }})";
    with_session("t.js", script, |session| {
        for _ in 0..2 {
            assert_eq!(
                message(session.statement(&executed(vec![]))),
                "1params,user"
            );
        }
    });
}

#[test]
fn coroutines_find_the_call_in_their_session() {
    let script = "({stmts: function* () {
        for (;;) {
            var stmt = yield;
            yield {ok: {message: stmt + mysqld.session.call.params}};
        }
    }})";
    with_session("t.js", script, |session| {
        let one = param(ColumnType::LONG, Value::Int(1));
        assert_eq!(
            message(session.statement(&executed(vec![one]))),
            "select ? from t1"
        );
    });
}

#[test]
fn a_function_of_one_parameter_is_asked_once_for_a_statement_and_its_first_run() {
    let script = "var asked = 0; ({stmts: function (stmt) {
        return {result: {columns: [{name: stmt, type: 'LONG'}], rows: [[++asked]]}};
    }})";
    with_session("t.js", script, |session| {
        let prepare = Statement::new(StatementCommand::Prepare, "select ? from t");
        let columns = session.prepare(&prepare).unwrap().columns.unwrap();
        assert_eq!(columns[0].names.name(), b"select ? from t");
        let mut run = |statement| common::cells(&rows(session.statement(&statement)));
        assert_eq!(
            run(Statement::query("select ? from t")),
            [[Some("2".to_owned())]]
        );
        assert_eq!(run(executed(vec![])), [[Some("1".to_owned())]]);
        assert_eq!(run(executed(vec![])), [[Some("3".to_owned())]]);
    });
}

#[test]
fn a_function_of_one_parameter_is_asked_for_nothing_but_statements() {
    with_session(
        "t.js",
        "({stmts: function (stmt) { throw 'asked'; }})",
        |session| {
            let table = Statement::new(StatementCommand::FieldList, "people");
            assert!(session.fields(&table).unwrap().is_empty());
            let dump = Statement::new(StatementCommand::BinlogDump, "f");
            assert_eq!(error(session.replicate(&dump)).code, 1227);
        },
    );
}

#[test]
fn a_coroutine_is_not_asked_ahead() {
    let script =
        "({stmts: function* () { for (var n = 1;; n++) yield {ok: {affected_rows: n}}; }})";
    with_session("t.js", script, |session| {
        let prepare = Statement::new(StatementCommand::Prepare, "do ?");
        assert_eq!(session.prepare(&prepare), Ok(Default::default()));
        assert_eq!(ok(session.statement(&executed(vec![]))).affected_rows, 1);
    });
}

const AHEAD: &str = "({stmts: function (stmt, call) {
    if (call.command === 'field_list') return {result: {columns: [{name: stmt, type: 'LONG'}]}};
    if (call.command === 'register_replica') return {ok: {}};
    if (call.command === 'binlog_dump') return {binlog: [{hex: '00ff'}, 'text']};
    if (stmt === 'wrong') return {error: {code: 1064, sql_state: '42000', message: 'no'}};
    if (stmt === 'unknown') return;
    return {
        params: 2, exec_time: 5,
        result: {columns: [{name: 'a', type: 'LONG'}], rows: [[call.params.length]], warning_count: 3},
    };
}})";

#[test]
fn a_function_that_knows_of_calls_is_asked_when_statements_are_prepared() {
    with_session("t.js", AHEAD, |session| {
        let mut prepare =
            |text: &'static str| session.prepare(&Statement::new(StatementCommand::Prepare, text));
        let prepared = prepare("select ? from t, ?").unwrap();
        assert_eq!(prepared.params, Some(2));
        assert_eq!(prepared.warning_count, 3);
        assert_eq!(prepared.exec_time.as_millis(), 5);
        assert_eq!(prepared.columns.unwrap()[0].names.name(), b"a");
        assert_eq!(
            error_parts(&prepare("wrong").unwrap_err()),
            (1064, "42000".to_owned(), "no".to_owned())
        );
        assert_eq!(prepare("unknown"), Ok(Default::default()));
    });
}

#[test]
fn a_function_that_knows_of_calls_is_asked_for_columns_and_binary_logs() {
    with_session("t.js", AHEAD, |session| {
        let fields = session
            .fields(&Statement::new(StatementCommand::FieldList, "people"))
            .unwrap();
        assert_eq!(fields[0].names.name(), b"people");
        let reply = session.replicate(&Statement::new(StatementCommand::RegisterReplica, "h"));
        assert_eq!(ok(reply).affected_rows, 0);
        let reply = session.replicate(&Statement::new(StatementCommand::BinlogDump, "log.1"));
        let mynah_session::Outcome::Binlog(events) = reply.outcome else {
            panic!("{reply:?}")
        };
        assert_eq!(events, [&b"\x00\xff"[..], b"text"]);
    });
}

#[test]
fn an_array_announces_the_columns_of_its_next_entry() {
    let json = r#"{"stmts": [
        {"params": [1, "a"], "result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [["1"]]}},
        {"ok": {}},
        {"stmt": "select b", "result": {"columns": [{"name": "b", "type": "LONG"}]}}
    ]}"#;
    common::with_both(json, |name, session| {
        let prepare = |session: &mut mynah_script::Session, text: &'static str| {
            let prepared = session
                .prepare(&Statement::new(StatementCommand::Prepare, text))
                .unwrap();
            (
                prepared.params,
                prepared.columns.map_or(0, |columns| columns.len()),
            )
        };
        assert_eq!(prepare(session, "select a"), (Some(2), 1), "{name}");
        // Another one before it is run: what that will come to isn't known.
        assert_eq!(prepare(session, "select c"), (None, 0), "{name}");
        assert_eq!(
            rows(session.statement(&executed(vec![]))).rows.len(),
            1,
            "{name}"
        );
        assert_eq!(prepare(session, "update"), (None, 0), "{name}");
        session.statement(&executed(vec![]));
        assert_eq!(prepare(session, "select another"), (None, 0), "{name}");
        assert_eq!(prepare(session, "select b"), (None, 1), "{name}");
        assert_eq!(prepare(session, "select b"), (None, 1), "{name}");
    });
}

#[test]
fn an_array_sends_its_binary_log_to_a_replica() {
    let json = r#"{"stmts": [{"binlog": [{"base64": "AP8="}]}, {"ok": {"message": "next"}}]}"#;
    common::with_both(json, |name, session| {
        let register = Statement::new(StatementCommand::RegisterReplica, "h");
        let dump = Statement::new(StatementCommand::BinlogDump, "log.1");
        ok(session.replicate(&register));
        let reply = session.replicate(&dump);
        let mynah_session::Outcome::Binlog(events) = reply.outcome else {
            panic!("{name}")
        };
        assert_eq!(events, [&b"\x00\xff"[..]], "{name}");
        assert_eq!(error(session.replicate(&dump)).code, 1227, "{name}");
        assert_eq!(message(common::ask(session, "x")), "next", "{name}");
    });
}

#[test]
fn a_strict_array_answers_what_it_expects_and_nothing_else() {
    let json = r#"{"strict": true, "stmts": [
        {"stmt": "select ? from t", "params": [1, "a", null], "ok": {"message": "first"}},
        {"stmt_regex": "^upd[a-z]+ ", "ok": {"message": "second"}},
        {"ok": {"message": "third"}}
    ]}"#;
    common::with_both(json, |name, session| {
        let text = |bytes: &'static [u8]| param(ColumnType::VAR_STRING, Value::Bytes(bytes));
        let null = || param(ColumnType::NULL, Value::Null);
        let long = |n| param(ColumnType::LONG, Value::Int(n));
        let complaint = |reply| error_parts(&error(reply)).2;
        let first = format!("entry 1 of stmts, {name} line 2: stmt 'select ? from t'");
        assert_eq!(
            complaint(common::ask(session, "select 2 from t")),
            format!("expected 'select ? from t', got 'select 2 from t'; {first}"),
            "{name}"
        );
        assert_eq!(
            complaint(session.statement(&executed(vec![long(1)]))),
            format!("expected 3 parameters, got 1; {first}"),
            "{name}"
        );
        assert_eq!(
            complaint(session.statement(&executed(vec![long(1), text(b"b"), null()]))),
            format!("expected parameter 2 to be 'a', got 'b'; {first}"),
            "{name}"
        );
        assert_eq!(
            error_parts(
                &session
                    .prepare(&Statement::new(StatementCommand::Prepare, "other"))
                    .unwrap_err()
            )
            .2,
            format!("expected 'select ? from t', got 'other'; {first}"),
            "{name}"
        );
        let right = executed(vec![long(1), text(b"a"), null()]);
        assert_eq!(message(session.statement(&right)), "first", "{name}");
        assert_eq!(
            complaint(common::ask(session, "insert")),
            format!(
                "expected what the regular expression matches, got 'insert'; entry 2 of stmts, {name} line 3: stmt_regex '^upd[a-z]+ '"
            ),
            "{name}"
        );
        assert_eq!(
            message(common::ask(session, "update t")),
            "second",
            "{name}"
        );
        assert_eq!(message(common::ask(session, "anything")), "third", "{name}");
    });
}

#[test]
fn a_trace_is_strict_too_if_the_option_says_so() {
    let dir = Dir::new();
    let path = dir.write("t.json", r#"{"stmts": [{"stmt": "a", "ok": {}}]}"#);
    let mut options = mynah_script::ScriptOptions::default();
    options.strict = true;
    let trace = common::load(&path, options, Default::default());
    on_worker(|| {
        let mut session = open(&trace);
        assert_eq!(error(common::ask(&mut session, "b")).code, 1105);
        ok(common::ask(&mut session, "a"));
    });
}

#[test]
fn what_a_trace_that_is_not_strict_says_of_statements_is_not_looked_at() {
    let json = r#"{"stmts": [{"stmt": ["no", "text"], "stmt_regex": "(", "ok": {}}]}"#;
    common::with_both(json, |_, session| {
        ok(common::ask(session, "anything"));
    });
    let strict = r#"{"strict": true, "stmts": [{"stmt_regex": "(", "ok": {}}]}"#;
    common::with_both(strict, |name, session| {
        let (_, _, complaint) = error_parts(&error(common::ask(session, "x")));
        assert!(
            complaint.contains("stmt_regex: not a regular expression: "),
            "{name}: {complaint}"
        );
    });
}
