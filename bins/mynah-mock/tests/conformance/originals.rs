//! The traces of MySQL Router's own tests: the answers of each, compared with Node.js.
//!
//! `cargo test -p mynah-mock --test conformance originals -- --ignored --nocapture`

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread;

use mynah_testkit::servers::router_traces;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Client, Column, Done, End, Isolation, Login, Mock, Refusal, Script, capability, rest,
};

/// How often each trace gets all statements, each time from a new client.
const SESSIONS: usize = 2;

#[test]
#[ignore = "fetches the traces of MySQL Router's tests, and runs Node.js"]
fn each_trace_of_the_original_answers_as_in_node_js() {
    let folder = match router_traces() {
        Ok(folder) => folder,
        Err(reason) => return println!("skipped: the traces cannot be had: {reason}"),
    };
    if Judge::start().is_none() {
        return println!("skipped: node cannot be run");
    }
    let entries = std::fs::read_dir(&folder).unwrap();
    let mut traces: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    traces.retain(|path| path.extension().is_some_and(|extension| extension == "js"));
    traces.sort();
    let count = traces.len();
    let left = Mutex::new(traces.into_iter());
    let all = Mutex::new(Comparison::default());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut judge = Judge::start().unwrap();
                loop {
                    let Some(trace) = left.lock().unwrap().next() else {
                        return;
                    };
                    for globals in [json!({}), cluster()] {
                        let found = compare(&mut judge, &trace, &folder, &globals);
                        all.lock().unwrap().extend(&trace, found);
                    }
                }
            });
        }
    });
    let Comparison { judged, differ } = all.into_inner().unwrap();
    println!("{count} traces, {judged} answers, {} differ", differ.len());
    assert!(count >= 95, "{count}");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// The globals that Router's tests set before they use a trace, with a cluster of three in two
/// clusters.
fn cluster() -> Value {
    let node = |uuid: &str, port: u16| {
        json!({"uuid": uuid, "host": "127.0.0.1", "classic_port": port, "http_port": 1,
               "attributes": "{}", "version": "9.7.4", "status": "ONLINE", "role": "PRIMARY"})
    };
    let (one, two, three) = (
        node("uuid-1", 3311),
        node("uuid-2", 3312),
        node("uuid-3", 3321),
    );
    json!({
        "gr_id": "cluster-specific-id", "cluster_name": "zoo", "gr_pos": 0, "view_id": 1,
        "primary_id": 0, "metadata_schema_version": [2, 3, 0], "error_on_md_query": 0,
        "gr_node_host": "127.0.0.1", "router_options": "{}", "router_version": "9.7.4",
        "cluster_type": "gr", "cluster_id": 1, "transaction_count": 0, "md_query_count": 0,
        "gr_nodes": [["uuid-1", 3311, "ONLINE", "PRIMARY"], ["uuid-2", 3312, "ONLINE", "SECONDARY"]],
        "cluster_nodes": [["uuid-1", 3311, 33110, "", "PRIMARY"],
                          ["uuid-2", 3312, 33120, "", "SECONDARY"]],
        "router_expected_target_cluster": ".*", "router_expected_local_cluster": ".*",
        "target_cluster_id": 0,
        "clusterset_data": {
            "clusterset_id": "set", "clusterset_name": "zoos", "this_cluster_id": 0,
            "this_node_id": 0, "target_cluster_id": 0, "primary_cluster_id": 0,
            "clusters": [
                {"uuid": "a", "name": "one", "role": "PRIMARY", "gr_uuid": "gr-1",
                 "nodes": [one, two], "gr_nodes": [one, two]},
                {"uuid": "b", "name": "two", "role": "SECONDARY", "gr_uuid": "gr-2",
                 "nodes": [three], "gr_nodes": [three]},
            ],
        },
    })
}

/// The path of `mysqld.global`.
const GLOBALS: &str = "/api/v1/mock_server/globals/";

/// The comparison of a trace.
#[derive(Debug, Default, PartialEq)]
struct Comparison {
    judged: usize,
    differ: Vec<String>,
}

impl Comparison {
    fn extend(&mut self, trace: &Path, other: Self) {
        self.judged += other.judged;
        let name = trace.file_name().unwrap().to_string_lossy();
        let differ = other.differ.into_iter();
        self.differ
            .extend(differ.map(|text| format!("{name}: {text}")));
    }

    fn add(&mut self, what: &str, found: &Value, wanted: &Value) {
        self.judged += 1;
        if found != wanted && without_uuids(found) != without_uuids(wanted) {
            self.differ
                .push(format!("{what}\n  is {found}\n  not {wanted}"));
        }
    }
}

/// The value without UUIDs of version 4, which traces make at random unless the globals set them.
fn without_uuids(value: &Value) -> Value {
    match value {
        Value::String(text) if is_random_uuid(text) => json!("a UUID"),
        Value::Array(elements) => elements.iter().map(without_uuids).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(key, value)| (key.clone(), without_uuids(value)))
                .collect()
        }
        other => other.clone(),
    }
}

fn is_random_uuid(text: &str) -> bool {
    let pattern = "00000000-0000-4000-8000-000000000000";
    let like = |(found, at): (char, char)| match at {
        '0' => found.is_ascii_hexdigit(),
        at => found == at,
    };
    text.len() == pattern.len() && text.chars().zip(pattern.chars()).all(like)
}

fn compare(judge: &mut Judge, path: &Path, prefix: &Path, globals: &Value) -> Comparison {
    let mut question = json!({
        "trace": path, "prefix": prefix, "port": 3306, "globals": globals, "sessions": SESSIONS,
    });
    let statements = judge.ask(&question)["statements"].take();
    question["statements"] = statements.clone();
    let statements = texts(&statements);
    let trace = Script::at(path).args(&[
        "--module-prefix",
        &prefix.display().to_string(),
        "--http-port",
        "0",
    ]);
    let mut comparison = Comparison::default();
    for isolation in [Isolation::Auto, Isolation::Context] {
        let mock = Mock::start(&trace, isolation);
        let put = rest("PUT", GLOBALS).json(&globals.to_string()).send(&mock);
        assert_eq!(put.status, 204, "{put:?}");
        question["port"] = mock.address().port().into();
        let verdict = judge.ask(&question);
        for wanted in verdict["sessions"].as_array().unwrap() {
            ask(&mock, &statements, wanted, &mut comparison);
        }
        let globals = rest("GET", GLOBALS).send(&mock).body;
        let globals: Value = serde_json::from_str(&globals).unwrap();
        comparison.add("mysqld.global", &globals, &verdict["globals"]);
    }
    comparison
}

fn texts(statements: &Value) -> Vec<&str> {
    let statements = statements.as_array().unwrap().iter();
    statements.map(|text| text.as_str().unwrap()).collect()
}

/// Node.js with the rules of traces.
#[derive(Debug)]
struct Judge {
    process: Child,
    said: BufReader<ChildStdout>,
}

impl Judge {
    /// `None` if Node.js isn't installed.
    fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/judge/judge.js");
        let mut process = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let said = BufReader::new(process.stdout.take()?);
        Some(Self { process, said })
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.process.stdin.as_mut().unwrap(), "{question}").unwrap();
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {question}"))
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// Compares one client's session, from its greeting to its last statement.
fn ask(mock: &Mock, statements: &[&str], wanted: &Value, comparison: &mut Comparison) {
    let mut client = mock.client();
    let greeting = client.greeting();
    let handshake = &wanted["handshake"];
    if let Some(reason) = wanted.get("failed") {
        let found = without_own_words(greeting.map(|_| ()), reason);
        return comparison.add("the greeting", &found, &failed(1064, reason));
    }
    if handshake["refused"].is_object() {
        // An error before the greeting has no state.
        let refused = &handshake["refused"];
        let wanted = json!({"code": refused["code"], "message": refused["message"]});
        let found = greeting.map_or_else(
            |refusal| json!({"code": refusal.code, "message": refusal.message}),
            |greeting| json!(greeting.server_version),
        );
        return comparison.add("the greeting", &found, &wanted);
    }
    let greeting = greeting.expect("a greeting");
    if let Some(version) = handshake["server_version"].as_str() {
        comparison.add(
            "the version",
            &json!(greeting.server_version),
            &json!(version),
        );
    }
    if let Some(capabilities) = handshake["capabilities"].as_u64() {
        comparison.add(
            "the capabilities",
            &json!(greeting.capabilities),
            &json!(capabilities),
        );
    }
    let login = Login::user(
        handshake["username"].as_str().unwrap_or("ada"),
        handshake["password"].as_str().unwrap_or_default(),
    );
    let login = login.without(!greeting.capabilities);
    let login = client.answer_greeting(&login, &greeting);
    if handshake["denied"].is_object() {
        let found = login.map_or_else(|refusal| refused(&refusal), |_| json!("logged in"));
        return comparison.add("the login", &found, &handshake["denied"]);
    }
    if handshake["certificate"] == true {
        let found = login.map_or_else(|refusal| refusal.code, |_| 0);
        return comparison.add("a login without a certificate", &json!(found), &json!(1045));
    }
    login.expect("the login succeeds");
    for (statement, wanted) in statements.iter().zip(wanted["answers"].as_array().unwrap()) {
        let (found, wanted) = answered(&mut client, statement, wanted);
        comparison.add(statement, &found, &wanted);
    }
}

/// The answer to a statement, and the expected one.
fn answered(client: &mut Client, statement: &str, wanted: &Value) -> (Value, Value) {
    let answer = client.query(statement);
    if let Some(reason) = wanted.get("failed") {
        let found = match answer {
            Answer::Error(refusal) => without_own_words(Err(refusal), reason),
            other => shown(other),
        };
        return (found, failed(1064, reason));
    }
    let wanted = reduced(wanted.clone(), client.capabilities);
    (shown(answer), wanted)
}

/// The part of an answer that reaches a client with fewer capabilities.
fn reduced(mut wanted: Value, capabilities: u32) -> Value {
    wanted.as_object_mut().unwrap().remove("exec_time");
    for end in ["/ok", "/result/end"] {
        if let Some(end) = wanted.pointer_mut(end)
            && capabilities & capability::SESSION_TRACK == 0
        {
            end["trackers"] = json!("");
            end["status"] = json!(end["status"].as_u64().unwrap() & !0x4000);
        }
    }
    if let Some(end) = wanted.pointer_mut("/result/end")
        && capabilities & capability::DEPRECATE_EOF == 0
    {
        *end = json!({"status": end["status"], "warnings": end["warnings"]});
    }
    wanted
}

fn failed(code: u16, reason: &Value) -> Value {
    json!({"code": code, "failed": reason})
}

/// Why something failed, without the engine's own words, which differ from those of Node.js.
fn without_own_words(answer: Result<(), Refusal>, reason: &Value) -> Value {
    match answer {
        Ok(()) => json!("no error"),
        Err(refusal) => {
            let message = refusal.message;
            let message = message
                .strip_prefix("executing statement failed: ")
                .unwrap_or(&message);
            failed(
                refusal.code,
                &match reason {
                    Value::Null => Value::Null,
                    _ => json!(message),
                },
            )
        }
    }
}

fn shown(answer: Answer) -> Value {
    match answer {
        Answer::Ok(done) => json!({"ok": completion(done)}),
        Answer::Error(refusal) => json!({"error": refused(&refusal)}),
        Answer::Rows(rows) => {
            let columns: Vec<Value> = rows.columns.iter().map(column).collect();
            let end = match rows.end {
                End::Ok(done) => completion(done),
                End::Eof(warnings, status) => json!({"status": status, "warnings": warnings}),
            };
            json!({"result": {"columns": columns, "rows": rows.rows, "end": end}})
        }
        Answer::Closed => json!("closed"),
    }
}

fn completion(done: Done) -> Value {
    let trackers: String = done
        .trackers
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "affected_rows": done.affected_rows, "last_insert_id": done.last_insert_id,
        "status": done.status, "warnings": done.warnings, "message": done.message,
        "trackers": trackers,
    })
}

fn refused(refusal: &Refusal) -> Value {
    json!({"code": refusal.code, "message": refusal.message, "state": refusal.state})
}

fn column(column: &Column) -> Value {
    json!({
        "catalog": column.catalog, "schema": column.schema, "table": column.table,
        "orig_table": column.orig_table, "name": column.name, "orig_name": column.orig_name,
        "character_set": column.character_set, "length": column.length, "kind": column.kind,
        "flags": column.flags, "decimals": column.decimals,
    })
}
