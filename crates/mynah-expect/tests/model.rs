//! Expectations as JSON: both ways, and what is wrong with them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use mynah_expect::{Expectations, Order};
use serde_json::{Value as Json, json};

#[test]
fn what_is_written_is_read_again() {
    let list = json!({"order": "sequence", "expectations": [
        {"name": "n", "stmt": "select ?, 1", "params": [{"one_of": [1, {"matches": "^a"}, null]}], "times": 2,
         "priority": 1, "scenario": "s", "when": "a", "then": "b", "ok": {"affected_rows": 1}},
        {"stmt_prefix": "select ", "times": {"min": 1, "max": 3}, "answers": [{"ok": {}}, {"error": {"code": 1}}]},
        {"stmt_regex": "^a+$", "user": "u", "schema": null, "protocol": "x", "command": "find", "times": {"min": 2}},
        {"digest": "select a in (1, 2)", "connection_attributes": {"a": {"any": true}},
         "query_attributes": {"b": {"type": "number"}}},
        {"params": [{"between": [1, 2.5]}, {"hex": "00ff"}]},
    ]});
    let read: Expectations<Json> = serde_json::from_value(list).unwrap();
    assert_eq!((read.order, read.list.len()), (Order::Sequence, 5));
    let written = serde_json::to_value(&read).unwrap();
    let again: Expectations<Json> = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(again, read);
    assert_eq!(serde_json::to_value(&again).unwrap(), written);
    assert_eq!(
        written["expectations"][0]["answers"],
        json!([{"ok": {"affected_rows": 1}}])
    );
    assert_eq!(
        written["expectations"][3]["digest"],
        json!("SELECT `a` IN (...)")
    );
}

#[test]
fn what_is_wrong_says_where_and_what_to_do() {
    for (list, said) in [
        (json!(1), "an array of expectations, but is 1"),
        (
            json!([{"stm": "a"}]),
            "expectations[0]: unknown key \"stm\"; did you mean \"stmt\"?",
        ),
        (
            json!({"ordre": "any", "expectations": []}),
            "unknown key \"ordre\"; did you mean \"order\"?",
        ),
        (
            json!({"order": "sequance", "expectations": []}),
            "order: there is no \"sequance\"; did you mean \"sequence\"?",
        ),
        (
            json!([{}, {"stmt": 5}]),
            "expectations[1].stmt: needs a string, but is 5",
        ),
        (
            json!([{"stmt": "a", "digest": "b"}]),
            "expectations[0]: has both \"stmt\" and \"digest\"; leave one out",
        ),
        (
            json!([{"stmt": "a", "ok": {}, "answers": []}]),
            "expectations[0]: has both \"answers\" and \"ok\"; leave one out",
        ),
        (
            json!([{"stmt": " "}]),
            "expectations[0].stmt: has no text; leave it out to match any statement",
        ),
        (
            json!([{"stmt_regex": "a("}]),
            "expectations[0].stmt_regex: no regular expression: unclosed group; escape special characters by \\, or use stmt",
        ),
        (
            json!([{"stmt": "select ?", "params": []}]),
            "expectations[0]: the statement has 1 placeholders, but there are 0 params; give one for each",
        ),
        (
            json!([{"params": [{"typ": "number"}]}]),
            "expectations[0].params[0]: unknown key \"typ\"; did you mean \"type\"?",
        ),
        (
            json!([{"params": [{"type": "nummber"}]}]),
            "expectations[0].params[0].type: there is no \"nummber\"; did you mean \"number\"?",
        ),
        (
            json!([{"params": [{"between": [2, 1]}]}]),
            "expectations[0].params[0].between: needs a lower value in front of a higher one, but is [2,1]",
        ),
        (
            json!([{"params": [[1]]}]),
            "expectations[0].params[0]: needs a value, or a matcher such as {any: true}, but is [1]",
        ),
        (
            json!([{"times": -1}]),
            "expectations[0].times: needs a number, or {min, max}, but is -1",
        ),
        (
            json!([{"times": {"min": 2, "max": 1}}]),
            "expectations[0].times: min is above max; exchange them",
        ),
        (
            json!([{"protocol": "y"}]),
            "expectations[0].protocol: there is no \"y\"; there are classic, x",
        ),
        (
            json!({"order": "sequence", "expectations": [{"stmt": "a"}]}),
            "a sequence needs entries with `times`",
        ),
    ] {
        let error = Expectations::from_json(&list).unwrap_err().to_string();
        assert!(error.contains(said), "{list}: {error}");
    }
    let several = json!([{"stm": "a", "times": "x"}, {"command": "finde"}]);
    let error = Expectations::from_json(&several).unwrap_err();
    assert_eq!(error.0.len(), 3, "{error}");
}
