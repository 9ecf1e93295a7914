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
         "answers": [{"ok": {"affected_rows": 6}}]},
        {"stmt": "insert into t values (?)", "command": "bulk_execute", "param_rows": [[8], [9]],
         "answers": [{"result": {"columns": [{"name": "Id", "type": "LONGLONG"}, {"name": "Affected_rows", "type": "LONGLONG"}],
            "rows": [["21", "1"], ["22", "2"]]}}]}
    ]}}
}"#;

/// The affected rows and the last insert id, or the error number.
async fn execute(client: &mut Client, statement: u32, rows: &[BulkValue]) -> (u64, u64) {
    let answer = answer(client, statement, rows, BulkFlags::empty()).await;
    match &answer[..] {
        [(Part::Ok, payload)] => {
            let ok = OkPacket::from_payload(payload, Capabilities::PROTOCOL_41).unwrap();
            (ok.affected_rows, ok.last_insert_id)
        }
        [(Part::Err, payload)] => (u64::from(u16::from_le_bytes([payload[1], payload[2]])), 0),
        other => panic!("{other:?}"),
    }
}

/// The packets of the answer.
async fn answer(
    client: &mut Client,
    statement: u32,
    rows: &[BulkValue],
    flags: BulkFlags,
) -> Vec<(Part, Bytes)> {
    let types = ParameterTypes::new(&[ParameterType {
        column_type: ColumnType::TINY,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    }]);
    let parameters = BulkParameters::new(Some(types), rows);
    let bulk = ComStmtBulkExecute::new(statement, flags, &parameters).unwrap();
    client.send(Command::StmtBulkExecute(bulk)).await.unwrap();
    let mut answer = Vec::new();
    while let Some(packet) = client.next().await.unwrap() {
        answer.push(packet);
    }
    answer
}

fn value(value: u8) -> BulkValue {
    BulkValue::Value(Bytes::copy_from_slice(&[value]))
}

/// A mock that plays the recording for a server of this version, and a client of it.
async fn connect(version: &str, options: Options) -> (ScriptServer, tempfile::TempDir, Client) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    std::fs::write(&path, RECORDING.replace("11.8.3", version)).unwrap();
    let mut server = MockOptions::new(path);
    server.port = Some(0);
    server.bind_address = "127.0.0.1".to_owned();
    let server = ScriptServer::start(server).unwrap();
    let address = server.addresses()[0].to_string().parse().unwrap();
    let address = ListenAddress::Tcp(address);
    let client = Client::connect(&address, options).await.unwrap();
    (server, folder, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_execution_is_looked_up_as_a_whole() {
    let (_server, _folder, mut client) = connect("11.8.3", Options::new("root", "")).await;
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
        // Unit results, of which this client doesn't know.
        (t, vec![value(8), value(9)], (3, 21)),
    ] {
        let answer = execute(&mut client, statement, &rows).await;
        assert_eq!(answer, expected, "{rows:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unit_results_are_sent_to_clients_that_know_them_if_the_recorded_server_does() {
    let units = Capabilities::MARIADB_BULK_UNIT_RESULTS;
    for (version, knows) in [("11.8.3", true), ("11.5.1", true), ("11.4.9", false)] {
        let units = units.union(Capabilities::MARIADB_CACHE_METADATA);
        let options = Options::new("root", "").capabilities(units);
        let (_server, _folder, mut client) = connect(version, options).await;
        let t = client.prepare("insert into t values (?)").await.unwrap().id;
        // Of the second, the rows are recorded one by one.
        for rows in [
            [value(8), value(9)],
            [value(8), value(9)],
            [value(4), value(5)],
            [value(4), value(5)],
        ] {
            let answer = answer(&mut client, t, &rows, BulkFlags::SEND_UNIT_RESULTS).await;
            // Also where clients keep columns, these are sent each time.
            let columns = answer
                .iter()
                .filter(|(part, _)| *part == Part::ColumnDefinition);
            assert_eq!(columns.count(), if knows { 2 } else { 0 }, "{answer:?}");
            let rows = answer.iter().filter(|(part, _)| *part == Part::BinaryRow);
            let wanted = if knows { 2 } else { 0 };
            assert_eq!(rows.count(), wanted, "{version}: {answer:?}");
        }
    }
}
