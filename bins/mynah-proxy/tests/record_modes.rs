//! `--replay` with `--record-mode`: what is answered from the file, and what is asked of the server and added to it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};
use support::upstream::{Upstream, options};
use support::{Proxy, ask, run};

/// A server whose every answer has another number, and a place for recordings of it.
struct Scene {
    upstream: Upstream,
}

impl Scene {
    fn new() -> Self {
        Self {
            upstream: Upstream::start(SERVER),
        }
    }

    fn file(&self) -> PathBuf {
        self.upstream.folder().join("rec.json")
    }

    fn proxy(&self, mode: &str) -> Proxy {
        self.proxy_with(mode, &[])
    }

    fn proxy_with(&self, mode: &str, more: &[&str]) -> Proxy {
        let replay = format!("--replay={}", self.file().display());
        let mode = format!("--record-mode={mode}");
        let args = [&["--trace=off", &replay, &mode], more].concat();
        Proxy::start(&[self.upstream.port()], &args)
    }
}

const SERVER: &str = r#"
({
  stmts: function (stmt, call) {
    var columns = [{ name: "n", type: "LONGLONG" }];
    if (call.command === "prepare") return /^select/.test(stmt) ? { result: { columns: columns } } : { ok: {} };
    if (/^select .* as n$/.test(stmt)) return { result: { columns: columns, rows: [[process.increment("n")]] } };
    if (/^(insert|create)/.test(stmt)) return { ok: { affected_rows: 1, last_insert_id: process.increment("n") } };
  },
})
"#;

async fn connect(proxy: &Proxy) -> Conn {
    Conn::new(options(proxy.ports[0])).await.unwrap()
}

async fn number(conn: &mut Conn, stmt: &str) -> u64 {
    conn.query_first(stmt).await.unwrap().unwrap()
}

async fn refused(conn: &mut Conn, stmt: &str) -> String {
    match conn.query_drop(stmt).await {
        Err(Error::Server(error)) => {
            assert_eq!(error.code, 1105);
            error.message
        }
        other => panic!("{stmt}: {other:?}"),
    }
}

fn end(proxy: Proxy) {
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_answers_what_is_recorded_and_adds_what_is_not() {
    let scene = Scene::new();
    let proxy = scene.proxy("all");
    let mut conn = connect(&proxy).await;
    assert_eq!(number(&mut conn, "select 1 as n").await, 1);
    assert_eq!(number(&mut conn, "select 1 as n").await, 2);
    conn.query_drop("insert into t values (1)").await.unwrap();
    conn.disconnect().await.unwrap();
    end(proxy);

    let proxy = scene.proxy("new");
    let mut conn = connect(&proxy).await;
    // The recorded answers in turn, the last one stays; also to a client that prepares.
    assert_eq!(number(&mut conn, "select 1 as n").await, 1);
    let prepared = "select ? as n";
    let bound: Option<u64> = conn.exec_first(prepared, (1,)).await.unwrap();
    assert_eq!(bound, Some(2));
    assert_eq!(number(&mut conn, "select 1 as n").await, 2);
    // What isn't recorded is the server's to answer.
    assert_eq!(number(&mut conn, "select 2 as n").await, 4);
    let bound: Option<u64> = conn.exec_first(prepared, (3,)).await.unwrap();
    assert_eq!(bound, Some(5));
    conn.query_drop("insert into t values (1)").await.unwrap();
    assert_eq!(conn.last_insert_id(), Some(3));
    conn.disconnect().await.unwrap();
    end(proxy);

    // Without a server.
    let proxy = scene.proxy("none");
    let mut conn = connect(&proxy).await;
    for (stmt, n) in [
        ("select 1 as n", 1),
        ("select 1 as n", 2),
        ("select 2 as n", 4),
        ("select 3 as n", 5),
    ] {
        assert_eq!(number(&mut conn, stmt).await, n, "{stmt}");
    }
    let said = refused(&mut conn, "select 4 as n from t").await;
    assert!(said.contains("select 4 as n from t"), "{said}");
    conn.disconnect().await.unwrap();
    end(proxy);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_would_have_to_have_run_before_is_a_reason_to_refuse() {
    let scene = Scene::new();
    let proxy = scene.proxy("all");
    let mut conn = connect(&proxy).await;
    conn.query_drop("insert into t values (1)").await.unwrap();
    conn.disconnect().await.unwrap();
    end(proxy);

    let proxy = scene.proxy("new");
    let mut conn = connect(&proxy).await;
    conn.query_drop("begin").await.unwrap();
    assert_eq!(number(&mut conn, "select 5 as n").await, 2);
    conn.query_drop("insert into t values (1)").await.unwrap();
    let said = refused(&mut conn, "select 6 as n").await;
    assert!(
        said.contains("(insert into t values (1)): select 6 as n"),
        "{said}"
    );
    assert!(said.contains("--record-mode all"), "{said}");
    conn.query_drop("rollback").await.unwrap();
    assert_eq!(number(&mut conn, "select 6 as n").await, 3);
    // A row that others see is the file's to answer for.
    conn.query_drop("insert into t values (1)").await.unwrap();
    let said = refused(&mut conn, "select last_insert_id() as n").await;
    assert!(
        said.contains("the statement that it asks about was answered from the recording"),
        "{said}"
    );
    assert_eq!(number(&mut conn, "select 7 as n").await, 4);
    conn.disconnect().await.unwrap();
    end(proxy);
    // What the proxy refused isn't an answer of the server.
    let text = std::fs::read_to_string(scene.file()).unwrap();
    assert!(
        text.contains("select 6 as n") && !text.contains("1105"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_recorded_change_the_server_is_not_asked_about_its_table_on_any_connection() {
    let scene = Scene::new();
    let proxy = scene.proxy("all");
    let mut conn = connect(&proxy).await;
    conn.query_drop("insert into t values (1)").await.unwrap();
    conn.disconnect().await.unwrap();
    end(proxy);

    let proxy = scene.proxy("new");
    let mut conn = connect(&proxy).await;
    let mut other = connect(&proxy).await;
    assert_eq!(number(&mut other, "select count(*) from t as n").await, 2);
    conn.query_drop("begin").await.unwrap();
    conn.query_drop("insert into t values (1)").await.unwrap();
    assert_eq!(number(&mut other, "select max(a) from t as n").await, 3);
    conn.query_drop("commit").await.unwrap();
    for (conn, n) in [(&mut conn, 4), (&mut other, 5)] {
        let said = refused(conn, "select min(a) from t as n").await;
        let why = "(insert into t values (1)): select min(a) from t as n";
        assert!(said.contains(why), "{said}");
        refused(conn, "insert into t values (2)").await;
        assert_eq!(number(conn, "select count(*) from u as n").await, n);
    }
    for conn in [conn, other] {
        conn.disconnect().await.unwrap();
    }
    end(proxy);
    let text = std::fs::read_to_string(scene.file()).unwrap();
    assert!(!text.contains("min(a)"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn once_records_what_is_not_there_and_all_drops_what_was() {
    let scene = Scene::new();
    for n in [1, 1] {
        let proxy = scene.proxy("once");
        let mut conn = connect(&proxy).await;
        assert_eq!(number(&mut conn, "select 1 as n").await, n);
        conn.disconnect().await.unwrap();
        end(proxy);
    }
    let proxy = scene.proxy("all");
    let mut conn = connect(&proxy).await;
    assert_eq!(number(&mut conn, "select 2 as n").await, 2);
    conn.disconnect().await.unwrap();
    end(proxy);
    let text = std::fs::read_to_string(scene.file()).unwrap();
    assert!(
        text.contains("select 2 as n") && !text.contains("select 1 as n"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_new_had_added_before_it_was_killed_is_joined_with_the_recording() {
    let scene = Scene::new();
    let proxy = scene.proxy("all");
    let mut conn = connect(&proxy).await;
    assert_eq!(number(&mut conn, "select 1 as n").await, 1);
    conn.disconnect().await.unwrap();
    end(proxy);

    let mut proxy = scene.proxy("new");
    let mut conn = connect(&proxy).await;
    assert_eq!(number(&mut conn, "select 1 as n").await, 1);
    assert_eq!(number(&mut conn, "select 2 as n").await, 2);
    conn.disconnect().await.unwrap();
    proxy.child.kill().unwrap();
    proxy.child.wait().unwrap();

    // The proxy says how to go on.
    let file = scene.file();
    let file = file.to_str().unwrap();
    let journal = format!("{file}l");
    let upstream = format!("--upstream=127.0.0.1:{}", scene.upstream.port());
    let replay = format!("--replay={file}");
    let again = run(&["-l127.0.0.1:0", &upstream, &replay, "--record-mode=new"]);
    let said = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1), "{said}");
    let advice =
        format!("'mynah-proxy convert {journal} {file}' adds the journal's statements to '{file}'");
    assert!(said.contains(&advice), "{said}");
    let convert = run(&["convert", &journal, file]);
    assert!(convert.status.success(), "{convert:?}");
    // Once more, as behind a conversion that was killed before the journal was removed.
    let convert = run(&["convert", &journal, file]);
    assert!(convert.status.success(), "{convert:?}");
    std::fs::remove_file(&journal).unwrap();

    let proxy = scene.proxy("none");
    let mut conn = connect(&proxy).await;
    for (stmt, n) in [("select 1 as n", 1), ("select 2 as n", 2)] {
        assert_eq!(number(&mut conn, stmt).await, n, "{stmt}");
    }
    conn.disconnect().await.unwrap();
    end(proxy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_replaces_a_recording_says_so() {
    let scene = Scene::new();
    let file = scene.file();
    let record = format!("--record={}", file.display());
    let start = || {
        let upstream = format!("--upstream=127.0.0.1:{}", scene.upstream.port());
        let output = run(&["-l127.0.0.1:0", &upstream, &record]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        said
    };
    let mut proxy = Proxy::start(&[scene.upstream.port()], &["--trace=off", &record]);
    proxy.child.kill().unwrap();
    proxy.child.wait().unwrap();
    let said = start();
    assert!(said.contains("makes a recording of it"), "{said}");
    std::fs::write(&file, "{}").unwrap();
    let said = start();
    let replaces = format!("replaces the recording '{}'", file.display());
    assert!(said.contains(&replaces), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_could_not_be_written_end_the_proxy_with_an_error() {
    let scene = Scene::new();
    let record = format!("--record={}", scene.file().display());
    // No file gets longer than eight blocks, so there isn't room for all lines.
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    command.args(["-c", script, "sh", support::PROGRAM]);
    let upstreams = [scene.upstream.address()];
    let proxy = Proxy::start_by(command, &upstreams, &["--trace=off", &record]);
    let mut conn = connect(&proxy).await;
    // The same each time, so that there is room for the recording.
    for _ in 0..100 {
        conn.query_drop("set autocommit = 1").await.unwrap();
    }
    conn.disconnect().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("isn't complete: ") && said.contains("lines of its journal"),
        "{said}"
    );
    // What could be written is there.
    assert!(scene.file().exists());
    assert!(!scene.file().with_extension("jsonl").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_proxies_do_not_record_to_one_file() {
    let scene = Scene::new();
    let record = format!("--record={}", scene.file().display());
    let first = Proxy::start(&[scene.upstream.port()], &["--trace=off", &record]);
    let mut conn = connect(&first).await;
    assert_eq!(number(&mut conn, "select 1 as n").await, 1);
    let link = scene.upstream.folder().join("link.json");
    std::os::unix::fs::symlink("rec.json", &link).unwrap();
    for path in [&scene.file(), &link] {
        let record = format!("--record={}", path.display());
        let second = run(&["-l127.0.0.1:0", "-u127.0.0.1:1", &record]);
        let said = String::from_utf8(second.stderr).unwrap();
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(
            said.contains("another program is recording to it"),
            "{said}"
        );
        assert!(!said.contains("convert"), "{said}");
        // Nor does another program replace the recording meanwhile.
        let other = scene.upstream.folder().join("other.json");
        std::fs::write(&other, UUIDS).unwrap();
        let convert = run(&[
            "convert",
            &other.display().to_string(),
            &path.display().to_string(),
        ]);
        let said = String::from_utf8(convert.stderr).unwrap();
        assert_eq!(convert.status.code(), Some(1), "{said}");
        assert!(said.contains("another program is recording to"), "{said}");
    }
    conn.disconnect().await.unwrap();
    end(first);
    let text = std::fs::read_to_string(scene.file()).unwrap();
    assert!(text.contains("select 1 as n"), "{text}");
    assert!(link.is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_begins_again_is_answered_from_its_first_answers() {
    let scene = Scene::new();
    let http = &["--http-port=0"];
    let begin = |proxy: &Proxy, part: &str| {
        let request = format!("POST /recording/parts/{part}");
        let answer = ask(proxy.ports[1], &request);
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    };
    let proxy = scene.proxy_with("all", http);
    let mut conn = connect(&proxy).await;
    assert_eq!(number(&mut conn, "select 5 as n").await, 1);
    assert_eq!(number(&mut conn, "select 5 as n").await, 2);
    begin(&proxy, "t7");
    assert_eq!(number(&mut conn, "select 1 as n").await, 3);
    assert_eq!(number(&mut conn, "select 1 as n").await, 4);
    conn.disconnect().await.unwrap();
    end(proxy);

    let proxy = scene.proxy_with("new", http);
    let mut conn = connect(&proxy).await;
    for _ in 0..2 {
        begin(&proxy, "t7");
        for (stmt, n) in [
            ("select 1 as n", 3),
            ("select 5 as n", 1),
            ("select 1 as n", 4),
            ("select 5 as n", 2),
            ("select 1 as n", 4),
        ] {
            assert_eq!(number(&mut conn, stmt).await, n, "{stmt}");
        }
    }
    conn.disconnect().await.unwrap();
    end(proxy);
}

#[test]
fn what_does_not_go_together_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    std::fs::write(
        &path,
        r#"{"recording": {"version": 1, "digest": 1, "made_by": "", "recorded_at": "2026-11-29T20:00:00Z"}}"#,
    )
    .unwrap();
    let replay = format!("--replay={}", Path::new(&path).display());
    for (args, said) in [
        (
            &["-l0", "-u1", "--record-mode=new"][..],
            "--record-mode without --replay",
        ),
        (
            &["-l0", "-u1", &replay, "--record-mode=some"],
            "--record-mode",
        ),
        (
            &["-l0", "-u1", &replay, "--record=x.json"],
            "--replay with --record or --compare",
        ),
        (
            &["-l0", "-l0", &replay],
            "several addresses of one protocol",
        ),
        (&["-l0", "--replay=nowhere.json"], "nowhere.json"),
    ] {
        let output = run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
    }
}

#[test]
fn a_file_that_is_no_recording_has_the_error_of_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, said) in [
        (
            "rec.json",
            r#"{"recording": {"version": 1}}"#,
            "missing field `digest`",
        ),
        ("script.json", r#"{"stmts": 1}"#, "stmts"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let output = run(&["-l0", &format!("--replay={}", path.display())]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains(name), "{stderr}");
        assert_eq!(stderr.matches(said).count(), 1, "{stderr}");
    }
}

const PSEUDONYMS: &str = r#"{"recording": {"version": 1, "digest": 1, "made_by": "a test",
"recorded_at": "2026-11-29T20:00:00Z", "pseudonyms": {"rules": ["type:uuid"], "salt": "00112233445566778899aabbccddeeff"}},
"parts": {}}"#;

#[test]
fn nothing_is_added_to_pseudonyms_or_compared_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    std::fs::write(&path, PSEUDONYMS).unwrap();
    let replay = format!("--replay={}", path.display());
    let compare = format!("--compare={}", path.display());
    for (args, option) in [
        (vec![&*replay, "--record-mode=new"], "--record-mode"),
        (vec![&*replay, "--record-mode=all"], "--record-mode"),
        (vec![&*compare], "--compare"),
    ] {
        let args = [
            &["--listen=127.0.0.1:0", "--upstream=127.0.0.1:1"],
            &args[..],
        ]
        .concat();
        let output = run(&args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(
            errors.contains(option) && errors.contains("pseudonyms"),
            "{errors}"
        );
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), PSEUDONYMS);
}

const UUIDS: &str = r#"{"recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
"parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
{"stmt": "insert into p values ('6fa459ea-ee8a-4ca4-894e-db77e160355e')", "answers": [{"ok": {"affected_rows": 7}}]}]}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_alone_answers_is_played_with_the_options_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    std::fs::write(&path, UUIDS).unwrap();
    let replay = format!("--replay={}", path.display());
    let sent = "insert into p values ('f47ac10b-58cc-4372-a567-0e02b2c3d479')";
    for mode in ["none", "once"] {
        let mode = format!("--record-mode={mode}");
        let args = [
            "--volatile=type:uuid",
            "--client-tls=disabled",
            "--drain=1ms",
        ];
        let args = [&["--trace=off", &*replay, &mode], &args[..]].concat();
        let proxy = Proxy::start(&[1], &args);
        let mut conn = connect(&proxy).await;
        conn.query_drop(sent).await.unwrap();
        assert_eq!(conn.affected_rows(), 7);
        conn.disconnect().await.unwrap();
        let wants_tls = mysql_async::OptsBuilder::from_opts(options(proxy.ports[0]))
            .ssl_opts(mysql_async::SslOpts::default().with_danger_accept_invalid_certs(true));
        assert!(Conn::new(wants_tls).await.is_err());
        end(proxy);
        let proxy = Proxy::start(&[1], &["--trace=off", &replay, &mode]);
        let mut conn = connect(&proxy).await;
        refused(&mut conn, sent).await;
        end(proxy);
    }
}

#[test]
fn where_a_recording_alone_answers_options_without_effect_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    std::fs::write(&path, UUIDS).unwrap();
    let replay = format!("--replay={}", path.display());
    for mode in ["none", "once"] {
        let mode = format!("--record-mode={mode}");
        for option in [
            "--trace=2",
            "-t1",
            "--format=json",
            "--output=trace.txt",
            "--filter=latency > 10ms",
            "--summary",
            "--tls=passthrough",
            "--max-connections=3",
            "--fault=delay 1s",
            "--pseudonym=type:uuid",
        ] {
            let output = run(&["-l0", "-u1", &replay, &mode, option]);
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{option}: {stderr}");
            let name = option.split('=').next().unwrap().replace("-t1", "--trace");
            assert!(stderr.contains(&name), "{option}: {stderr}");
        }
    }
}

const IDS: [&str; 4] = [
    "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "0c6f1d3a-9a41-4f0c-b0a5-3f7f8f3f5a11",
    "5d9c2b7e-1a34-4c1b-8c55-7a0e1f2d3c4b",
];

/// Runs tests that make ids of their own, and returns the recording.
async fn run_with_ids(scene: &Scene, args: &[&str], ids: [&str; 2], more: &[&str]) -> String {
    let replay = format!("--replay={}", scene.file().display());
    let args = [&["--trace=off", &*replay], args].concat();
    let proxy = Proxy::start(&[scene.upstream.port()], &args);
    let mut conn = connect(&proxy).await;
    for id in ids {
        let insert = format!("insert into p values ('{id}', '2026-11-29 20:00:01', 7)");
        conn.query_drop(insert).await.unwrap();
    }
    number(
        &mut conn,
        &format!("select a from q where id = '{}' as n", ids[1]),
    )
    .await;
    for stmt in more {
        conn.query_drop(stmt.replace("{id}", ids[1])).await.unwrap();
    }
    conn.disconnect().await.unwrap();
    end(proxy);
    std::fs::read_to_string(scene.file()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_with_volatile_values_are_added_once_and_new_rules_are_kept() {
    let scene = Scene::new();
    let all = [
        "--record-mode=all",
        "--volatile=type:uuid",
        "--volatile=type:timestamp",
    ];
    let first = run_with_ids(&scene, &all, [IDS[0], IDS[1]], &[]).await;
    assert_eq!(first.matches("insert into p").count(), 2, "{first}");
    // With the rules of the recording, or said again.
    for args in [
        &["--record-mode=new"][..],
        &["--record-mode=new", "--volatile=type:uuid"],
    ] {
        let again = run_with_ids(&scene, args, [IDS[2], IDS[3]], &[]).await;
        assert_eq!(again, first);
    }
    // What is added has the value that was recorded for the id before.
    let delete = ["insert into q values ('{id}', 5)"];
    let added = run_with_ids(&scene, &["--record-mode=new"], [IDS[3], IDS[0]], &delete).await;
    let ids = |text: &str, stmt: &str| -> Vec<String> {
        let after = text.split(stmt).skip(1);
        after.map(|rest| rest[..36].to_owned()).collect()
    };
    let recorded = ids(&added, "insert into p values ('");
    assert_eq!(ids(&added, "insert into q values ('"), recorded[1..]);
    assert_eq!(recorded.len(), 2, "{added}");
    let rule = ["--record-mode=new", "--volatile=column:a"];
    let ruled = run_with_ids(&scene, &rule, [IDS[1], IDS[2]], &delete).await;
    assert!(ruled.contains("column:a"), "{ruled}");
    assert_eq!(ruled.matches("insert into").count(), 3, "{ruled}");
}
