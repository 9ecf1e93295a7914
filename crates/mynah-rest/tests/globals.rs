//! Globals over HTTP: the routes of the original mock, and those beyond it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::time::{Duration, SystemTime};

use support::{GLOBALS, JSON, Rest};

const PATCH: &[(&str, &str)] = &[("Content-Type", "application/merge-patch+json")];

#[test]
fn globals_are_one_object_in_the_order_they_were_stored() {
    let rest = Rest::start(&[("b", "1.50"), ("a\"", r#"{"x":[null]}"#), ("b", "2")]);
    let answer = rest.get(GLOBALS);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.body, r#"{"b":2,"a\"":{"x":[null]}}"#);
    assert_eq!(Rest::start(&[]).get(GLOBALS).body, "{}");
    assert_eq!(rest.get(&format!("{GLOBALS}?a=/b")).status, 200);
}

#[test]
fn a_stored_value_that_is_not_json_is_an_error_with_its_key() {
    let rest = Rest::start(&[("fine", "1"), ("bad", "{not json")]);
    for path in [GLOBALS.to_owned(), format!("{GLOBALS}bad")] {
        let answer = rest.get(&path);
        assert_eq!(answer.status, 500, "{path}");
        assert!(answer.body.contains("'bad'"), "{path}: {}", answer.body);
    }
    assert_eq!(rest.get(&format!("{GLOBALS}fine")).body, "1");
}

#[test]
fn put_replaces_all_keys_and_keeps_the_text_of_values() {
    let rest = Rest::start(&[("old", "1"), ("b", "1")]);
    let body = r#" {"b": 12345678901234567890123.10, "a": "\u0041\ud83d\ude00", "b": [ 1 ]} "#;
    let answer = rest.ask("PUT", GLOBALS, JSON, body);
    assert_eq!((answer.status, &*answer.body), (204, ""));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert_eq!(rest.held(), r#"b=[ 1 ] a="\u0041\ud83d\ude00""#);
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let answer = rest.ask("PUT", GLOBALS, JSON, format!("{{\"deep\":{deep}}}"));
    assert_eq!(answer.status, 204);
    assert_eq!(rest.get(&format!("{GLOBALS}deep")).body, deep);
}

/// A name, method and path, a body, and the expected status and part of the reason.
type Refused<'a> = (&'a str, &'a str, &'a str, &'a [u8], u16, &'a str);

#[test]
fn a_refused_body_leaves_the_globals_as_they_are() {
    let rest = Rest::start(&[("a", "1")]);
    let one = format!("{GLOBALS}a");
    let table: &[Refused] = &[
        (
            "no JSON",
            "PUT",
            GLOBALS,
            b"{\"a\":2,}",
            422,
            "line 1 column 8",
        ),
        ("two values", "PUT", GLOBALS, b"{} {}", 422, "trailing"),
        ("nothing", "PUT", GLOBALS, b"", 422, "EOF"),
        (
            "not UTF-8",
            "PUT",
            GLOBALS,
            b"{\"a\":\"\xff\"}",
            422,
            "utf-8",
        ),
        (
            "half a pair",
            "PUT",
            GLOBALS,
            b"{\"\\ud800\":2}",
            422,
            "hex escape",
        ),
        ("an array", "PUT", GLOBALS, b"[2]", 422, ""),
        ("null", "PUT", GLOBALS, b"null", 422, ""),
        ("a key's", "PUT", &one, b"{", 422, "EOF"),
        ("a patch's", "PATCH", GLOBALS, b"{\"a\":2,", 422, "EOF"),
        ("no object", "PATCH", GLOBALS, b"[]", 422, "is an object"),
    ];
    for (name, method, path, body, status, reason) in table {
        let answer = rest.ask(method, path, JSON, body);
        assert_eq!(answer.status, *status, "{name}");
        if reason.is_empty() {
            assert_eq!(answer.body, "", "{name}");
            assert_eq!(answer.header("content-type"), Some("text/html"), "{name}");
        } else {
            assert!(answer.body.contains(reason), "{name}: {}", answer.body);
            let expected = match *path == GLOBALS {
                true => "text/plain",
                false => "application/problem+json",
            };
            assert_eq!(answer.header("content-type"), Some(expected), "{name}");
        }
        assert_eq!(rest.held(), "a=1", "{name}");
    }
}

#[test]
fn the_content_type_is_compared_with_its_parameters() {
    let rest = Rest::start(&[("a", "1")]);
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/json; charset=utf-8"),
        Some("Application/JSON"),
        Some(""),
        Some("application/merge-patch+json"),
    ] {
        let header = content_type.map(|value| ("Content-Type", value));
        let headers = header.as_slice();
        let answer = rest.ask("PUT", GLOBALS, headers, "{}");
        assert_eq!(
            (answer.status, &*answer.body),
            (415, ""),
            "{content_type:?}"
        );
        assert_eq!(answer.header("accept"), Some("application/json"));
    }
    let twice = [JSON[0], JSON[0]];
    assert_eq!(rest.ask("PUT", GLOBALS, &twice, "{}").status, 415);
    let answer = rest.ask("PATCH", GLOBALS, &[("Content-Type", "text/json")], "{}");
    assert_eq!(answer.status, 415);
    let expected = Some("application/merge-patch+json, application/json");
    assert_eq!(answer.header("accept-patch"), expected);
    assert_eq!(rest.held(), "a=1");
}

#[test]
fn a_patch_changes_the_keys_it_names() {
    let rest = Rest::start(&[("a", "1"), ("b", r#"{"x":1,"y":{"z":2}}"#), ("c", "3")]);
    let patch = r#"{"b":{"y":{"w":1.0,"z":null}},"c":null,"d":{"e":null}}"#;
    let answer = rest.ask("PATCH", GLOBALS, PATCH, patch);
    assert_eq!((answer.status, &*answer.body), (204, ""));
    assert_eq!(rest.held(), r#"a=1 b={"x":1,"y":{"w":1.0}} d={}"#);
    assert_eq!(rest.ask("PATCH", GLOBALS, JSON, r#"{"a":2}"#).status, 204);
    assert_eq!(rest.globals.get("a").as_deref(), Some("2"));
}

#[test]
fn patches_that_race_lose_nothing() {
    let rest = Rest::start(&[("shared", "{}")]);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let rest = &rest;
            scope.spawn(move || {
                for n in 0..25 {
                    let patch = format!(r#"{{"shared":{{"{thread}.{n}":1}},"{thread}.{n}":1}}"#);
                    assert_eq!(rest.ask("PATCH", GLOBALS, PATCH, patch).status, 204);
                }
            });
        }
    });
    assert_eq!(rest.globals.keys().len(), 1 + 8 * 25);
    let shared = rest.globals.get("shared").unwrap();
    assert_eq!(shared.matches(":1").count(), 8 * 25);
}

#[test]
fn a_key_is_a_resource_of_its_own() {
    let rest = Rest::start(&[]);
    let path = format!("{GLOBALS}a%2Fb%20%C3%A9");
    let answer = rest.get(&path);
    assert_eq!(answer.status, 404);
    let expected = Some("application/problem+json");
    assert_eq!(answer.header("content-type"), expected);
    assert!(answer.body.contains("'a/b é'"), "{}", answer.body);
    for value in ["null", "\"text\"", " [1, 2] ", "0.10"] {
        assert_eq!(rest.ask("PUT", &path, JSON, value).status, 204);
        let answer = rest.get(&path);
        assert_eq!((answer.status, &*answer.body), (200, value.trim()));
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    assert_eq!(rest.held(), "a/b é=0.10");
    assert_eq!(rest.ask("DELETE", &path, &[], "").status, 204);
    assert_eq!(rest.ask("DELETE", &path, &[], "").status, 404);
    assert_eq!(rest.held(), "");
}

#[test]
fn unchanged_globals_are_not_sent_again() {
    let rest = Rest::start(&[("a", "1")]);
    let since = |time| [("If-Modified-Since", time)];
    let day = Duration::from_secs(24 * 60 * 60);
    let yesterday = httpdate::fmt_http_date(SystemTime::now() - day);
    for time in [&*yesterday, "yesterday"] {
        let answer = rest.ask("GET", GLOBALS, &since(time), "");
        assert_eq!(
            (answer.status, &*answer.body),
            (200, r#"{"a":1}"#),
            "{time}"
        );
    }
    // Within the second of the change there is no date, so ask until that second is over.
    let last_modified = loop {
        let answer = rest.get(GLOBALS);
        assert_eq!(answer.status, 200);
        if let Some(time) = answer.header("last-modified") {
            break time.to_owned();
        }
    };
    let answer = rest.ask("GET", GLOBALS, &since(&last_modified), "");
    assert_eq!((answer.status, &*answer.body), (304, ""));
    assert_eq!(answer.header("last-modified"), Some(&*last_modified));
    rest.globals.set("a", "2").unwrap();
    let answer = rest.ask("GET", GLOBALS, &since(&last_modified), "");
    assert_eq!((answer.status, &*answer.body), (200, r#"{"a":2}"#));
}

#[test]
fn each_route_of_globals_takes_a_test() {
    let rest = Rest::start(&[("a", "1")]);
    rest.tests.open("t+1").unwrap();
    let of_test = |path: &str| format!("{GLOBALS}{path}?test=t%2B1");
    let body = |method: &str, path: &str, body: &str| {
        let answer = rest.ask(method, &of_test(path), JSON, body);
        (answer.status, answer.body)
    };
    assert_eq!(rest.get(&of_test("")).body, "{}");
    assert_eq!(rest.get(&of_test("a")).status, 404);
    assert_eq!(body("PUT", "", r#"{"b": 2, "c": 3}"#).0, 204);
    assert_eq!(body("PUT", "list", "[]").0, 204);
    assert_eq!(
        body("POST", "b/increment", ""),
        (200, r#"{"value":3}"#.into())
    );
    assert_eq!(
        body("POST", "list/push", "1"),
        (200, r#"{"length":1}"#.into())
    );
    assert_eq!(rest.ask("DELETE", &of_test("c"), &[], "").status, 204);
    let patched = rest.ask("PATCH", &of_test(""), PATCH, r#"{"d": true}"#);
    assert_eq!(patched.status, 204);
    assert_eq!(
        rest.get(&of_test("")).body,
        r#"{"b":3,"list":[1],"d":true}"#
    );
    assert_eq!(rest.held(), "a=1");

    for path in [GLOBALS.to_owned(), format!("{GLOBALS}a")] {
        let answer = rest.get(&format!("{path}?test=t2"));
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("t2"), "{path}: {}", answer.body);
    }
    let misspelt = rest.get(&format!("{GLOBALS}a?tset=t"));
    assert_eq!(misspelt.status, 400);
    rest.tests.end("t+1").unwrap();
    assert_eq!(rest.get(&of_test("")).status, 404);
}
