//! The program with a configuration file, in front of servers that play scripts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use support::upstream::{Upstream, options};
use support::{PROGRAM, Proxy};

const SCRIPT: &str = r#"({ stmts: () => ({ result: { columns: [{ name: "a", type: "STRING" }], rows: [["here"]] } }) })"#;

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(PROGRAM)
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn start(folder: &Path, args: &[&str]) -> Proxy {
    let mut child = Command::new(PROGRAM)
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("listening on 127.0.0.1:"), "{line}");
    let port = line.trim().rsplit_once(':').unwrap().1.parse().unwrap();
    Proxy {
        child,
        said,
        ports: vec![port],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_says_listeners_and_where_the_trace_is_written() {
    let server = Upstream::start(SCRIPT);
    let folder = server.folder();
    let text = format!(
        "[listeners.main]\naddress = '127.0.0.1:0'\nservers = ['one']\n[servers.one]\naddress = '{}'\n\
         [trace]\noutput = 'trace.log'\n",
        server.address()
    );
    std::fs::create_dir(folder.join("conf")).unwrap();
    std::fs::write(folder.join("conf/proxy.toml"), text).unwrap();
    let checked = run(folder, &["check", "conf/proxy.toml"]);
    assert_eq!(checked.0, Some(0), "{}", checked.2);
    let proxy = start(folder, &["--config", "conf/proxy.toml"]);
    let mut client = Conn::new(options(proxy.ports[0])).await.unwrap();
    let row: Option<String> = client.query_first("select 'of the file'").await.unwrap();
    assert_eq!(row.as_deref(), Some("here"));
    client.disconnect().await.unwrap();
    assert_eq!(proxy.end(), "");
    // The path is relative to the file.
    let trace = std::fs::read_to_string(folder.join("conf/trace.log")).unwrap();
    assert!(trace.contains("of the file"), "{trace}");

    let proxy = start(
        folder,
        &["--config", "conf/proxy.toml", "--output", "mine.log"],
    );
    let mut client = Conn::new(options(proxy.ports[0])).await.unwrap();
    client.query_drop("select 'of the option'").await.unwrap();
    client.disconnect().await.unwrap();
    proxy.end();
    let trace = std::fs::read_to_string(folder.join("mine.log")).unwrap();
    assert!(trace.contains("of the option"), "{trace}");
}

#[test]
fn all_that_is_wrong_is_said_with_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proxy.toml");
    std::fs::write(
        &file,
        "[listeners.main]\naddress = 'x:'\nservers = ['won']\n[servers.one]\naddress = '1'\n\
         [limits]\nworkers = 0\n[trace]\nfilter = 'rows > x'\n",
    )
    .unwrap();
    let lines = [
        "error: proxy.toml:2:1: listeners.main.address: 'x:' isn't allowed here; use \"HOST:PORT\", \"PORT\", or the path of a Unix socket with a /",
        "error: proxy.toml:7:1: limits.workers: 0 isn't allowed here; use a number from 1 to 1024",
    ];
    for args in [&["check", "proxy.toml"][..], &["--config", "proxy.toml"]] {
        let (code, _, said) = run(folder.path(), args);
        assert_eq!(code, Some(1), "{said}");
        assert_eq!(said.lines().collect::<Vec<_>>(), lines);
    }

    let base = "listeners.a = { address = '0', servers = ['one'] }\nservers.one.address = '1'\n";
    for (more, said) in [
        (
            "trace.filter = 'rows > x'",
            "proxy.toml:3:7: trace.filter: bad value 'rows > x': column 8",
        ),
        (
            "trace.rotate = '10M'",
            "proxy.toml:3:7: trace.rotate: trace.rotate where there is no trace.output",
        ),
        (
            "server_defaults.max_connections = 3",
            "proxy.toml:3:17: server_defaults.max_connections: ",
        ),
        (
            "http.token_file = 'none'",
            "proxy.toml:3:6: http.token_file: can't read the file 'none': ",
        ),
    ] {
        std::fs::write(&file, format!("{base}{more}\n")).unwrap();
        let (code, _, found) = run(folder.path(), &["check", "proxy.toml"]);
        assert_eq!(code, Some(1), "{found}");
        assert!(found.starts_with(&format!("error: {said}")), "{found}");
    }
}

#[test]
fn a_command_line_that_says_listeners_too_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, said) = run(folder.path(), &["--config", "a.toml", "--listen", "0"]);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with("error: --listen with --config, whose file"),
        "{said}"
    );
    let (code, _, said) = run(folder.path(), &["--config", "a.toml"]);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("error: can't read the configuration 'a.toml': "),
        "{said}"
    );
    let (code, _, said) = run(folder.path(), &["check"]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn the_example_of_the_documentation_is_valid() {
    let page = include_str!("../../../docs/proxy-config.md");
    let folder = tempfile::tempdir().unwrap();
    let example = page.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    std::fs::write(folder.path().join("proxy.toml"), example).unwrap();
    let (code, _, said) = run(folder.path(), &["check", "proxy.toml"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}
