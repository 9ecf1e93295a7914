//! Tests with ids: what carries an id, what each test has of its own, and what it comes to.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[allow(dead_code, reason = "each test needs another part")]
mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{answer, ask, read, test_with};
use mynah_expect::{
    AnsweredBy, Call, Command, EventKind, Outcome, Report, Reset, Test, TestError, TestIdSource,
    TestIdSources, TestOptions, Tests, Value,
};
use serde_json::{Value as Json, json};

fn text(key: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(key.to_owned(), value.to_owned())])
}

#[test]
fn the_first_source_that_has_an_id_counts() {
    let tests: Tests<Json> = Tests::new(TestOptions::default());
    let (none, no_attributes) = (BTreeMap::new(), BTreeMap::new());
    let plain = TestIdSources {
        query_attributes: &none,
        comment: None,
        connection_attributes: &no_attributes,
        user: "app+t6",
        schema: Some("db+t5"),
    };
    // As long as no test was opened, a plus is a plus.
    let routed = tests.route(&plain).unwrap();
    assert_eq!(
        (routed.source, routed.user, routed.schema),
        (None, "app+t6", Some("db+t5"))
    );
    for id in ["t1", "t2", "t3", "t4", "t5", "t6"] {
        tests.open(id).unwrap();
    }
    let query = BTreeMap::from([("mynah_test".to_owned(), Value::from("t1"))]);
    let (own, program) = (text("mynah_test", "t3"), text("program_name", "c++ app+t4"));
    for (sources, source, id, user, schema) in [
        (
            TestIdSources {
                query_attributes: &query,
                comment: Some("t2"),
                ..plain
            },
            TestIdSource::QueryAttribute,
            "t1",
            "app+t6",
            "db+t5",
        ),
        (
            TestIdSources {
                comment: Some("t2"),
                connection_attributes: &own,
                ..plain
            },
            TestIdSource::Comment,
            "t2",
            "app+t6",
            "db+t5",
        ),
        (
            TestIdSources {
                connection_attributes: &own,
                ..plain
            },
            TestIdSource::ConnectionAttribute,
            "t3",
            "app+t6",
            "db+t5",
        ),
        (
            TestIdSources {
                connection_attributes: &program,
                ..plain
            },
            TestIdSource::ProgramName,
            "t4",
            "app+t6",
            "db+t5",
        ),
        (plain, TestIdSource::User, "t6", "app", "db+t5"),
        (
            TestIdSources {
                user: "app",
                ..plain
            },
            TestIdSource::Schema,
            "t5",
            "app",
            "db",
        ),
    ] {
        let routed = tests.route(&sources).unwrap();
        assert_eq!((routed.source, routed.test.id()), (Some(source), Some(id)));
        assert_eq!((routed.user, routed.schema), (user, Some(schema)));
    }
    let unknown = TestIdSources {
        comment: Some("t9"),
        ..plain
    };
    let error = tests.route(&unknown).unwrap_err().to_string();
    assert_eq!(
        error,
        "the test \"t9\" was never opened; open it by POST /api/v1/mock_server/tests/t9"
    );
    tests.end("t6").unwrap();
    assert_eq!(
        tests.route(&plain).unwrap_err(),
        TestError::Ended("t6".to_owned())
    );
    assert_eq!(
        tests.end("t6").unwrap_err(),
        TestError::Ended("t6".to_owned())
    );
    assert_eq!(
        tests.open("t5").unwrap_err(),
        TestError::Open("t5".to_owned())
    );
    assert_eq!(tests.open_ids(), ["t1", "t2", "t3", "t4", "t5"]);
}

#[test]
fn each_test_has_expectations_a_journal_and_scenarios_of_its_own() {
    let tests: Tests<Json> = Tests::new(TestOptions::default());
    tests.set_from_file(read(
        &json!([{"stmt": "a", "times": 1, "ok": "file", "then": "seen"}]),
    ));
    let (one, two) = (tests.open("one").unwrap(), tests.open("two").unwrap());
    one.add(read(&json!([{"stmt": "b", "ok": "own"}]))).unwrap();
    assert_eq!(answer(&one, &Call::query("a")), "file");
    assert_eq!(answer(&one, &Call::query("a")), "open");
    assert_eq!(answer(&one, &Call::query("b")), "own");
    assert_eq!(answer(&two, &Call::query("a")), "file");
    assert_eq!(answer(&two, &Call::query("b")), "open");
    assert_eq!(answer(tests.shared(), &Call::query("a")), "file");
    assert_eq!((one.count(|_| true), two.count(|_| true)), (3, 2));
    two.reset(Reset {
        scenarios: true,
        ..Reset::default()
    });
    assert_eq!(
        (
            one.scenarios().state("default"),
            two.scenarios().state("default")
        ),
        ("seen", "start")
    );
}

#[test]
fn the_journal_says_what_became_of_each_statement_and_keeps_so_many() {
    let options = TestOptions {
        journal_limit: 3,
        ..TestOptions::default()
    };
    let test: Test<Json> = Test::new(None, options);
    test.add(read(&json!([{"stmt": "a", "name": "one", "ok": "1"}])))
        .unwrap();
    let (before, changed) = (test.last_event(), test.changed());
    let begun = ask(&test, &Call::query("a"));
    assert_eq!(test.count(|entry| entry.outcome.is_none()), 1);
    // It is complete, as something has changed.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.build().unwrap().block_on(changed);
    let events = test.events_since(before, 10);
    assert_eq!(events.dropped, 0);
    assert_eq!(events.events[0].kind, EventKind::Began(begun.number));
    assert_eq!(
        events.events[0].statement.as_ref().unwrap().number,
        begun.number
    );
    test.finish(
        begun.number,
        Outcome::Rows { rows: 2 },
        Duration::from_millis(5),
    );
    let entry = serde_json::to_value(&test.statements(|_| true)[0]).unwrap();
    assert_eq!(
        entry["answered_by"],
        json!({"expectation": {"id": 1, "label": "\"one\", expectations[0]"}})
    );
    assert_eq!(
        (&entry["state"], &entry["digest"]),
        (&json!("done"), &json!("`a`"))
    );
    assert_eq!(
        (&entry["time"], &entry["latency"]),
        (&json!("1970-01-01T00:00:00Z"), &json!(0.005))
    );
    let script = ask(&test, &Call::query("b"));
    test.answered_by(script.number, AnsweredBy::Script("shop.js line 3".into()));
    for _ in 0..3 {
        ask(&test, &Call::query("a"));
    }
    assert_eq!((test.count(|_| true), test.overflowed()), (3, 2));
    // It has left the journal, which is no error.
    test.finish(begun.number, Outcome::Aborted, Duration::ZERO);
    test.reset(Reset {
        journal: true,
        ..Reset::default()
    });
    assert_eq!((test.count(|_| true), test.overflowed()), (0, 0));
    let off: Test<Json> = Test::new(
        None,
        TestOptions {
            journal_limit: 0,
            ..options
        },
    );
    ask(&off, &Call::query("a"));
    assert_eq!(off.count(|_| true), 0);
}

fn report() -> Report {
    let test = test_with(&json!([
        {"name": "reads <all>", "stmt": "select 1", "times": 1},
        {"stmt": "insert into t values (1)", "times": 2},
        {"stmt": "set names utf8mb4"},
    ]));
    answer(&test, &Call::query("select 1"));
    let call = Call::query("insert into t values (2)");
    let begun = ask(&test, &call);
    test.unexpected(begun.number, &call);
    test.report()
}

#[test]
fn a_report_is_text_json_and_junit() {
    let report = report();
    assert!(!report.is_met() && !report.is_expected() && !report.is_good());
    assert_eq!(
        report.to_string(),
        "1 met, 1 unmet, 1 unexpected\n\
         unmet: expectations[1]: called 0 times, has to be 2 times: stmt \"insert into t values (1)\"\n\
         unexpected: 2 should be 1: insert into t values (2); closest: expectations[1], stmt \"insert into t values (1)\"\n"
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["unmet"][0]["calls"], json!(0));
    assert_eq!(json["is_good"], json!(false));
    assert_eq!(json["text"], json!(report.to_string()));
    assert_eq!(
        json["unexpected"][0]["explanation"]["difference"],
        json!("2 should be 1")
    );
    let junit = report.to_junit();
    assert_eq!(
        junit,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mynah">
  <testsuite name="mynah" tests="3" failures="2" errors="0">
    <testcase classname="mynah" name="reads &lt;all&gt;"/>
    <testcase classname="mynah" name="expectations[1]: stmt &quot;insert into t values (1)&quot;">
      <failure type="unmet" message="expectations[1]: called 0 times, has to be 2 times: stmt &quot;insert into t values (1)&quot;">expectations[1]: called 0 times, has to be 2 times: stmt &quot;insert into t values (1)&quot;</failure>
    </testcase>
    <testcase classname="mynah" name="unexpected statement 2">
      <failure type="unexpected" message="2 should be 1: insert into t values (2); closest: expectations[1], stmt &quot;insert into t values (1)&quot;">2 should be 1: insert into t values (2); closest: expectations[1], stmt &quot;insert into t values (1)&quot;</failure>
    </testcase>
  </testsuite>
</testsuites>"#
    );
}

#[test]
fn what_is_unexpected_in_the_same_way_is_one_line_and_expectations_are_in_their_order() {
    let test = test_with(&json!([{"stmt": "select name from t where id = ?", "times": 1}]));
    let more = json!([{"stmt": "first", "times": 1}, {"stmt": "second", "times": 1}]);
    test.add(read(&more)).unwrap();
    for text in [
        "select nmae from t where id = 1",
        "select nmae from t where id = 2",
        "select nmae from t where id = 3",
        "something else",
        "something else",
        "something other",
    ] {
        let call = Call::query(text);
        let begun = ask(&test, &call);
        test.unexpected(begun.number, &call);
    }
    let said = test.report().to_string();
    let lines: Vec<_> = said
        .lines()
        .skip(1)
        .map(|line| line.split(": ").last().unwrap())
        .collect();
    let [name, first, second, nmae, one, other] = lines[..] else {
        panic!("{said}");
    };
    assert!(
        name.ends_with("stmt \"select name from t where id = ?\""),
        "{said}"
    );
    assert_eq!((first, second), ("stmt \"first\"", "stmt \"second\""));
    assert!(nmae.ends_with("; 2 more like it"), "{said}");
    assert_eq!(
        (one, other),
        ("something else; 1 more like it", "something other")
    );
}

#[test]
fn an_expectation_that_came_in_another_case_says_so() {
    let test = test_with(&json!([{"stmt": "commit", "times": 1}]));
    let begun = ask(&test, &Call::query("COMMIT"));
    test.answered_by(begun.number, AnsweredBy::Prelude);
    let report = test.report();
    assert!(report.is_expected());
    assert_eq!(
        report.unmet[0].to_string(),
        "expectations[0]: called 0 times, has to be 1 time: stmt \"commit\"; \
         \"COMMIT\" came, use \"digest\" where case doesn't matter"
    );
}

#[test]
fn nothing_grows_beyond_its_limit() {
    let options = TestOptions {
        journal_bytes: 1_000,
        tests_limit: 1,
        expectations_limit: 2,
        ..TestOptions::default()
    };
    let tests: Tests<Json> = Tests::new(options);
    let test = tests.open("t1").unwrap();
    assert_eq!(tests.open("t2").unwrap_err(), TestError::TooMany(1));
    let two = json!([{"stmt": "a", "times": 1}, {"stmt": "b", "times": 1}]);
    let ids = test.add(read(&two)).unwrap();
    let before = test.last_event();
    let error = test.add(read(&json!([{"stmt": "c"}]))).unwrap_err();
    assert_eq!((error.limit, error.wanted), (2, 3));
    assert_eq!(test.last_event(), before, "nothing was added");
    test.remove(ids[0]).unwrap();
    assert_eq!(test.last_event(), before + 1);
    assert!(test.remove(ids[0]).is_none());
    assert_eq!(test.last_event(), before + 1, "nothing was removed");
    test.add(read(&json!([{"stmt": "c"}]))).unwrap();
    ask(&test, &Call::query(&"x".repeat(300)));
    ask(&test, &Call::query(&"y".repeat(300)));
    assert_eq!((test.count(|_| true), test.overflowed()), (1, 1));
    ask(&test, &Call::query(&"z".repeat(501)));
    assert_eq!((test.count(|_| true), test.overflowed()), (0, 3));
}

#[test]
fn a_script_that_is_loaded_again_changes_what_its_file_expects_and_nothing_else() {
    let tests: Tests<Json> = Tests::new(TestOptions {
        journal_limit: 0,
        ..TestOptions::default()
    });
    assert!(!tests.is_used());
    tests.set_from_file(read(&json!([{"stmt": "a", "ok": "old"}])));
    assert!(tests.is_used());
    let test = tests.open("t1").unwrap();
    test.add(read(&json!([{"stmt": "b", "ok": "run time"}])))
        .unwrap();
    tests.set_from_file(read(
        &json!({"order": "sequence", "expectations": [{"stmt": "c", "ok": "new", "times": 1}]}),
    ));
    tests.set_from_file(read(&json!([{"stmt": "a", "ok": "new"}])));
    for test in [&test, tests.shared()] {
        assert_eq!(answer(test, &Call::query("a")), "new");
        assert_eq!(answer(test, &Call::query("c")), "open");
    }
    assert_eq!(answer(&test, &Call::query("b")), "run time");
    assert_eq!(tests.counts().expectation, 3);
}

#[test]
fn a_command_that_is_no_statement_meets_only_what_names_it() {
    let test = test_with(&json!([
        {"ok": "any"},
        {"stmt": "shop", "command": "init_db", "ok": "named"},
    ]));
    let init_db = Call {
        command: Command::InitDb,
        ..Call::query("shop")
    };
    assert_eq!(answer(&test, &init_db), "named");
    assert_eq!(answer(&test, &Call::query("shop")), "any");
    let other = Call {
        command: Command::InitDb,
        ..Call::query("zoo")
    };
    assert_eq!(answer(&test, &other), "open");
}

#[test]
fn a_statement_can_be_checked_against_the_journal_afterwards() {
    let test = test_with(&json!([]));
    for id in [1_i64, 2, 3] {
        ask(
            &test,
            &Call::execute("select a from t where id = ?", vec![Value::from(id)]),
        );
    }
    let wanted =
        read(&json!([{"stmt": "select a from t where id = ?", "params": [{"between": [2, 9]}]}]));
    assert_eq!(test.count_meeting(&wanted.list[0]), 2);
}

/// The answer of the part that a comment names, or of the part that is open.
fn said(tests: &Tests<Json>, id: Option<&str>, text: &str) -> String {
    let (none, attributes) = (BTreeMap::new(), BTreeMap::new());
    let routed = tests.route(&TestIdSources {
        query_attributes: &none,
        comment: id,
        connection_attributes: &attributes,
        user: "app",
        schema: None,
    });
    match routed {
        Ok(routed) => answer(&routed.test, &Call::query(text)),
        Err(error) => error.to_string(),
    }
}

fn recording() -> Tests<Json> {
    let tests: Tests<Json> = Tests::new(TestOptions::default());
    let setup = json!([
        {"stmt": "select 1", "answers": [{"ok": "setup 1"}, {"ok": "setup 2"}]},
        {"stmt": "select 2", "ok": "setup"},
    ]);
    let part = |name: &str| {
        let list = json!([{"stmt": "select 2", "answers": [{"ok": format!("{name} 1")}, {"ok": format!("{name} 2")}]}]);
        (name.to_owned(), read(&list))
    };
    tests.set_recording(read(&setup), [part("t1"), part("t2")].into());
    tests
}

#[test]
fn a_part_of_a_recording_is_asked_first_then_what_all_share_each_from_its_first_answer() {
    let tests = recording();
    assert!(tests.is_used() && tests.is_recording());
    for id in ["t1", "t2"] {
        let each = [
            "select 2", "select 1", "select 2", "select 2", "select 1", "select 3",
        ];
        let each = each.map(|text| said(&tests, Some(id), text));
        let (one, two) = (format!("{id} 1"), format!("{id} 2"));
        assert_eq!(each, [&*one, "setup 1", &*two, &*two, "setup 2", "open"]);
    }
    assert_eq!(said(&tests, None, "select 1"), "setup 1");
    assert_eq!(said(&tests, None, "select 2"), "setup");
    let missing = said(&tests, Some("t9"), "select 1");
    assert!(
        missing.starts_with("the recording has no part \"t9\"; "),
        "{missing}"
    );
    let closest = tests
        .get("t1")
        .unwrap()
        .explain(&Call::query("select 1 from t"));
    assert!(closest.closest.is_some(), "{closest}");
}

#[test]
fn a_part_that_is_begun_has_the_statements_without_an_id_and_begins_anew() {
    let tests = recording();
    tests.begin_part("t1").unwrap();
    for _twice in 0..2 {
        assert_eq!(said(&tests, None, "select 2"), "t1 1");
        assert_eq!(said(&tests, None, "select 2"), "t1 2");
        assert_eq!(said(&tests, None, "select 1"), "setup 1");
        tests.begin_part("t1").unwrap();
    }
    tests.open("t2").unwrap();
    assert_eq!(said(&tests, Some("t2"), "select 2"), "t2 1");
    tests.end("t2").unwrap();
    tests.open("t2").unwrap();
    assert_eq!(said(&tests, Some("t2"), "select 2"), "t2 1");
    tests.begin_part("setup").unwrap();
    assert_eq!(said(&tests, None, "select 2"), "setup");
    assert_eq!(
        tests.begin_part("t9"),
        Err(TestError::NoPart("t9".to_owned()))
    );
    tests.open("t9").unwrap();
    assert_eq!(said(&tests, Some("t9"), "select 1"), "setup 1");
}

#[test]
fn each_report_of_a_part_lists_what_was_never_played() {
    let tests = recording();
    let expected = |report: &Report| {
        let never = report.never_played.iter().map(|never| &*never.expected);
        never.collect::<Vec<_>>().join(", ")
    };
    let select = "stmt \"select 2\"";
    tests.open("t1").unwrap();
    assert_eq!(expected(&tests.report("t1").unwrap()), select);
    assert_eq!(expected(&tests.end("t1").unwrap()), select);
    tests.open("t1").unwrap();
    said(&tests, Some("t1"), "select 2");
    assert_eq!(expected(&tests.end("t1").unwrap()), "");
    let of_all = tests.reports();
    let of_t1 = of_all
        .iter()
        .filter(|report| report.test.as_deref() == Some("t1"));
    assert_eq!(of_t1.map(expected).collect::<Vec<_>>(), [select, "", ""]);
    assert!(tests.report("t9").is_err());
}

#[test]
fn what_was_never_played_is_known_by_part() {
    let tests = recording();
    let never = |tests: &Tests<Json>| {
        let never = tests.never_played().into_iter();
        let never = never.map(|(name, places)| (name, places.len()));
        never.collect::<Vec<_>>()
    };
    let part = |name: &str, count| (name.to_owned(), count);
    assert_eq!(
        never(&tests),
        [part("setup", 2), part("t1", 1), part("t2", 1)]
    );
    said(&tests, Some("t1"), "select 1");
    said(&tests, Some("t1"), "select 2");
    tests.get("t1").unwrap().reset(Reset::ALL);
    assert_eq!(never(&tests), [part("setup", 1), part("t2", 1)]);
    // An expectation that was added at run time is no entry of the recording.
    let added = read(&json!([{"stmt": "select 8"}, {"stmt": "select 9"}]));
    tests.get("t1").unwrap().add(added).unwrap();
    assert_eq!(never(&tests), [part("setup", 1), part("t2", 1)]);
    tests.set_from_file(read(&json!([])));
    assert!(never(&tests).is_empty() && !tests.is_recording());
}

#[test]
fn what_was_played_before_a_reload_was_played() {
    let tests = recording();
    said(&tests, Some("t1"), "select 1");
    said(&tests, Some("t1"), "select 2");
    let setup = json!([
        {"stmt": "select 3", "ok": "new"},
        {"stmt": "select 1", "ok": "other"},
        {"stmt": "select 1", "command": "prepare", "ok": "prepared"},
    ]);
    let part = (
        "t1".to_owned(),
        read(&json!([{"stmt": "select 2", "ok": "x"}])),
    );
    tests.set_recording(read(&setup), [part].into());
    let never = tests.never_played();
    let never: Vec<_> = never
        .iter()
        .flat_map(|(name, never)| {
            never
                .iter()
                .map(move |never| format!("{name}: {}", never.expected))
        })
        .collect();
    assert_eq!(
        never,
        ["setup: stmt \"select 3\"", "setup: stmt \"select 1\""]
    );
}

#[test]
fn a_test_that_was_open_before_the_recording_has_the_stubs_that_all_parts_share() {
    let tests: Tests<Json> = Tests::new(TestOptions::default());
    tests.open("t1").unwrap();
    let setup = read(&json!([{"stmt": "select 1", "ok": "setup"}]));
    let part = (
        "t1".to_owned(),
        read(&json!([{"stmt": "select 2", "ok": "t1"}])),
    );
    tests.set_recording(setup, [part].into());
    let each = ["select 1", "select 2"].map(|text| said(&tests, Some("t1"), text));
    assert_eq!(each, ["setup", "t1"]);
}

#[test]
fn each_part_begins_with_the_first_answer_to_a_preparation_that_all_share() {
    let tests: Tests<Json> = Tests::new(TestOptions::default());
    let setup = json!([
        {"stmt": "a ?", "command": "prepare", "answers": [{"ok": "refused"}, {"ok": "prepared"}]},
        {"stmt": "b ?", "answers": [{"ok": "first"}, {"ok": "second"}]},
    ]);
    let none = || read(&json!([]));
    let parts = [("t1".to_owned(), none()), ("t2".to_owned(), none())];
    tests.set_recording(read(&setup), parts.into());
    // What is added at run time for statements without an id is none of a part's.
    tests
        .shared()
        .add(read(&json!([{"stmt_prefix": "c "}])))
        .unwrap();
    for id in ["t1", "t2"] {
        let test = tests.get(id).unwrap();
        let prepared = |text: &str| {
            let answer = test.prepare(&Call::query(text)).ok()?.answer?;
            answer["ok"].as_str().map(str::to_owned)
        };
        assert_eq!(prepared("a ?").as_deref(), Some("refused"), "{id}");
        assert_eq!(prepared("a ?").as_deref(), Some("prepared"), "{id}");
        assert_eq!(prepared("b ?").as_deref(), Some("first"), "{id}");
        assert_eq!(said(&tests, Some(id), "b 7"), "first", "{id}");
        assert_eq!(prepared("b ?").as_deref(), Some("second"), "{id}");
        assert!(test.prepare(&Call::query("c ?")).is_err(), "{id}");
    }
    assert!(tests.never_played().is_empty());
}

#[test]
fn exact_values_in_the_file_come_before_a_test_s_like_ones_of_the_same_priority_only() {
    let tests: Tests<Json> = Tests::new(TestOptions::default());
    tests.set_from_file(read(&json!([{"stmt": "a '1'", "ok": "file"}])));
    for (id, own, expected) in [
        ("t1", json!({"stmt": "a 1", "ok": "own"}), "file"),
        (
            "t2",
            json!({"stmt": "a 1", "priority": 1, "ok": "own"}),
            "own",
        ),
        (
            "t3",
            json!({"stmt": "a 1", "priority": 9, "ok": "own"}),
            "file",
        ),
    ] {
        let test = tests.open(id).unwrap();
        test.add(read(&json!([own]))).unwrap();
        assert_eq!(answer(&test, &Call::query("a '1'")), expected, "{id}");
    }
}
