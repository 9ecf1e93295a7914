//! The routes for rules.

use std::io::{Read, Write};
use std::net::TcpStream;

use mynah_relay::HttpOptions;
use serde_json::{Value, json};

use crate::scene::Scene;

fn scene() -> Scene {
    Scene::with(false, "", |options| {
        options.http = Some(HttpOptions {
            bind: "127.0.0.1".to_owned(),
            port: 0,
            token: None,
        });
    })
}

/// The head of an answer, and its body.
fn ask(scene: &Scene, request: &str, body: &str) -> (String, String) {
    let port = scene.front.relay.http_address().unwrap().port();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let len = body.len();
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len}\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[test]
fn rules_are_added_listed_counted_and_removed() {
    let scene = scene();
    assert_eq!(ask(&scene, "GET /faults/", "").1, "[]");
    let mut client = scene.client_by(false, mynah_classic::Capabilities::empty());
    assert_eq!(client.sql("commit"), Ok(0));

    let (head, body) = ask(
        &scene,
        "POST /faults/",
        "sql = commit: after_execute timeout=1",
    );
    assert!(
        head.starts_with("HTTP/1.1 201 Created") && head.contains("Location: /faults/1"),
        "{head}"
    );
    let mut rule = json!({
        "id": 1, "when": "sql = commit", "at": "after_execute", "fault": {"timeout": 1}, "matched": 0, "played": 0,
    });
    assert_eq!(json_of(&body), json!([rule]));

    assert!(client.sql("commit").is_err());
    (rule["matched"], rule["played"]) = (1.into(), 1.into());
    assert_eq!(json_of(&ask(&scene, "GET /faults/1", "").1), rule);
    let metrics = ask(&scene, "GET /metrics", "").1;
    for name in ["fault_matches_total", "faults_total"] {
        let line =
            format!("mynah_proxy_{name}{{rule=\"1\",at=\"after_execute\",fault=\"timeout\"}} 1\n");
        assert!(metrics.contains(&line), "{metrics}");
    }

    let two = r#"[{"at": "after_execute", "fault": {"latency": 5}}, {"at": "before_forward", "fault": {"timeout": 1}, "times": 2}]"#;
    let (head, body) = ask(&scene, "POST /faults", two);
    assert!(
        head.starts_with("HTTP/1.1 201") && !head.contains("Location"),
        "{head}"
    );
    assert_eq!(json_of(&body)[1]["id"], 3);
    assert!(
        ask(&scene, "DELETE /faults/1", "")
            .0
            .starts_with("HTTP/1.1 204")
    );
    assert_eq!(
        json_of(&ask(&scene, "GET /faults/", "").1)
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        ask(&scene, "DELETE /faults/", "")
            .0
            .starts_with("HTTP/1.1 204")
    );
    assert!(scene.faults.is_empty());
}

#[test]
fn what_is_wrong_is_a_problem_document_and_changes_nothing() {
    let scene = scene();
    let long = format!("# {}\nafter_execute timeout", "x".repeat(1024 * 1024));
    for (request, body, status, detail) in [
        ("GET /faults/1", "", 404, "there is no rule '1'"),
        ("DELETE /faults/x", "", 404, "there is no rule 'x'"),
        ("PUT /faults/", "", 405, "only GET, HEAD, POST, DELETE"),
        ("POST /faults/1", "", 405, "only GET, HEAD, DELETE"),
        ("POST /faults/", "", 422, "there is no rule in the body"),
        (
            "POST /faults/",
            "after_execute timeout\nafter_execute",
            422,
            "rule 2: fault: does nothing",
        ),
        (
            "POST /faults/",
            "[{\"at\": \"now\"}]",
            422,
            "rule 1: missing field `fault`",
        ),
        ("POST /faults/", &long, 413, "a body may have 1048576 bytes"),
    ] {
        let (head, body) = ask(&scene, request, body);
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request}: {head}"
        );
        assert!(
            head.contains("Content-Type: application/problem+json"),
            "{request}: {head}"
        );
        let problem = json_of(&body);
        assert_eq!(problem["status"], status, "{request}");
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains(detail), "{request}: {said}");
    }
    assert!(scene.faults.is_empty());
}
