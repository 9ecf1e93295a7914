//! The answers to statements, with an independent client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use mysql_async::{Error, Row, Value};
use support::{Mock, fixture, program};

/// The size of a cell and a statement that need two packets.
const MIB_17: usize = 17 * 1024 * 1024;

#[tokio::test]
async fn the_first_script_answers_as_its_comment_describes() {
    let mock = Mock::start(program().arg("--filename").arg(fixture("hello.js")));
    let mut conn = mock.connect().await;
    let schemas: Vec<String> = conn.query("show databases").await.unwrap();
    assert_eq!(schemas, ["information_schema", "zoo"]);
    let people: Vec<(String, Option<u32>)> =
        conn.query("select name, age from people").await.unwrap();
    assert_eq!(people, [("ada".into(), Some(36)), ("bert".into(), None)]);
    conn.query_drop("insert into people values ('cleo', 52)")
        .await
        .unwrap();
    assert_eq!((conn.affected_rows(), conn.last_insert_id()), (1, Some(3)));
    let error = conn.query_drop("drop table people").await.unwrap_err();
    let Error::Server(error) = error else {
        panic!("{error}");
    };
    assert_eq!((error.code, &error.state[..]), (1142, "42000"));
    assert_eq!(error.message, "DROP command denied");
}

#[tokio::test]
async fn a_json_trace_is_played_in_order_to_each_client() {
    let mock = Mock::json(
        r#"{"stmts": [
            {"stmt": "one", "result": {
                "columns": [{"name": "a", "type": "LONG"}, {"name": "b", "type": "STRING"}],
                "rows": [[1, null], ["2", "zwei"]]}},
            {"stmt": "two", "ok": {"affected_rows": 7, "last_insert_id": 18446744073709551615}},
            {"stmt": "three", "error": {"code": 1146, "sql_state": "42S02", "message": "gone"}}]}"#,
    );
    for _client in 0..2 {
        let mut conn = mock.connect().await;
        let rows: Vec<(u32, Option<String>)> = conn.query("one").await.unwrap();
        assert_eq!(rows, [(1, None), (2, Some("zwei".to_owned()))]);
        conn.query_drop("two").await.unwrap();
        assert_eq!(conn.affected_rows(), 7);
        assert_eq!(conn.last_insert_id(), Some(u64::MAX));
        for (expected, state) in [(1146, "42S02"), (1105, "HY000")] {
            match conn.query_drop("three").await {
                Err(Error::Server(error)) => {
                    assert_eq!((error.code, &error.state[..]), (expected, state));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn an_ok_has_every_field() {
    let mock = Mock::script(
        "({ stmts: [ { ok: { affected_rows: 300, last_insert_id: 70000, status: 0x0403,
                             warning_count: 9, message: 'well done',
                             session_trackers: [ { type: 'schema', schema: 'zoo' } ] } } ] })",
    );
    let mut conn = mock.connect().await;
    conn.query_drop("anything").await.unwrap();
    assert_eq!(conn.affected_rows(), 300);
    assert_eq!(conn.last_insert_id(), Some(70000));
    assert_eq!((conn.get_warnings(), &*conn.info()), (9, "well done"));
    let ok = conn.last_ok_packet().unwrap();
    // This client doesn't share SESSION_TRACK, so it doesn't get the schema.
    assert_eq!(ok.status_flags().bits(), 0x0403);
}

/// The capabilities of servers since 5.7, and without the one that removes EOF.
const CAPABILITIES: &[(&str, u32)] = &[
    ("with DEPRECATE_EOF", 0x1fe_a2df),
    ("without DEPRECATE_EOF", 0xfe_a2df),
];

#[tokio::test]
async fn rows_end_as_the_client_expects() {
    for (name, capabilities) in CAPABILITIES {
        let mock = Mock::script(&format!(
            "({{ handshake: {{ greeting: {{ capabilities: {capabilities} }} }},
                 stmts: function(stmt) {{
                     var rows = [];
                     for (var i = 0; i < Number(stmt); i++) rows.push([i, null, 'row ' + i]);
                     return {{ result: {{ columns: [ {{ name: 'a', type: 'LONGLONG' }},
                                                     {{ name: 'b', type: 'NULL' }},
                                                     {{ name: 'c', type: 'VAR_STRING' }} ],
                                          rows: rows, warning_count: 5 }} }};
                 }} }})"
        ));
        let mut conn = mock.connect().await;
        for count in [0, 1, 1000, 0, 20_000] {
            let rows: Vec<Row> = conn.query(count.to_string()).await.unwrap();
            assert_eq!(rows.len(), count, "{name}");
            assert_eq!(conn.get_warnings(), 5, "{name}");
            if let Some(last) = rows.last() {
                let text = format!("row {}", count - 1);
                assert_eq!(last.as_ref(1), Some(&Value::NULL), "{name}");
                assert_eq!(last.get::<String, _>(2), Some(text), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_statement_and_a_cell_may_need_several_packets() {
    let mock = Mock::script(
        "({ stmts: function(stmt) {
              return { result: { columns: [ { name: 'length', type: 'LONG' },
                                            { name: 'large', type: 'LONGBLOB' } ],
                                 rows: [ [ stmt.length, 'x'.repeat(17 * 1024 * 1024) ],
                                         [ 2, stmt.substr(0, 10) ] ] } };
            } })",
    );
    let mut conn = mock.connect().await;
    let rows: Vec<(usize, Vec<u8>)> = conn.query("y".repeat(MIB_17)).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].0, MIB_17);
    assert_eq!(rows[0].1.len(), MIB_17);
    assert!(rows[0].1.iter().all(|&byte| byte == b'x'));
    assert_eq!(rows[1], (2, b"yyyyyyyyyy".to_vec()));
    conn.ping().await.unwrap();
}

#[tokio::test]
async fn the_commands_beside_statements_are_answered() {
    let mock = Mock::script("({ stmts: [ { ok: {} } ] })");
    let mut conn = mock.connect().await;
    conn.ping().await.unwrap();
    let options = mock.options().db_name(Some("zoo"));
    mysql_async::Conn::new(options)
        .await
        .unwrap()
        .ping()
        .await
        .unwrap();
    assert!(conn.reset().await.unwrap(), "COM_RESET_CONNECTION");
    conn.query_drop("the one statement is still to come")
        .await
        .unwrap();
    // Preparing a statement doesn't use an entry of the array; executing one does.
    let Err(Error::Server(error)) = conn.exec_drop("delete from t where a = ?", (1,)).await else {
        panic!("there is no further statement");
    };
    assert!(error.message.contains("statement"), "{}", error.message);
    conn.ping().await.unwrap();
}

#[tokio::test]
async fn a_slow_statement_does_not_delay_other_sessions() {
    let mock = Mock::script(
        "({ stmts: function(stmt) {
              if (stmt === 'slow') return { exec_time: 3600000, ok: {} };
              return { exec_time: 1, result: { columns: [{ name: 'a', type: 'LONG' }], rows: [[1]] } };
            } })",
    );
    let mut slow = Vec::new();
    for _each_of_the_threads_has_one in 0..8 {
        let mut conn = mock.connect().await;
        slow.push(tokio::spawn(async move { conn.query_drop("slow").await }));
    }
    let mut conn = mock.connect().await;
    for _repeated in 0..3 {
        let one: Option<u32> = conn.query_first("quick").await.unwrap();
        assert_eq!(one, Some(1));
    }
    assert!(slow.iter().all(|slow| !slow.is_finished()));
    for slow in slow {
        slow.abort();
    }
}

#[tokio::test]
async fn sessions_share_only_what_is_global() {
    let mock = Mock::script(
        "var mine = 0;
         if (mysqld.global.shared === undefined) mysqld.global.shared = 0;
         ({ stmts: function(stmt) {
              mine++; mysqld.global.shared++;
              return { result: { columns: [ { name: 'mine', type: 'LONG' },
                                            { name: 'shared', type: 'LONG' },
                                            { name: 'port', type: 'LONG' } ],
                                 rows: [ [ mine, mysqld.global.shared, mysqld.session.port ] ] } };
            } })",
    );
    let (mut one, mut two) = (mock.connect().await, mock.connect().await);
    let port = mock.address.port();
    let mut seen = Vec::new();
    for conn in [&mut one, &mut two] {
        for _twice in 0..2 {
            seen.extend(conn.query::<(u32, u32, u16), _>("?").await.unwrap());
        }
    }
    assert_eq!(
        seen,
        [(1, 1, port), (2, 2, port), (1, 3, port), (2, 4, port)]
    );
}
