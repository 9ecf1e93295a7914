//! Recordings as traces, and packets as recordings: what is made is played by the program.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::{Path, PathBuf};

use mynah_testkit::fixtures_folder;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Params, Row, Value};
use serde_json::json;
use support::{Mock, program, run};
use tempfile::TempDir;

fn start(path: &Path) -> Mock {
    // A trace of so many statements takes its time without optimization.
    let args = ["--statement-budget", "10m", "--filename"];
    Mock::start(program().args(args).arg(path))
}

fn convert(from: &Path, to: &Path, options: &[&str]) {
    let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
    let args = [&["convert", from, to], options].concat();
    let output = run(&args);
    assert!(output.status.success(), "{output:?}");
}

/// A recording of the connections to MySQL 9.7 among the fixtures that aren't large, in a folder.
fn recorded() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let packets = folder.path().join("packets");
    std::fs::create_dir(&packets).unwrap();
    for file in std::fs::read_dir(fixtures_folder("classic").join("mysql-9.7")).unwrap() {
        let file = file.unwrap();
        if file.metadata().unwrap().len() < 12_000 {
            std::fs::copy(file.path(), packets.join(file.file_name())).unwrap();
        }
    }
    let path = folder.path().join("rec.json");
    convert(&packets, &path, &[]);
    (folder, path)
}

/// A statement that a client sends again.
struct Sent {
    stmt: String,
    params: Option<Vec<Value>>,
    times: usize,
}

/// The statements of a recording that the client can send as they were sent.
fn sent(path: &Path) -> Vec<Sent> {
    let text = std::fs::read_to_string(path).unwrap();
    let recording: serde_json::Value = serde_json::from_str(&text).unwrap();
    let entries = recording["parts"]["setup"]["expectations"].as_array();
    let entries = entries.unwrap().iter();
    let sendable = |entry: &&serde_json::Value| {
        let answers = entry["answers"].to_string();
        // The client goes on to send UTF-8.
        let text = entry["stmt"].to_string().to_lowercase();
        let sets_characters = text.contains("set names") || text.contains("character");
        !sets_characters
            && entry["command"].is_null()
            && ![
                "incomplete",
                "local_infile",
                "\"results\"",
                "out_parameters",
            ]
            .iter()
            .any(|key| answers.contains(key))
    };
    let sent = entries.filter(sendable).filter_map(|entry| {
        let stmt = match &entry["stmt"] {
            serde_json::Value::Array(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| line.as_str().unwrap()).collect();
                lines.join("\n")
            }
            stmt => stmt.as_str().unwrap().to_owned(),
        };
        let params = entry["params"].as_array();
        let params = params.map(|params| params.iter().map(param).collect::<Option<_>>());
        Some(Sent {
            stmt,
            params: match params {
                None => None,
                Some(params) => Some(params?),
            },
            times: entry["answers"].as_array().unwrap().len() + 1,
        })
    });
    sent.collect()
}

fn param(param: &serde_json::Value) -> Option<Value> {
    Some(match param {
        serde_json::Value::Null => Value::NULL,
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        _ => return None,
    })
}

/// Columns without the lengths and collations of texts: those of a recording are in the client's character set, those of a
/// trace in the recorded one.
fn without_collations(columns: &str) -> String {
    let mut parts = columns.split("column_length: ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (form, rest) = part.split_once(", column_type: ").unwrap();
        let is_text = !form.ends_with("character_set: 63");
        text += &format!("{} of {rest}", if is_text { "text" } else { form });
    }
    text
}

/// What a client gets: columns, rows, and what an OK says.
async fn answer(conn: &mut Conn, sent: &Sent) -> String {
    let stmt = &*sent.stmt;
    let rows: Result<Vec<Row>, Error> = match &sent.params {
        None => conn.query(stmt).await,
        Some(params) if params.is_empty() => conn.exec(stmt, Params::Empty).await,
        Some(params) => conn.exec(stmt, Params::Positional(params.clone())).await,
    };
    match rows {
        Ok(rows) => {
            let columns = rows.first().map(|row| {
                let columns = format!("{:?}", row.columns_ref());
                without_collations(&columns)
            });
            let rows: Vec<_> = rows.into_iter().map(Row::unwrap).collect();
            let done = (conn.affected_rows(), conn.last_insert_id());
            format!("{columns:?} {rows:?} {done:?} {}", conn.get_warnings())
        }
        Err(Error::Server(error)) => {
            // The recording names the closest entry, and a trace itself.
            let is_unknown = error.code == 1105;
            format!(
                "{} {}",
                error.code,
                if is_unknown { "" } else { &error.message }
            )
        }
        Err(Error::Driver(error)) => error.to_string(),
        Err(other) => panic!("{stmt}: {other}"),
    }
}

#[tokio::test]
async fn a_trace_answers_what_the_recording_does() {
    let (folder, recording) = recorded();
    let trace = folder.path().join("trace.js");
    convert(&recording, &trace, &[]);
    let statements = sent(&recording);
    assert!(statements.len() > 50, "{}", statements.len());
    let (recording, trace) = (start(&recording), start(&trace));
    let mut by_recording = recording.connect().await;
    let mut by_trace = trace.connect().await;
    assert_eq!(by_trace.server_version(), (9, 7, 4));
    let mut answered = 0;
    for sent in &statements {
        for time in 0..sent.times {
            let expected = answer(&mut by_recording, sent).await;
            let got = answer(&mut by_trace, sent).await;
            assert_eq!(
                got, expected,
                "{} {:?}, time {time}",
                sent.stmt, sent.params
            );
            answered += usize::from(expected != "1105 ");
        }
    }
    assert!(answered > 100, "{answered}");
}

#[tokio::test]
async fn a_json_trace_is_played_in_the_order_in_which_statements_came() {
    let folder = tempfile::tempdir().unwrap();
    let (recording, trace) = (folder.path().join("q.json"), folder.path().join("t.json"));
    let fixture = fixtures_folder("classic").join("mysql-9.7/text-many-rows.hex");
    convert(&fixture, &recording, &[]);
    convert(&recording, &trace, &["--to", "json"]);
    let statements = sent(&recording);
    let (recording, trace) = (start(&recording), start(&trace));
    let mut by_recording = recording.connect().await;
    let mut by_trace = trace.connect().await;
    for sent in &statements {
        let expected = answer(&mut by_recording, sent).await;
        assert_eq!(answer(&mut by_trace, sent).await, expected, "{}", sent.stmt);
    }
    assert!(!statements.is_empty());
}

#[test]
fn what_is_made_of_all_fixtures_has_no_problems() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = ["mysql-9.7", "mysql-5.6", "mariadb-11.8", "mariadb-10.11"];
    let classic = kinds.map(|kind| fixtures_folder("classic").join(kind));
    let all = classic
        .into_iter()
        .chain([fixtures_folder("x").join("mysql-9.7")]);
    for from in all {
        let path = |name: &str| folder.path().join(name);
        let (recording, js, json) = (path("r.json"), path("t.js"), path("t.json"));
        let made = run(&[
            "convert",
            from.to_str().unwrap(),
            recording.to_str().unwrap(),
        ]);
        // Among those of the X Protocol are six connections with messages that can't be decompressed.
        let lost = "6 connections couldn't be followed";
        let is_incomplete = String::from_utf8_lossy(&made.stderr).contains(lost);
        assert!(made.status.success() || is_incomplete, "{made:?}");
        convert(&recording, &js, &[]);
        convert(&recording, &json, &["--to=json"]);
        let checked = run(&["check", js.to_str().unwrap(), json.to_str().unwrap()]);
        assert!(checked.status.success(), "{}: {checked:?}", from.display());
    }
}

#[tokio::test]
async fn one_part_is_converted_with_setup() {
    let at = "2026-11-29T20:00:00Z";
    let part = |message: &str| {
        json!({"recorded_at": at, "expectations": [
            {"stmt": "which part", "answers": [{"ok": {"message": message, "status": 2}}]}]})
    };
    let recording = json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": at},
        "parts": {"setup": part("setup"), "t7": part("t7"), "t8": part("t8")},
    });
    let folder = tempfile::tempdir().unwrap();
    let (rec, js) = (folder.path().join("rec.json"), folder.path().join("t.js"));
    std::fs::write(&rec, recording.to_string()).unwrap();
    let said = async |js: &Path| {
        let mock = start(js);
        let mut said = Vec::new();
        // Whichever connection asks.
        for _ in 0..3 {
            let mut conn = mock.connect().await;
            conn.query_drop("which part").await.unwrap();
            said.push(conn.info().into_owned());
        }
        said
    };
    convert(&rec, &js, &["--part=t7"]);
    assert_eq!(said(&js).await, ["t7", "t7", "t7"]);
    convert(&rec, &js, &[]);
    assert_eq!(said(&js).await, ["setup", "t7", "t8"]);
    let args = [
        "convert",
        rec.to_str().unwrap(),
        js.to_str().unwrap(),
        "--part=t9",
    ];
    let output = run(&args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("no part 't9', only setup, t7, t8"),
        "{stderr}"
    );
}

#[test]
fn a_line_that_is_no_packet_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (hex, to) = (folder.path().join("a.hex"), folder.path().join("a.json"));
    std::fs::write(&hex, "# server: x\nS 00 0a39\nC zz 00\n").unwrap();
    let output = run(&["convert", hex.to_str().unwrap(), to.to_str().unwrap()]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("a.hex' line 3: expected a sequence id"),
        "{stderr}"
    );
}
