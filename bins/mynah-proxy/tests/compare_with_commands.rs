//! `--compare-with`: commands that drivers seldom send, and what only one of the servers understands.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::Bytes;
use mynah::{ListenAddress, Options as MockOptions, ScriptServer};
use mynah_classic::ColumnType;
use mynah_classic::command::{
    BulkFlags, BulkParameters, BulkValue, ComStmtBulkExecute, ComStmtExecute, ComStmtFetch,
    ComStmtReset, ComStmtSendLongData, CursorFlags, Parameter, ParameterFlags, ParameterType,
    ParameterTypes, ParameterValue, Parameters,
};
use mynah_client::{Capabilities, Client, ComQuery, Command, Options, Part};
use support::Proxy;
use support::upstream::Upstream;

const MYSQL: &str = "9.7.4";
const MARIADB: &str = "11.8.3-MariaDB";

/// A server's answers, from a server of this version.
fn recording(version: &str) -> String {
    RECORDING.replace("VERSION", version)
}

const RECORDING: &str = r#"{
    "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
    "server": {"version": "VERSION", "collation": 45, "status": 2, "protocols": ["classic"]},
    "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
        {"stmt": "update t set a = 1", "answers": [{"ok": {"affected_rows": 3}}]},
        {"stmt": "update t set a = ? where b = ?", "command": "prepare", "prepared": {"params": 2}},
        {"stmt": "update t set a = ? where b = ?", "params": [7, "seven"], "answers": [{"ok": {"affected_rows": 4}}]},
        {"stmt": "update t set a = ? where b = ?", "params": [8, "seven"], "answers": [{"ok": {"affected_rows": 5}}]},
        {"stmt": "insert into t values (?)", "command": "prepare", "prepared": {"params": 1}},
        {"stmt": "insert into t values (?)", "command": "bulk_execute", "param_rows": [[1], [2]],
         "answers": [{"ok": {"affected_rows": 2, "last_insert_id": 7}}]}
    ]}}
}"#;

/// A server that plays a recording or a script.
struct Server {
    _folder: tempfile::TempDir,
    server: ScriptServer,
}

impl Server {
    fn start(version: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rec.json");
        std::fs::write(&path, recording(version)).unwrap();
        let mut options = MockOptions::new(path);
        options.port = Some(0);
        options.bind_address = "127.0.0.1".to_owned();
        Self {
            server: ScriptServer::start(options).unwrap(),
            _folder: folder,
        }
    }

    fn port(&self) -> u16 {
        let address = self.server.address().to_string();
        address.rsplit_once(':').unwrap().1.parse().unwrap()
    }
}

fn proxy(first: u16, second: u16) -> Proxy {
    let with = format!("--compare-with=127.0.0.1:{second}");
    Proxy::start(&[first], &["--trace=off", &with])
}

async fn connect(proxy: &Proxy, options: Options) -> Client {
    let address = format!("127.0.0.1:{}", proxy.ports[0]).parse().unwrap();
    Client::connect(&ListenAddress::Tcp(address), options)
        .await
        .unwrap()
}

/// Sends a command, and returns the parts of the answer.
async fn run(client: &mut Client, command: Command) -> Vec<Part> {
    client.send(command).await.unwrap();
    let mut parts = Vec::new();
    while let Some((part, _payload)) = client.next().await.unwrap() {
        parts.push(part);
    }
    parts
}

fn number(number: u8) -> Parameter {
    Parameter {
        parameter_type: parameter_type(ColumnType::TINY, ""),
        value: ParameterValue::Value(Bytes::copy_from_slice(&[number])),
    }
}

fn text(text: &str, name: &str) -> Parameter {
    let mut bytes = vec![u8::try_from(text.len()).unwrap()];
    bytes.extend_from_slice(text.as_bytes());
    Parameter {
        parameter_type: parameter_type(ColumnType::VAR_STRING, name),
        value: ParameterValue::Value(bytes.into()),
    }
}

fn parameter_type(column_type: ColumnType, name: &str) -> ParameterType {
    ParameterType {
        column_type,
        flags: ParameterFlags::empty(),
        name: Bytes::copy_from_slice(name.as_bytes()),
    }
}

fn execution(client: &Client, id: u32, parameters: &Parameters, num_params: u16) -> Command {
    let flags = CursorFlags::empty();
    let shared = client.capabilities();
    let execute = ComStmtExecute::new(id, flags, parameters, shared, num_params);
    Command::StmtExecute(execute.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_query_attributes_gets_statements_without_them() {
    for second in [MYSQL, MARIADB] {
        let servers = [Server::start(MYSQL), Server::start(second)];
        let proxy = proxy(servers[0].port(), servers[1].port());
        let options = Options::new("ada", "").capabilities(Capabilities::QUERY_ATTRIBUTES);
        let mut client = connect(&proxy, options).await;
        assert!(
            client
                .capabilities()
                .contains(Capabilities::QUERY_ATTRIBUTES)
        );
        let attribute = text("t7", "test");
        let query = ComQuery {
            attributes: Parameters::new(std::slice::from_ref(&attribute)),
            ..ComQuery::new("update t set a = 1")
        };
        assert_eq!(run(&mut client, Command::Query(query)).await, [Part::Ok]);
        let update = "update t set a = ? where b = ?";
        let id = client.prepare(update).await.unwrap().id;
        let given = Parameters::new(&[number(7), text("seven", ""), attribute]);
        let command = execution(&client, id, &given, 2);
        assert_eq!(run(&mut client, command).await, [Part::Ok]);
        // The types are those of the execution before.
        let given = Parameters::new(&[number(8), text("seven", "")]).without_types();
        let command = execution(&client, id, &given, 2);
        assert_eq!(run(&mut client, command).await, [Part::Ok]);
        client.close().await.unwrap();
        let (code, said) = proxy.end_with_status();
        assert_eq!(code, Some(0), "{second}: {said}");
        assert!(said.contains("4 answers compared: 0 differences"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_executions_are_compared_if_the_second_server_has_them() {
    for (second, code) in [(MARIADB, 0), (MYSQL, 3)] {
        let servers = [Server::start(MARIADB), Server::start(second)];
        let proxy = proxy(servers[0].port(), servers[1].port());
        let bulk = Capabilities::MARIADB_STMT_BULK_OPERATIONS;
        let mut client = connect(&proxy, Options::new("ada", "").capabilities(bulk)).await;
        let insert = "insert into t values (?)";
        let id = client.prepare(insert).await.unwrap().id;
        let types = ParameterTypes::new(&[parameter_type(ColumnType::TINY, "")]);
        let rows = [1, 2].map(|value| BulkValue::Value(Bytes::copy_from_slice(&[value])));
        let rows = BulkParameters::new(Some(types), &rows);
        let bulk = ComStmtBulkExecute::new(id, BulkFlags::empty(), &rows).unwrap();
        let parts = run(&mut client, Command::StmtBulkExecute(bulk)).await;
        assert_eq!(parts, [Part::Ok]);
        client.close().await.unwrap();
        let (ended, said) = proxy.end_with_status();
        assert_eq!(ended, Some(code), "{second}: {said}");
        let expected = match code {
            0 => "2 answers compared: 0 differences",
            _ => {
                "not compared: the second server has no bulk executions (COM_STMT_BULK_EXECUTE): 1 answers; the comparison of 1 connections ended"
            }
        };
        assert!(said.contains(expected), "{said}");
    }
}

/// Answers that depend on all that the client has sent.
const SCRIPT: &str = r#"
var columns = [{ name: "n", type: "VAR_STRING" }];
({
  stmts: function (stmt, call) {
    if (call.command === "prepare") return { result: { columns: columns } };
    if (/^load/.test(stmt)) return { local_infile: { filename: "birds.csv", answer: function (file) {
      return { ok: { affected_rows: file.size } };
    } } };
    if (/rows/.test(stmt)) return { result: { columns: columns, rows: [["a"], ["b"], ["c"], [OTHER]] } };
    return { result: { columns: columns, rows: [[JSON.stringify(call.params)]] } };
  },
})
"#;

fn script(other: &str) -> Upstream {
    Upstream::start(&format!("var OTHER = \"{other}\";\n{SCRIPT}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn values_in_pieces_are_sent_to_both_servers() {
    let servers = [script("d"), script("d")];
    let proxy = proxy(servers[0].port(), servers[1].port());
    let mut client = connect(&proxy, Options::new("ada", "")).await;
    let id = client.prepare("select pieces ?").await.unwrap().id;
    for data in ["two ", "pieces"] {
        let piece = ComStmtSendLongData {
            statement_id: id,
            param_id: 0,
            data: data.into(),
        };
        client.send(Command::StmtSendLongData(piece)).await.unwrap();
    }
    let long = Parameter {
        parameter_type: parameter_type(ColumnType::VAR_STRING, ""),
        value: ParameterValue::LongData,
    };
    let given = Parameters::new(&[long]);
    let command = execution(&client, id, &given, 1);
    client.send(command).await.unwrap();
    let mut row = None;
    while let Some((part, payload)) = client.next().await.unwrap() {
        if part == Part::BinaryRow {
            row = Some(payload);
        }
    }
    let row = String::from_utf8_lossy(&row.unwrap()).into_owned();
    assert!(row.contains("two pieces"), "{row}");
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 answers compared: 0 differences"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_cursor_are_compared_when_they_are_all_fetched() {
    for (other, code) in [("d", 0), ("e", 3)] {
        let servers = [script("d"), script(other)];
        let proxy = proxy(servers[0].port(), servers[1].port());
        let mut client = connect(&proxy, Options::new("ada", "")).await;
        let id = client.prepare("select rows").await.unwrap().id;
        let shared = client.capabilities();
        let none = Parameters::default();
        let open = ComStmtExecute::new(id, CursorFlags::READ_ONLY, &none, shared, 0).unwrap();
        run(&mut client, Command::StmtExecute(open.clone())).await;
        let fetch = |num_rows| {
            Command::StmtFetch(ComStmtFetch {
                statement_id: id,
                num_rows,
            })
        };
        for rows in [3, 3] {
            run(&mut client, fetch(rows)).await;
        }
        // A cursor that is closed before its end.
        run(&mut client, Command::StmtExecute(open)).await;
        run(&mut client, fetch(1)).await;
        let reset = ComStmtReset { statement_id: id };
        run(&mut client, Command::StmtReset(reset)).await;
        client.close().await.unwrap();
        let (ended, said) = proxy.end_with_status();
        assert_eq!(ended, Some(code), "{said}");
        assert!(said.contains("2 answers compared"), "{said}");
        let left = "not compared: the first server's answer is incomplete: the client closed the cursor before its last row: 1 answers\n";
        assert!(said.contains(left), "{said}");
        let differs = said.contains("row 4, n: first 'd', second 'e'");
        assert_eq!(differs, code == 3, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_servers_get_the_file_that_the_client_sends() {
    let servers = [script("d"), script("d")];
    let proxy = proxy(servers[0].port(), servers[1].port());
    let options = Options::new("ada", "").files(|name| {
        assert_eq!(name, "birds.csv");
        "1,owl\n2,emu\n".into()
    });
    let mut client = connect(&proxy, options).await;
    let load = ComQuery::new("load data local infile 'birds.csv' into table birds");
    let parts = run(&mut client, Command::Query(load)).await;
    assert_eq!(parts, [Part::LocalInfile, Part::Ok]);
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 answers compared: 0 differences"), "{said}");
}
