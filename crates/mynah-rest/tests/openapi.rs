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
use std::path::Path;

use mynah_script::Globals;
use serde_json::Value;
use support::Rest;

const METHODS: [&str; 7] = ["GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "HEAD"];

/// The paths with the objects of their methods.
fn paths() -> Vec<(String, Value)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = std::fs::read_to_string(path).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths.iter().map(|(p, m)| (p.clone(), m.clone())).collect()
}

/// The full path, with an existing key.
fn full(path: &str) -> String {
    let path = path.replace("{key}", "known").replace("{id}", "1");
    // These have a base of their own in the description.
    if ["/health", "/metrics"].contains(&path.as_str()) {
        return path;
    }
    format!("/api/v1/mock_server{path}")
}

#[test]
fn the_methods_of_a_path_are_those_described() {
    for (path, methods) in paths() {
        let described = |method: &str| methods.get(method.to_lowercase());
        for method in METHODS {
            let rest = Rest::start(&[("known", "1")]);
            let body = if described(method).is_some_and(|m| m.get("requestBody").is_some()) {
                "{}"
            } else {
                ""
            };
            let answer = rest.ask(method, &full(&path), support::JSON, body);
            let Some(described) = described(method) else {
                assert_eq!(answer.status, 405, "{method} {path}");
                let allow = answer.header("allow").unwrap().split(", ");
                let allow: BTreeSet<_> = allow.map(str::to_lowercase).collect();
                let keys = methods.as_object().unwrap().keys();
                let keys: BTreeSet<_> = keys
                    .filter(|k| !["parameters", "servers"].contains(&k.as_str()))
                    .cloned()
                    .collect();
                assert_eq!(allow, keys, "{path}");
                continue;
            };
            let status = answer.status.to_string();
            let described = &described["responses"][&status];
            assert!(described.is_object(), "{method} {path}: {status}");
            let content = described["content"].as_object();
            let content = content.map(|content| content.keys().next().unwrap().as_str());
            let expected = content.or(Some("text/html"));
            assert_eq!(answer.header("content-type"), expected, "{method} {path}");
        }
    }
}

/// Provokes a status other than success: with headers, another path than the described one, or a
/// body.
fn provoked(rest: &Rest, method: &str, path: &str, status: &str) -> Option<u16> {
    let json = support::JSON[0];
    let range = ("Content-Range", "bytes 0-1/2");
    let known = full(path);
    let absent = known.replace("known", "absent").replace("/1", "/99");
    let answer = match status {
        "400" => rest.ask(
            method,
            &known.replace("known", "%ff").replace("/1", "/%ff"),
            &[json],
            "",
        ),
        "404" => rest.ask(method, &absent, &[], ""),
        "415" => rest.ask(method, &known, &[], "{}"),
        "422" => rest.ask(method, &known, &[json], "{"),
        "500" => {
            rest.globals.set("known", "{").unwrap();
            rest.ask(method, &known, &[], "")
        }
        "507" => {
            let rest = Rest::start_with(Globals::with_limit(100), &[("known", "1")]);
            let value = format!("{{\"known\": \"{}\"}}", "x".repeat(100));
            let answer = rest.ask(method, &known, &[json], value);
            assert!(answer.body.contains("at most 100"), "{}", answer.body);
            assert_eq!(rest.held(), "known=1");
            answer
        }
        "501" => rest.ask(method, &known, &[json, range], ""),
        // Tested elsewhere, as they take time or size.
        _ => return None,
    };
    Some(answer.status)
}

#[test]
fn each_described_failure_can_be_provoked() {
    let mut seen = 0;
    for (path, methods) in paths() {
        for method in METHODS {
            let Some(described) = methods.get(method.to_lowercase()) else {
                continue;
            };
            for status in described["responses"].as_object().unwrap().keys() {
                let rest = Rest::start(&[("known", "1")]);
                if let Some(provoked) = provoked(&rest, method, &path, status) {
                    assert_eq!(provoked.to_string(), *status, "{method} {path}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 20, "{seen}");
}
