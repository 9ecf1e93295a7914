//! The description in `docs/openapi.json` matches the server.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use mynah_expect::{Call, Expectations, TestOptions};
use mynah_script::Globals;
use serde_json::{Value, json};
use support::{Reply, Rest};

const METHODS: [&str; 7] = ["GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "HEAD"];

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The paths with the objects of their methods.
fn paths() -> Vec<(String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    paths.iter().map(|(p, m)| (p.clone(), m.clone())).collect()
}

/// The full path, with something that exists.
fn full(path: &str) -> String {
    let id = if path.starts_with("/tests") {
        "open"
    } else {
        "1"
    };
    let path = path.replace("{key}", "known").replace("{id}", id);
    let path = path.replace("{name}", "known");
    // These have a base of their own in the description.
    let is_recording = path.starts_with("/recording/");
    if is_recording || ["/health", "/ready", "/metrics"].contains(&path.as_str()) {
        return path;
    }
    format!("/api/v1/mock_server{path}")
}

/// The query that the examples of the parameters make.
fn query(described: &Value) -> String {
    let parameters = described["parameters"].as_array().into_iter().flatten();
    let examples = parameters.filter_map(|parameter| {
        let value = &parameter["example"];
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), |text| text.replace(' ', "+"));
        let name = parameter["name"].as_str()?;
        (!parameter["example"].is_null()).then(|| format!("{name}={}", value.replace('=', "%3D")))
    });
    examples.collect::<Vec<_>>().join("&")
}

/// The example of a body; an object where there is none.
fn body(described: &Value) -> String {
    match &described["requestBody"]["content"]["application/json"] {
        Value::Null => String::new(),
        content => match (&content["schema"]["example"], &content["example"]) {
            (Value::Null, Value::Null) => "{}".to_owned(),
            (Value::Null, example) | (example, _) => example.to_string(),
        },
    }
}

/// A server with a global, an expectation, a statement that was unexpected, and an open test.
fn start() -> Rest {
    let rest = Rest::start(&[("known", "1")]);
    fill(&rest);
    rest
}

fn fill(rest: &Rest) {
    let expected = json!([{"stmt": "select 1", "times": 1, "ok": {}}]);
    let list = mynah_script::read_expectations(&expected).unwrap();
    // A recording with one part, which expects nothing.
    let parts = [("known".to_owned(), Expectations::default())];
    rest.tests
        .set_recording(Expectations::default(), parts.into());
    let shared = rest.tests.shared();
    shared.add(list).unwrap();
    let call = Arc::new(Call::query("select 2"));
    let begun = shared.begin(&call, std::time::SystemTime::now().try_into().unwrap());
    shared.unexpected(begun.number, &call);
    rest.tests.open("open").unwrap();
}

/// Sends a request; of an endless answer only the head is read.
fn ask(rest: &Rest, method: &str, path: &str, body: &str) -> Reply {
    if !path.contains("/events") || method != "GET" {
        return rest.ask(method, path, support::JSON, body);
    }
    let mut stream = TcpStream::connect(rest.address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    Reply::read(&head)
}

/// Checks JSON against its schema in the description.
fn check(document: &Value, schema: &Value, body: &str, what: &str) {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let body: Value = serde_json::from_str(body).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0], "{what}: {body}");
}

#[test]
fn the_methods_of_a_path_are_those_described_and_answers_are_as_described() {
    let document = document();
    for (path, methods) in paths() {
        let described = |method: &str| methods.get(method.to_lowercase());
        for method in METHODS {
            let rest = start();
            let what = format!("{method} {path}");
            if path.ends_with("/push") {
                rest.globals.set("known", "[]").unwrap();
            }
            let asked = described(method).cloned().unwrap_or_default();
            let mut target = full(&path);
            if what == "POST /tests/{id}" {
                target = target.replace("open", "new");
            }
            match query(&asked) {
                query if query.is_empty() => {}
                query => target = format!("{target}?{query}"),
            }
            let answer = ask(&rest, method, &target, &body(&asked));
            if described(method).is_none() {
                assert_eq!(answer.status, 405, "{what}");
                let allow = answer.header("allow").unwrap().split(", ");
                let allow: BTreeSet<_> = allow.map(str::to_lowercase).collect();
                let keys = methods.as_object().unwrap().keys();
                let keys: BTreeSet<_> = keys
                    .filter(|k| !["parameters", "servers"].contains(&k.as_str()))
                    .cloned()
                    .collect();
                assert_eq!(allow, keys, "{path}");
                continue;
            }
            let status = answer.status.to_string();
            let described = &asked["responses"][&status];
            assert!(described.is_object(), "{what}: {status}: {}", answer.body);
            let success = answer.status < 300 || path == "/connections/{id}";
            assert!(success, "{what}: {status}: {}", answer.body);
            let content = described["content"].as_object();
            let content = content.map(|content| content.iter().next().unwrap());
            let expected = content.map_or("text/html", |(name, _)| name.as_str());
            assert_eq!(answer.header("content-type"), Some(expected), "{what}");
            if let Some((_, content)) = content.filter(|(name, _)| name.ends_with("json")) {
                check(&document, &content["schema"], &answer.body, &what);
            }
        }
    }
}

/// Whether a request makes a global that isn't there.
fn makes_global(method: &str, path: &str) -> bool {
    path.starts_with("/globals/{key}") && ["PUT", "POST"].contains(&method)
}

/// Provokes a status other than success: with headers, another path than the described one, or a
/// body.
fn provoked(rest: &Rest, method: &str, path: &str, status: &str, asked: &Value) -> Option<Reply> {
    let json = support::JSON[0];
    let range = ("Content-Range", "bytes 0-1/2");
    let known = full(path);
    let absent = known
        .replace("known", "absent")
        .replace("open", "absent")
        .replace("/1", "/99");
    let answer = match status {
        "400" if path.contains('{') && path != "/expectations/{id}" => {
            let wrong = known.replace("known", "%ff").replace("open", "%ff");
            rest.ask(method, &wrong.replace("/1", "/%ff"), &[json], "")
        }
        "400" => rest.ask(method, &format!("{known}?tset=1"), &[json], body(asked)),
        // What isn't there yet is made.
        "404" if path.contains('{') && !makes_global(method, path) => {
            rest.ask(method, &absent, &[], "")
        }
        "404" => {
            let target = format!("{known}?test=absent");
            rest.ask(method, &target, &[json], body(asked))
        }
        "409" if path == "/wait" => {
            rest.ask(method, &format!("{known}?count=9&timeout=1ms"), &[], "")
        }
        "409" => {
            rest.globals.set("known", "\"text\"").unwrap();
            rest.ask(method, &known, &[json], body(asked))
        }
        "415" => rest.ask(method, &known, &[], "{}"),
        "422" => rest.ask(method, &known, &[json], "{"),
        "500" => {
            rest.globals.set("known", "{").unwrap();
            rest.ask(method, &known, &[], "")
        }
        "507" if path.starts_with("/globals") => {
            let value = if path.ends_with("push") { "[]" } else { "1" };
            let full = Globals::with_limit(8);
            let rest = Rest::start_with(full, &[("known", value)]);
            let before = rest.held();
            let long = "1".repeat(17);
            let body = match path {
                "/globals/{key}/increment" => format!("{{\"by\": {long}}}"),
                "/globals/{key}/push" => long,
                _ => format!("{{\"known\": \"{long}\"}}"),
            };
            let answer = rest.ask(method, &known, &[json], body);
            assert!(answer.body.contains("at most 8"), "{}", answer.body);
            assert_eq!(rest.held(), before);
            answer
        }
        "507" => {
            let rest = Rest::start_full(TestOptions {
                tests_limit: 1,
                expectations_limit: 1,
                ..TestOptions::default()
            });
            fill(&rest);
            let target = known.replace("open", "new");
            rest.ask(method, &target, &[json], body(asked))
        }
        "501" => rest.ask(method, &known, &[json, range], ""),
        // Tested elsewhere, as they take time or size.
        _ => return None,
    };
    Some(answer)
}

#[test]
fn each_described_failure_can_be_provoked() {
    let document = document();
    let mut seen = 0;
    for (path, methods) in paths() {
        for method in METHODS {
            let Some(described) = methods.get(method.to_lowercase()) else {
                continue;
            };
            for (status, response) in described["responses"].as_object().unwrap() {
                let rest = start();
                let Some(answer) = provoked(&rest, method, &path, status, described) else {
                    continue;
                };
                let what = format!("{method} {path} {status}");
                assert_eq!(
                    answer.status.to_string(),
                    *status,
                    "{what}: {}",
                    answer.body
                );
                let problem = &response["content"]["application/problem+json"];
                if problem.is_object() {
                    let kind = answer.header("content-type");
                    assert_eq!(kind, Some("application/problem+json"), "{what}");
                    check(&document, &problem["schema"], &answer.body, &what);
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 80, "{seen}");
}
