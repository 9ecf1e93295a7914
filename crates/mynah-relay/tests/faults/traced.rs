//! The trace says that it was the proxy.

use std::path::Path;
use std::time::Duration;

use mynah_relay::TraceFormat;
use serde_json::Value;

use crate::scene::Scene;
use crate::support::json_trace;

/// The trace of a connection on which a fault was played.
fn traced(is_x: bool, rule: &str, format: TraceFormat) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let scene = Scene::with(is_x, rule, |options| {
        let mut trace = json_trace(&path, 1);
        trace.format = format;
        options.trace = Some(trace);
    });
    let mut client = scene.client(false);
    assert_eq!(client.sql("do 1"), Ok(0));
    let _broken = client.sql("rows");
    drop(client);
    assert!(scene.front.relay.shut_down(Duration::from_secs(10)));
    let path = match format {
        TraceFormat::Hex => file_in(&path),
        _ => path,
    };
    std::fs::read_to_string(path).unwrap()
}

/// The only file in a folder.
fn file_in(folder: &Path) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(folder).unwrap();
    files.next().unwrap().unwrap().path()
}

#[test]
fn text_names_the_rule_and_the_fault() {
    for (is_x, name) in [(false, "QUERY"), (true, "STMT_EXECUTE")] {
        let rule = "sql = rows: after_execute reset_peer";
        let text = traced(is_x, rule, TraceFormat::Text);
        let fault = "[1] ! the proxy plays fault 1: after_execute reset_peer\n";
        let (before, after) = text.split_once(fault).unwrap_or_else(|| panic!("{text}"));
        assert!(before.contains("do 1"), "{text}");
        // The server's answer comes behind: it did what the client isn't told.
        let command = format!("{name} ");
        assert!(
            after.contains(&command) && after.contains("3 rows"),
            "{text}"
        );
        assert!(
            after
                .trim_end()
                .ends_with(": fault 1: after_execute reset_peer"),
            "{text}"
        );
    }
}

#[test]
fn json_has_an_event_with_the_number_of_the_command() {
    for is_x in [false, true] {
        let rule = "sql = rows: before_forward latency=1 timeout=1";
        let text = traced(is_x, rule, TraceFormat::Json);
        let events: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let one = |name: &str| {
            let all: Vec<_> = events
                .iter()
                .filter(|event| event["event"] == name)
                .collect();
            all.last()
                .copied()
                .unwrap_or_else(|| panic!("no {name}: {text}"))
        };
        let fault = one("fault");
        assert_eq!(
            (&fault["rule"], &fault["at"], &fault["fault"]),
            (
                &1.into(),
                &"before_forward".into(),
                &"latency, timeout".into()
            )
        );
        let command = one("command");
        assert_eq!(command["number"], fault["number"], "{text}");
        assert_eq!(
            (&command["sql"], &command["outcome"]),
            (&"rows".into(), &"cut off".into())
        );
        let close = one("close");
        let why = "fault 1: before_forward latency, timeout";
        assert_eq!(
            (&close["by"], &close["why"]),
            (&"proxy".into(), &why.into())
        );
    }
}

#[test]
fn hex_has_a_comment() {
    let text = traced(
        false,
        "sql = rows: after_execute slicer=1",
        TraceFormat::Hex,
    );
    assert!(
        text.contains("\n# fault 1: after_execute slicer\n"),
        "{text}"
    );
}
