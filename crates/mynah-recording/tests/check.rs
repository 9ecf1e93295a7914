//! What a server answers now, compared with what was recorded.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use mynah_recording::{Check, NotCompared, Recording, Rules, check, check_servers, read};
use serde_json::{Value, json};

/// A recording of statements in the order in which they came, each with its part and one answer.
fn recording(came: &[(&str, &str, Value)]) -> Recording {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.jsonl");
    let at = "2026-11-29T20:00:00Z";
    let open = json!({"version": 1, "digest": 1, "made_by": "a test", "recorded_at": at});
    let mut text = format!("{}\n", json!({ "open": open }));
    for (part, stmt, answer) in came {
        let entry = json!({"stmt": stmt, "answers": [answer]});
        text += &format!("{}\n", json!({"part": part, "entry": entry}));
    }
    std::fs::write(&path, text).unwrap();
    read(&path).unwrap()
}

fn rows(kind: &str, rows: &[[&str; 2]]) -> Value {
    let column = |name: &str, kind: &str| json!({"name": name, "type": kind, "character_set": 255, "length": 80, "flags": 0, "decimals": 0});
    json!({"result": {"columns": [column("id", kind), column("name", "VAR_STRING")], "rows": rows, "status": 2}})
}

fn checked(before: &[(&str, &str, Value)], now: &[(&str, &str, Value)]) -> Check {
    check(&recording(before), None, &recording(now), &Rules::default())
}

fn places(check: &Check) -> Vec<&str> {
    check.differing.iter().map(|each| &*each.place).collect()
}

#[test]
fn rows_without_order_by_are_compared_whatever_their_order() {
    let one = || rows("LONG", &[["1", "ada"], ["2", "bert"], ["2", "bert"]]);
    let turned = || rows("LONG", &[["2", "bert"], ["1", "ada"], ["2", "bert"]]);
    let other = || rows("LONG", &[["2", "bert"], ["1", "ada"], ["1", "ada"]]);
    for (stmt, now, differs) in [
        ("select id, name from p", turned(), false),
        ("select id, name from p", other(), true),
        ("select id, name from p order by id", one(), false),
        ("select id, name from p order by id", turned(), true),
        (
            "select id, name from (select * from p order by id) q",
            turned(),
            false,
        ),
        ("show tables", turned(), false),
    ] {
        let check = checked(&[("setup", stmt, one())], &[("setup", stmt, now)]);
        assert_eq!(!check.is_good(), differs, "{stmt}: {check}");
        assert_eq!(check.compared, 1);
    }
}

#[test]
fn structure_errors_and_counts_are_compared() {
    let ok = |rows: u64| json!({"ok": {"affected_rows": rows, "status": 2}});
    let error = |code: u16| json!({"error": {"code": code, "sql_state": "42S02", "message": "No such table"}});
    let select = || rows("LONG", &[["1", "ada"]]);
    for (before, now, place) in [
        (
            select(),
            rows("LONGLONG", &[["1", "ada"]]),
            "definition of column 1, id",
        ),
        (select(), rows("LONG", &[["1", "bert"]]), "row 1, name"),
        (select(), rows("LONG", &[]), "number of rows"),
        (select(), error(1146), "answer"),
        (error(1146), error(1051), "error"),
        (ok(1), ok(2), "affected_rows"),
    ] {
        let check = checked(&[("setup", "q", before)], &[("setup", "q", now)]);
        assert_eq!(places(&check), [place], "{check}");
    }
    // Whether an index was used says nothing of the answer.
    let status = |status: u16| json!({"ok": {"status": status}});
    let check = checked(&[("setup", "q", status(2))], &[("setup", "q", status(34))]);
    assert!(check.is_good(), "{check}");
}

#[test]
fn statements_are_looked_up_in_their_part_then_in_setup_and_answers_in_turn() {
    let said = |message: &str| json!({"ok": {"message": message, "status": 2}});
    let before = [
        ("setup", "a", said("first")),
        ("setup", "a", said("second")),
        ("setup", "b", said("setup")),
        ("setup", "never asked", said("")),
        ("t7", "b", said("t7")),
    ];
    let now = [
        ("setup", "a", said("first")),
        ("setup", "a", said("second")),
        ("setup", "a", said("second")),
        ("t7", "b", said("t7")),
        // Each part has the answers of setup from the first one on.
        ("t7", "a", said("second")),
        ("t7", "c", said("")),
    ];
    let check = checked(&before, &now);
    let [differing] = &check.differing[..] else {
        panic!("{check}");
    };
    assert_eq!((&*differing.statement.part.0, differing.time), ("t7", 1));
    assert_eq!(differing.recorded.as_deref(), Some("first"));
    assert_eq!(differing.now.as_deref(), Some("second"));
    let stated = |all: &[mynah_recording::Stated]| {
        let all = all
            .iter()
            .map(|each| format!("{} {}", each.part, each.statement));
        all.collect::<Vec<_>>()
    };
    assert_eq!(stated(&check.not_recorded), ["t7 c"]);
    assert_eq!(stated(&check.never_came), ["setup b", "setup never asked"]);
    assert_eq!(check.compared, 5);
}

#[test]
fn what_differs_between_two_runs_is_a_rule_and_no_difference() {
    let said = |id: &str, at: &str| {
        let column = |name: &str| json!({"name": name, "type": "VAR_STRING", "table": "p", "character_set": 255, "length": 80, "flags": 0, "decimals": 0});
        json!({"result": {"columns": [column("token"), column("at")], "rows": [[id, at]], "status": 2}})
    };
    let stmt = "select token, at from p";
    let one = recording(&[("setup", stmt, said("a1", "2026-11-29 20:00:00"))]);
    let two = recording(&[("setup", stmt, said("b7", "2026-11-29 20:10:00"))]);
    let now = recording(&[("setup", stmt, said("c9", "2026-11-29 21:00:00"))]);
    let rules = Rules::default();
    // Without a second run, a moment is known by its form, and a token isn't.
    let alone = check(&one, None, &now, &rules);
    assert!(!alone.is_good());
    assert!(
        alone
            .to_string()
            .contains("no difference with --volatile column:p.token"),
        "{alone}"
    );
    let both = check(&one, Some(&two), &now, &rules);
    assert!(both.is_good(), "{both}");
    assert!(
        both.proposed.contains(&"column:p.token".to_owned()),
        "{both}"
    );
    let rules = Rules::parse(["column:token", "column:at"]).unwrap();
    let ruled = check(&one, None, &now, &rules);
    assert!(ruled.is_good() && ruled.proposed.is_empty(), "{ruled}");
}

#[test]
fn latencies_of_other_classes_are_told_and_make_no_difference() {
    let took = |latency: u64| json!({"ok": {"status": 2}, "latency_us": latency});
    let check = checked(
        &[("setup", "q", took(500))],
        &[("setup", "q", took(20_000))],
    );
    assert!(check.is_good());
    assert_eq!(
        (check.latencies[0].recorded_us, check.latencies[0].now_us),
        (500, 20_000)
    );
    let text = check.to_string();
    assert!(
        text.contains("latency: setup: q, time 1: recorded 500 µs, now 20000 µs"),
        "{text}"
    );
}

#[test]
fn answers_that_are_not_whole_are_compared_with_nothing() {
    let cut = || json!({"incomplete": "the connection was lost"});
    let ok = || json!({"ok": {"status": 2}});
    assert!(checked(&[("setup", "q", cut())], &[("setup", "q", ok())]).is_good());
    let now = checked(&[("setup", "q", ok())], &[("setup", "q", cut())]);
    assert_eq!(places(&now), ["incomplete", "answer"]);
}

#[test]
fn the_report_is_text_json_and_junit() {
    let said = |message: &str| json!({"ok": {"message": message, "status": 2}});
    let check = checked(
        &[("setup", "a", said("<one>")), ("t7", "b", said("b"))],
        &[
            ("setup", "a", said("<two>")),
            ("setup", "c", said("")),
            ("t7", "b", said("b")),
        ],
    );
    let text = check.to_string();
    assert_eq!(
        text,
        "2 answers compared: 1 differences, 1 statements not recorded\n\
         differs: setup: a, time 1\n  message: recorded '<one>', now '<two>'\n\
         not recorded: setup: c\n"
    );
    let json = serde_json::to_value(&check).unwrap();
    assert_eq!(json["is_good"], false);
    assert_eq!(json["differing"][0]["part"], "setup");
    assert_eq!(json["differing"][0]["now"], "<two>");
    assert_eq!(
        json["not_recorded"],
        json!([{"part": "setup", "statement": "c"}])
    );
    let junit = check.to_junit();
    assert!(
        junit.contains(r#"<testsuite name="setup" tests="2" failures="2""#),
        "{junit}"
    );
    assert!(
        junit.contains(r#"<testsuite name="t7" tests="1" failures="0""#),
        "{junit}"
    );
    assert!(
        junit.contains("recorded '&lt;one&gt;'")
            || junit.contains("recorded &apos;&lt;one&gt;&apos;"),
        "{junit}"
    );
}

#[test]
fn answers_to_preparing_a_statement_are_compared_one_by_one() {
    let recording = |answers: &[Value]| {
        let entry = json!({"stmt": "select a from t", "command": "prepare", "answers": answers});
        let at = "2026-11-29T20:00:00Z";
        let text = json!({
            "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": at},
            "parts": {"setup": {"recorded_at": at, "expectations": [entry]}},
        });
        serde_json::from_value::<Recording>(text).unwrap()
    };
    let failed = json!({"error": {"code": 1146, "message": "no table"}});
    let prepared = json!({"prepared": {"params": 0}});
    for (before, now, compared, differing) in [
        ([&failed, &prepared], vec![&failed, &prepared], 2, 0),
        // How often a statement was prepared in the same way isn't in a recording.
        ([&failed, &prepared], vec![&prepared], 2, 1),
        ([&prepared, &failed], vec![&prepared], 2, 1),
        ([&prepared, &failed], vec![&prepared, &prepared], 2, 1),
    ] {
        let now: Vec<_> = now.into_iter().cloned().collect();
        let check = check(
            &recording(&before.map(Clone::clone)),
            None,
            &recording(&now),
            &Rules::default(),
        );
        let found = (check.compared, check.differing.len());
        assert_eq!(found, (compared, differing), "{before:?} {now:?} {check}");
    }
}

#[test]
fn of_two_servers_both_have_to_answer_and_no_comparison_may_end_early() {
    let select = || rows("LONG", &[["1", "ada"]]);
    let one = recording(&[("t1", "select 1", select())]);
    let two = recording(&[("t1", "select 1", select()), ("t2", "select 2", select())]);
    let none = Rules::default();
    let not_compared = |connections| NotCompared {
        reason: "it was late".to_owned(),
        answers: 2,
        connections,
    };
    for (first, second, left_out, is_good, said) in [
        (
            &one,
            &one,
            vec![],
            true,
            "1 answers compared: 0 differences, 0 answers only on one server",
        ),
        (
            &one,
            &one,
            vec![not_compared(0)],
            true,
            "not compared: it was late: 2 answers\n",
        ),
        (
            &one,
            &one,
            vec![not_compared(1)],
            false,
            "answers; the comparison of 1 connections ended\n",
        ),
        (
            &one,
            &two,
            vec![],
            false,
            "only on the second server: t2: select 2\n",
        ),
        (
            &two,
            &one,
            vec![],
            false,
            "only on the first server: t2: select 2\n",
        ),
    ] {
        let check = check_servers(first, second, &none, left_out);
        let text = check.to_string();
        assert_eq!(check.is_good(), is_good, "{text}");
        assert!(text.contains(said), "{text}");
        let json = serde_json::to_value(&check).unwrap();
        assert_eq!(
            json["not_compared"].as_array().unwrap().len(),
            check.not_compared.len()
        );
        let failed =
            !check.to_junit().contains("failures=\"0\"") || check.to_junit().contains("<failure");
        assert_eq!(failed, !is_good, "{}", check.to_junit());
    }
}

#[test]
fn of_long_texts_the_place_is_shown_where_they_differ() {
    let long = |end: &str| rows("LONG", &[["1", &format!("{}{end}", "\u{e4}".repeat(300))]]);
    for (other, shown) in [("xz", "ääy', now '…ä"), ("", "ääy', now '…ä")] {
        let check = checked(
            &[("setup", "select 1", long("y"))],
            &[("setup", "select 1", long(other))],
        );
        let text = check.to_string();
        assert!(text.contains(shown), "{text}");
        assert!(
            text.contains(&format!("ä{other}'; no difference")),
            "{text}"
        );
    }
}
