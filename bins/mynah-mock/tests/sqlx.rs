//! sqlx as the client: it prepares every statement, and sends statements of its own on connect.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{Connection, Executor, Row};
use support::Mock;

const TRACE: &str = "({stmts: function (stmt, call) {
    if (/^insert /.test(stmt)) return {ok: {affected_rows: 1, last_insert_id: 41 + call.params.length}};
    if (/^select .* from people/.test(stmt)) return {
        params: 1,
        result: {
            columns: [
                {name: 'id', type: 'LONGLONG', flags: 1},
                {name: 'name', type: 'VAR_STRING', character_set: 255},
                {name: 'photo', type: 'BLOB', character_set: 63, flags: 144},
            ],
            rows: [[call.params[0] || 0, 'ada', {hex: '00ff'}], [2, null, null]],
        },
    };
    if (stmt === 'wrong') return {error: {code: 1146, sql_state: '42S02', message: 'no such table'}};
}})";

async fn connect(mock: &Mock) -> MySqlConnection {
    let options = MySqlConnectOptions::new()
        .host("127.0.0.1")
        .port(mock.address.port())
        .username("app")
        .password("any")
        .ssl_mode(MySqlSslMode::Disabled);
    MySqlConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn it_connects_prepares_and_reads_rows() {
    let mock = Mock::script(TRACE);
    let mut conn = connect(&mock).await;
    for id in [7_i64, 8] {
        let rows = sqlx::query("select * from people where id > ?")
            .bind(id)
            .fetch_all(&mut conn)
            .await
            .unwrap();
        assert_eq!(rows[0].get::<i64, _>("id"), id);
        assert_eq!(rows[0].get::<String, _>("name"), "ada");
        assert_eq!(rows[0].get::<Vec<u8>, _>("photo"), [0, 0xff]);
        assert_eq!(rows[1].get::<Option<String>, _>("name"), None);
    }
    conn.close().await.unwrap();
}

#[tokio::test]
async fn it_binds_values_of_every_kind() {
    let mock = Mock::script(TRACE);
    let mut conn = connect(&mock).await;
    let done = sqlx::query("insert into people values (?, ?, ?, ?, ?)")
        .bind(1_u64)
        .bind(1.5_f64)
        .bind("zwölf")
        .bind(vec![0_u8, 0xff])
        .bind(Option::<String>::None)
        .execute(&mut conn)
        .await
        .unwrap();
    assert_eq!((done.rows_affected(), done.last_insert_id()), (1, 46));
}

#[tokio::test]
async fn an_error_keeps_its_code_and_state() {
    let mock = Mock::script(TRACE);
    let mut conn = connect(&mock).await;
    for _ in 0..2 {
        let error = conn.execute("wrong").await.unwrap_err();
        let error = error.into_database_error().unwrap();
        assert_eq!(error.code().as_deref(), Some("42S02"));
        assert_eq!(error.message(), "no such table");
    }
    conn.ping().await.unwrap();
}
