//! Bulk executions of MariaDB's clients in a recording.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah::{ListenAddress, Options as MockOptions, ScriptServer};
use mynah_classic::command::{
    BulkFlags, BulkParameters, BulkValue, ComStmtBulkExecute, ParameterFlags, ParameterType,
    ParameterTypes,
};
use mynah_classic::response::OkPacket;
use mynah_classic::{Capabilities, ColumnType};
use mynah_client::{Client, Command, Options, Part};
use mynah_wire::Message;

const RECORDING: &str = r#"{
    "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z",
        "volatile": ["column:made"]},
    "server": {"version": "11.8.3-MariaDB", "collation": 45, "status": 2, "protocols": ["classic"]},
    "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
        {"stmt": "insert into t values (?)", "command": "prepare", "prepared": {"params": 1}},
        {"stmt": "insert into t values (?)", "command": "bulk_execute", "param_rows": [[1], [2], [{"keyword": "default"}]],
         "answers": [{"ok": {"affected_rows": 3, "last_insert_id": 7}}, {"ok": {"affected_rows": 2, "last_insert_id": 9}}]},
        {"stmt": "insert into t values (?)", "command": "bulk_execute", "param_rows": [[1], [2]],
         "answers": [{"ok": {"affected_rows": 5, "last_insert_id": 11}}]},
        {"stmt": "insert into t values (?)", "params": [4], "answers": [{"ok": {"affected_rows": 1}}]},
        {"stmt": "insert into t values (?)", "params": [5], "answers": [{"ok": {"affected_rows": 1}}]},
        {"stmt": "insert into u (made) values (?)", "command": "prepare", "prepared": {"params": 1}},
        {"stmt": "insert into u (made) values (?)", "command": "bulk_execute", "param_rows": [[101], [103]],
         "answers": [{"ok": {"affected_rows": 6}}]}
    ]}}
}"#;

/// The affected rows and the last insert id, or the error number.
async fn execute(client: &mut Client, statement: u32, rows: &[BulkValue]) -> (u64, u64) {
    let types = ParameterTypes::new(&[ParameterType {
        column_type: ColumnType::TINY,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    }]);
    let parameters = BulkParameters::new(Some(types), rows);
    let bulk = ComStmtBulkExecute::new(statement, BulkFlags::empty(), &parameters).unwrap();
    client.send(Command::StmtBulkExecute(bulk)).await.unwrap();
    let mut answer = None;
    while let Some((part, payload)) = client.next().await.unwrap() {
        answer = Some(match part {
            Part::Ok => {
                let ok = OkPacket::from_payload(&payload, Capabilities::PROTOCOL_41).unwrap();
                (ok.affected_rows, ok.last_insert_id)
            }
            Part::Err => (u64::from(u16::from_le_bytes([payload[1], payload[2]])), 0),
            other => panic!("{other:?}"),
        });
    }
    answer.unwrap()
}

fn value(value: u8) -> BulkValue {
    BulkValue::Value(Bytes::copy_from_slice(&[value]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_execution_is_looked_up_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    std::fs::write(&path, RECORDING).unwrap();
    let mut options = MockOptions::new(path);
    options.port = Some(0);
    options.bind_address = "127.0.0.1".to_owned();
    let server = ScriptServer::start(options).unwrap();
    let address = server.addresses()[0].to_string().parse().unwrap();
    let mut client = Client::connect(&ListenAddress::Tcp(address), Options::new("root", ""))
        .await
        .unwrap();
    let t = client.prepare("insert into t values (?)").await.unwrap().id;
    let u = client
        .prepare("insert into u (made) values (?)")
        .await
        .unwrap()
        .id;
    for (statement, rows, expected) in [
        (t, vec![value(1), value(2), BulkValue::Default], (3, 7)),
        (t, vec![value(1), value(2)], (5, 11)),
        (t, vec![value(1), value(2), BulkValue::Default], (2, 9)),
        // DEFAULT is neither a value, nor NULL or IGNORE, nor in another place.
        (t, vec![value(1), value(2), value(3)], (1105, 0)),
        (t, vec![value(1), value(2), BulkValue::Null], (1105, 0)),
        (t, vec![value(1), value(2), BulkValue::Ignore], (1105, 0)),
        (t, vec![value(1), BulkValue::Default, value(2)], (1105, 0)),
        (t, vec![value(2), value(1)], (1105, 0)),
        (
            t,
            vec![value(1), value(2), BulkValue::Default, value(4)],
            (1105, 0),
        ),
        // Rows that are recorded one by one.
        (t, vec![value(4), value(5)], (2, 0)),
        // Volatile values.
        (u, vec![value(3), value(4)], (6, 0)),
        (u, vec![value(3), value(4)], (6, 0)),
    ] {
        let answer = execute(&mut client, statement, &rows).await;
        assert_eq!(answer, expected, "{rows:?}");
    }
}
