//! What a recording hides is the same for any value of a client that replays it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};
use support::Proxy;
use support::upstream::{Upstream, options};

/// A server whose every answer has another number.
const SERVER: &str = r#"
({
  stmts: function (stmt, call) {
    if (call.command === "prepare") return { ok: {} };
    return { ok: { affected_rows: process.increment("n") } };
  },
})
"#;

const PREPARED: &str = "insert into users (name, password, joined) values (?, ?, ?)";

/// What a client with these secrets sends, and how many rows each statement says it has changed.
async fn talk(proxy: Proxy, secrets: [&str; 3]) -> Vec<u64> {
    let [password, other, card] = secrets;
    let mut conn = Conn::new(options(proxy.ports[0])).await.unwrap();
    let mut said = Vec::new();
    for stmt in [
        format!("create user ada identified by '{password}'"),
        format!("update users set password = '{password}' where name = 'ada'"),
        format!("update users set password = '{other}' where name = 'bob'"),
        format!("select 'the card {card} of ada' from t"),
        format!("select 'the card {card} of bob' from t"),
        format!(
            "insert into users (name, password, joined) values ('eve', '{other}', '2026-01-01 00:00:01')"
        ),
    ] {
        conn.query_drop(&stmt).await.unwrap();
        said.push(conn.affected_rows());
    }
    for (name, password, joined) in [
        ("ada", password, "2026-01-01 00:00:02"),
        ("bob", other, "2026-01-01 00:00:03"),
    ] {
        conn.exec_drop(PREPARED, (name, password, joined))
            .await
            .unwrap();
        said.push(conn.affected_rows());
    }
    // What is left of the statement decides.
    let unknown = format!("select 'the card {card} of zoe' from t");
    match conn.query_drop(&unknown).await {
        Ok(()) => said.push(conn.affected_rows()),
        Err(Error::Server(error)) => {
            assert_eq!(error.code, 1105);
            assert!(error.message.contains("of joe"), "{}", error.message);
        }
        Err(error) => panic!("{error}"),
    }
    conn.disconnect().await.unwrap();
    let (code, output) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{output}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_with_passwords_are_replayed_to_a_client_with_other_passwords() {
    let upstream = Upstream::start(SERVER);
    let file = upstream.folder().join("rec.json");
    let proxy = |args: &[&str]| {
        let replay = format!("--replay={}", file.display());
        let args = [&["--trace=off", "--volatile=column:joined", &replay], args].concat();
        Proxy::start(&[upstream.port()], &args)
    };
    let secrets = ["Kuckuck7", "Amsel1234", "4111111111111111"];
    let recorded = talk(proxy(&["--record-mode=all", "--redact=[0-9]{16}"]), secrets).await;
    assert_eq!(recorded, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let text = std::fs::read_to_string(&file).unwrap();
    for secret in secrets {
        assert!(!text.contains(secret), "{text}");
    }

    let text = text.replace("of zoe", "of joe");
    std::fs::write(&file, text).unwrap();
    let others = ["Drossel8", "Star5678", "5500000000000004"];
    let replayed = talk(proxy(&["--record-mode=none"]), others).await;
    assert_eq!(replayed, recorded[..8]);
    let added = talk(proxy(&["--record-mode=new", "--redact=[0-9]{16}"]), others).await;
    assert_eq!(added[..8], recorded[..8]);
    assert_eq!(added[8], 10);
}
