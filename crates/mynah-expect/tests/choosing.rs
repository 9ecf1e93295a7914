//! Which of several expectations answers, how often, in what order: by examples, and against a simple model.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[allow(dead_code, reason = "each test needs another part")]
mod common;

use std::sync::Arc;

use common::{answer, ask, read, test_with};
use jiff::Timestamp;
use mynah_expect::{AnsweredBy, Call, Reset, Test, TestOptions, Verdict};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn all(test: &Test<Json>, texts: &[&str]) -> Vec<String> {
    texts
        .iter()
        .map(|text| answer(test, &Call::query(text)))
        .collect()
}

#[test]
fn those_of_a_lower_number_then_those_of_run_time_then_the_first_of_the_file_are_asked_first() {
    let test = test_with(&json!([
        {"stmt": "a", "ok": "file 1"},
        {"stmt": "a", "ok": "file 2"},
        {"stmt": "b", "ok": "file b", "priority": 1},
    ]));
    assert_eq!(all(&test, &["a", "b"]), ["file 1", "file b"]);
    let add = |json: Json| test.add(read(&json)).unwrap();
    let first = add(json!([{"stmt": "a", "ok": "run time 1"}, {"stmt": "b", "ok": "run time b"}]));
    add(json!([{"digest": "a", "ok": "run time 2", "times": {"max": 1}}]));
    assert_eq!(
        all(&test, &["a", "a", "b"]),
        ["run time 2", "run time 1", "file b"]
    );
    assert!(test.remove(first[0]).is_some());
    assert!(test.remove(first[0]).is_none());
    assert_eq!(all(&test, &["a"]), ["file 1"]);
    add(
        json!([{"ok": "anything", "priority": 9}, {"stmt_prefix": "a", "ok": "prefix", "priority": 0}]),
    );
    assert_eq!(all(&test, &["a", "c"]), ["prefix", "anything"]);
    // A list is read as in a file, whenever it is added.
    add(json!([{"stmt": "a", "ok": "special", "priority": -1}, {"ok": "rest", "priority": -1}]));
    assert_eq!(all(&test, &["a", "c"]), ["special", "rest"]);
    test.clear();
    assert_eq!(all(&test, &["a"]), ["open"]);
}

#[test]
fn those_that_are_used_up_are_skipped_and_answers_come_in_turn() {
    let test = test_with(&json!([
        {"stmt": "a", "times": 2, "answers": [{"ok": "1"}, {"ok": "2"}]},
        {"stmt": "a", "times": {"min": 0, "max": 1}, "ok": "3"},
        {"stmt": "a", "answers": [{"ok": "4"}, {"ok": "5"}]},
        {"stmt": "b"},
    ]));
    assert_eq!(
        all(&test, &["a", "a", "a", "a", "a", "a", "b"]),
        ["1", "2", "3", "4", "5", "5", "none"]
    );
    test.reset(Reset {
        counts: true,
        ..Reset::default()
    });
    assert_eq!(all(&test, &["a"]), ["1"]);
    let report = test.report();
    assert_eq!((report.met.len(), report.unmet.len()), (3, 1));
}

#[test]
fn what_is_forbidden_is_unexpected_whatever_else_would_answer_it() {
    let test = test_with(
        &json!([{"stmt": "a", "times": 0, "name": "never"}, {"stmt": "a", "ok": "stub"}]),
    );
    let begun = ask(&test, &Call::query("a"));
    let Verdict::Forbidden(explanation) = begun.verdict else {
        panic!("{begun:?}")
    };
    let said = "this statement is forbidden (times: 0): a; closest: \"never\", expectations[0]";
    assert_eq!(explanation.to_string(), said);
    let report = test.report();
    assert_eq!((report.unmet.len(), report.unexpected_count), (1, 1));
    let entries = test.statements(|entry| entry.answered_by.is_unexpected());
    assert!(matches!(
        entries[0].answered_by,
        AnsweredBy::Forbidden { .. }
    ));
}

#[test]
fn a_sequence_comes_in_its_order() {
    let test = test_with(&json!({"order": "sequence", "expectations": [
        {"stmt": "a", "times": 1, "ok": "a"},
        {"stmt": "b", "times": {"min": 1, "max": 2}, "ok": "b"},
        {"stmt": "noise", "ok": "noise"},
        {"stmt": "c", "times": {"min": 0, "max": 1}, "ok": "c"},
        {"stmt": "d", "times": 1, "ok": "d"},
    ]}));
    let asked = ["b", "noise", "a", "a", "c", "b", "d", "c", "b", "d"];
    let said = [
        "open", "noise", "a", "open", "open", "b", "d", "open", "open", "open",
    ];
    assert_eq!(all(&test, &asked), said);
    assert!(test.report().is_met());
    let said = test.explain(&Call::query("c")).to_string();
    assert_eq!(
        said,
        "its turn in the sequence is over: c; closest: expectations[3], stmt \"c\""
    );
    test.reset(Reset::ALL);
    let said = test.explain(&Call::query("b")).to_string();
    assert_eq!(
        said,
        "due next is expectations[0], stmt \"a\": b; closest: expectations[1], stmt \"b\""
    );
}

#[test]
fn a_scenario_goes_from_state_to_state() {
    let test = test_with(&json!([
        {"stmt": "get", "scenario": "cart", "when": "start", "ok": "empty"},
        {"stmt": "put", "scenario": "cart", "then": "full", "ok": "done"},
        {"stmt": "get", "scenario": "cart", "when": "full", "ok": "full"},
    ]));
    assert_eq!(
        all(&test, &["get", "put", "get"]),
        ["empty", "done", "full"]
    );
    assert_eq!(test.scenarios().state("cart"), "full");
    test.change_scenarios(|scenarios| scenarios.reset(Some("cart")));
    assert_eq!(all(&test, &["get"]), ["empty"]);
    test.change_scenarios(|scenarios| scenarios.set_state("cart", "broken"));
    let said = test.explain(&Call::query("get")).to_string();
    let wanted = "scenario \"cart\" is in state \"broken\", and has to be in \"start\": get; \
                  closest: expectations[0], stmt \"get\"";
    assert_eq!(said, wanted);
}

/// An expectation of the simple model: which of four texts, how often, how urgent.
#[derive(Clone, Debug)]
struct Entry {
    text: usize,
    kind: usize,
    times: Option<(u64, u64)>,
    priority: i32,
    is_from_file: bool,
}

const TEXTS: [&str; 4] = ["select 1", "select 2", "select a", "insert b"];

impl Entry {
    fn json(&self, index: usize) -> Json {
        let text = TEXTS[self.text];
        let mut json = match self.kind {
            0 => json!({"stmt": text}),
            1 => json!({"digest": text}),
            2 => json!({"stmt_prefix": &text[..6]}),
            3 => json!({"stmt_regex": format!("^{text}$")}),
            _ => json!({}),
        };
        json["ok"] = json!(index.to_string());
        json["priority"] = json!(self.priority);
        if let Some((min, max)) = self.times {
            json["times"] = json!({"min": min, "max": max});
        }
        json
    }

    fn takes(&self, text: usize) -> bool {
        match self.kind {
            0 | 3 => self.text == text,
            // The first two differ in a literal only.
            1 => self.text == text || self.text + text == 1,
            2 => TEXTS[self.text][..6] == TEXTS[text][..6],
            _ => true,
        }
    }
}

fn entry() -> impl Strategy<Value = Entry> {
    let times = proptest::option::of((0..3_u64, 0..3_u64));
    (0..4_usize, 0..5_usize, times, 0..3_i32, any::<bool>()).prop_map(
        |(text, kind, times, priority, is_from_file)| Entry {
            text,
            kind,
            times: times.map(|(min, more)| (min, min + more)),
            priority,
            is_from_file,
        },
    )
}

/// What should answer: the index of an entry, "forbidden" or "open".
fn model(
    entries: &[Entry],
    calls: &mut [u64],
    in_sequence: bool,
    at: &mut usize,
    text: usize,
) -> String {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&index| {
        let entry = &entries[index];
        let place = if entry.is_from_file {
            index as i64
        } else {
            -(index as i64)
        };
        (entry.priority, entry.is_from_file, place)
    });
    for index in order {
        let entry = &entries[index];
        if !entry.takes(text) {
            continue;
        }
        let is_step = in_sequence && matches!(entry.times, Some((_, 1..)));
        match entry.times {
            Some((_, 0)) => return "forbidden".to_owned(),
            Some((_, max)) if calls[index] >= max => continue,
            _ => {}
        }
        if is_step {
            let open =
                |step: usize| matches!(entries[step].times, Some((min, 1..)) if calls[step] < min);
            if index < *at || (*at..index).any(open) {
                continue;
            }
            *at = index;
        }
        calls[index] += 1;
        return index.to_string();
    }
    "open".to_owned()
}

/// One list in a test each, so that those of run time have their order.
fn test_of(entries: &[Entry]) -> Test<Json> {
    let test = Test::new(None, TestOptions::default());
    for (index, entry) in entries.iter().enumerate() {
        let list = read(&json!([entry.json(index)]));
        if entry.is_from_file {
            test.add_from_file(list);
        } else {
            test.add(list).unwrap();
        }
    }
    test
}

proptest! {
    #[test]
    fn the_first_that_may_answer_does(
        entries in proptest::collection::vec(entry(), 0..8),
        asked in proptest::collection::vec(0..4_usize, 0..24),
    ) {
        let test = test_of(&entries);
        let mut calls = vec![0; entries.len()];
        for text in asked {
            let wanted = model(&entries, &mut calls, false, &mut 0, text);
            prop_assert_eq!(answer(&test, &Call::query(TEXTS[text])), wanted);
        }
        let unmet = |(entry, calls): &(&Entry, &u64)| entry.times.is_some_and(|(min, _)| **calls < min);
        let unmet = entries.iter().zip(&calls).filter(unmet).count();
        let said = test.report().unmet;
        let forbidden = said.iter().filter(|line| line.times.starts_with("0 ") || line.times.starts_with("at most 0")).count();
        prop_assert_eq!(said.len() - forbidden, unmet);
    }

    #[test]
    fn a_sequence_answers_as_its_model(
        mut entries in proptest::collection::vec(entry(), 1..8),
        asked in proptest::collection::vec(0..4_usize, 0..24),
    ) {
        for entry in &mut entries {
            entry.is_from_file = true;
            entry.priority = 5;
        }
        entries[0].times = Some((1, 1));
        let list: Vec<Json> = entries.iter().enumerate().map(|(index, entry)| entry.json(index)).collect();
        let test = test_with(&json!({"order": "sequence", "expectations": list}));
        let mut calls = vec![0; entries.len()];
        let mut at = 0;
        for text in asked {
            let wanted = model(&entries, &mut calls, true, &mut at, text);
            prop_assert_eq!(answer(&test, &Call::query(TEXTS[text])), wanted);
        }
    }
}

#[test]
fn connections_that_ask_at_once_get_what_they_would_one_after_the_other() {
    const THREADS: usize = 4;
    const EACH: usize = 200;
    let steps: Vec<Json> = (0..20)
        .map(|step| json!({"stmt_prefix": "step", "times": 10, "ok": step.to_string()}))
        .collect();
    let test = test_with(&json!({"order": "sequence", "expectations": steps}));
    let limited: Vec<Json> = (0..10)
        .map(|_| json!({"stmt": "few", "times": 7, "ok": "few"}))
        .collect();
    test.add_from_file(read(&json!(limited)));
    let answered: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut few = 0;
                    for _ in 0..EACH {
                        let call = Arc::new(Call::query("few"));
                        let begun = test.begin(&call, Timestamp::UNIX_EPOCH);
                        few += usize::from(matches!(begun.verdict, Verdict::Answer { .. }));
                        let own = test.statements(|entry| entry.number == begun.number);
                        assert_eq!(
                            own.len(),
                            1,
                            "a client that has its answer finds the statement in the journal"
                        );
                        test.begin(&Arc::new(Call::query("step")), Timestamp::UNIX_EPOCH);
                    }
                    few
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(answered, 70);
    let statements = test.statements(|_| true);
    assert_eq!(statements.len(), 2 * THREADS * EACH);
    let ids: Vec<u64> = statements
        .iter()
        .filter(|entry| entry.call.statement.text() == "step")
        .filter_map(|entry| match &entry.answered_by {
            AnsweredBy::Expectation { id, .. } => Some(id.0),
            _ => None,
        })
        .collect();
    assert!(
        ids.is_sorted(),
        "the journal is in the order of the sequence"
    );
    assert_eq!(ids.len(), 200);
}

#[test]
fn exactly_the_values_of_a_statement_come_before_values_that_are_only_like_them() {
    let entries = [
        json!({"stmt": "select * from t where zip = 7", "ok": "number"}),
        json!({"stmt": "select * from t where zip = '007'", "ok": "zeros"}),
        json!({"stmt": "select * from t where zip = ?", "params": ["7"], "ok": "text"}),
        json!({"stmt": "select * from t where zip = '7.0'", "ok": "fraction"}),
    ];
    let last = |first: &str| Call::execute("select * from t where zip = ?", vec![first.into()]);
    for turn in 0..entries.len() {
        let mut entries = entries.clone();
        entries.rotate_left(turn);
        let test = test_with(&json!(entries));
        for (call, expected) in [
            (Call::query("select * from t where zip = 7"), "number"),
            (Call::query("select * from t where zip = 7.0"), "number"),
            (Call::query("select * from t where zip = '7'"), "text"),
            (Call::query("select * from t where zip = '007'"), "zeros"),
            (Call::query("select * from t where zip = '7.0'"), "fraction"),
            (last("007"), "zeros"),
            (last("7"), "text"),
            (Call::query("select * from t where zip = '+7'"), "open"),
            (Call::query("select * from t where zip = '07'"), "open"),
        ] {
            assert_eq!(answer(&test, &call), expected, "{call:?} of {entries:?}");
        }
    }
}

#[test]
fn values_that_are_like_those_of_a_statement_are_enough_without_others() {
    let test = test_with(&json!([
        {"stmt": "select 7", "ok": "like"},
        {"stmt_regex": "^select", "ok": "pattern"},
        {"stmt": "select '7'", "priority": 6, "ok": "late"},
    ]));
    assert_eq!(
        all(&test, &["select '7'", "select '8'"]),
        ["like", "pattern"]
    );
}
