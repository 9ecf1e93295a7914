//! Values that differ from run to run.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use mynah_recording::{Line, PartName, Recording, Rules, compare, read};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A recording with these rules, of these entries by their parts.
fn recording(rules: &[&str], recorded_at: &str, entries: &[(&str, Value)]) -> Recording {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.jsonl");
    let open = json!({"open": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": recorded_at, "volatile": rules}});
    let mut text = format!("{open}\n");
    for part in ["setup", "t7"] {
        text += &format!("{}\n", json!({"part": part, "recorded_at": recorded_at}));
    }
    for (part, entry) in entries {
        text += &format!("{}\n", json!({"part": part, "entry": entry}));
    }
    std::fs::write(&path, text).unwrap();
    read(&path).unwrap()
}

fn column(name: &str, kind: &str) -> Value {
    json!({"name": name, "type": kind, "table": "p", "orig_table": "person", "orig_name": name,
        "character_set": 255, "length": 80, "flags": 0, "decimals": 0})
}

fn rows(columns: &[Value], rows: &[Value]) -> Value {
    json!([{"result": {"columns": columns, "rows": rows}}])
}

fn entries(recording: &Recording, part: &str) -> Value {
    serde_json::to_value(&recording.parts[&PartName(part.to_owned())].expectations).unwrap()
}

const AT: &str = "2026-11-29T20:00:00Z";

#[test]
fn what_a_client_made_is_the_same_wherever_the_part_repeats_it() {
    let uuid = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
    let plain = "6fa459eaee8a4ca4894edb77e160355e";
    let stable = "00000000-0000-4000-8000-000000000002";
    let of_part = "00000000-0000-4000-8000-000000000001";
    let columns = [
        column("id", "STRING"),
        column("created_at", "DATETIME"),
        column("name", "VAR_STRING"),
    ];
    let recording = recording(
        &["type:uuid", "column:created_at"],
        AT,
        &[
            (
                "setup",
                json!({"stmt": format!("insert into person (id, created_at, name) values ('{uuid}', '2026-11-29 20:31:00.25', 'ada')"), "answers": [{"ok": {}}]}),
            ),
            (
                "setup",
                json!({"stmt": "select * from person p where id = ?", "params": [uuid],
                "answers": rows(&columns, &[json!([plain, "2026-11-29 20:31:00", "ada"]), json!([plain, "2026-11-29 20:31:00.250", "2026-11-29 20:31:00"])])}),
            ),
            (
                "t7",
                json!({"stmt": "call find(?, ?)", "params": [uuid, "f47ac10b-58cc-4372-a567-0e02b2c3d479"],
                "answers": [{"error": {"code": 1062, "message": format!("Duplicate entry '{uuid}' for key 'id'")}}]}),
            ),
        ],
    );
    let setup = entries(&recording, "setup");
    assert_eq!(
        setup[0]["stmt"],
        format!(
            "insert into person (id, created_at, name) values ('{stable}', '2026-11-29 20:00:00.20', 'ada')"
        )
    );
    assert_eq!(setup[1]["params"], json!([stable]));
    assert_eq!(
        setup[1]["answers"][0]["result"]["rows"],
        json!([
            [stable.replace('-', ""), "2026-11-29 20:00:00", "ada"],
            [
                stable.replace('-', ""),
                "2026-11-29 20:00:00.200",
                "2026-11-29 20:31:00"
            ],
        ])
    );
    let of_t7 = entries(&recording, "t7");
    assert_eq!(of_t7[0]["params"], json!([stable, of_part]));
    let message = of_t7[0]["answers"][0]["error"]["message"].as_str().unwrap();
    assert_eq!(message, format!("Duplicate entry '{stable}' for key 'id'"));
}

#[test]
fn rules_name_columns_parameters_patterns_and_types() {
    let recording = recording(
        &[
            "column:shop.person.token",
            "parameter:2:insert into log",
            "literal:tmp_[0-9]+",
            "type:thread_id",
            "type:last_insert_id",
            "type:gtid",
        ],
        AT,
        &[
            (
                "t7",
                json!({"stmt": "insert into log values (1, 'some text')", "answers": [
                {"ok": {"last_insert_id": 77, "session_trackers": [{"type": "gtid", "gtid": "3e11fa47-71ca-11e1-9e33-c80aa9429562:23"}]}}]}),
            ),
            (
                "t7",
                json!({"stmt": "select * from tmp_8812 where id = 'tmp_8812' or 'x tmp_9 y' = b", "answers": [{"ok": {}}]}),
            ),
            ("t7", json!({"stmt": "kill 45", "answers": [{"ok": {}}]})),
            (
                "t7",
                json!({"stmt": "update person set token = ? where id = 5", "params": ["k3j2h5"], "answers": [{"ok": {}}]}),
            ),
            (
                "t7",
                json!({"stmt": "update other set token = 'k3j2h5'", "answers": [{"ok": {}}]}),
            ),
        ],
    );
    let of_t7 = entries(&recording, "t7");
    let all = of_t7.as_array().unwrap();
    let statements: Vec<_> = all
        .iter()
        .map(|entry| entry["stmt"].as_str().unwrap())
        .collect();
    assert_eq!(
        statements,
        [
            "insert into log values (1, 'volatile-1')",
            "select * from tmp_8812 where id = 'volatile-5' or 'x volatile-7 y' = b",
            "kill 3",
            "update person set token = ? where id = 5",
            "update other set token = 'k3j2h5'",
        ]
    );
    assert_eq!(of_t7[0]["answers"][0]["ok"]["last_insert_id"], 1);
    assert_eq!(
        of_t7[0]["answers"][0]["ok"]["session_trackers"][0]["gtid"],
        "volatile-3"
    );
    assert_eq!(of_t7[3]["params"], json!(["volatile-9"]));
}

#[test]
fn random_numbers_of_other_lengths_are_the_same_in_two_runs() {
    let run = |fraction: &str, large: &str| {
        let stmt = format!("insert into log values ({fraction}, {large})");
        let entry = json!({"stmt": stmt, "answers": [{"ok": {}}]});
        let rules = ["parameter:1", "parameter:2"];
        entries(&recording(&rules, AT, &[("t7", entry)]), "t7")
    };
    let one = run("0.123456789012345678", "18446744073709551615");
    assert_eq!(one, run("0.98765432109876", "9223372036854775807"));
    assert_eq!(
        one[0]["stmt"],
        "insert into log values (10000001, 1000000000000003)"
    );
}

/// What is done in a run, and by which numbers of its values.
#[derive(Clone, Debug)]
enum Step {
    Insert { person: usize, is_prepared: bool },
    Find { person: usize, is_prepared: bool },
    Touch { person: usize },
    Count,
}

/// What a run makes at random.
#[derive(Clone, Debug)]
struct Run {
    recorded_at: i64,
    uuids: Vec<u128>,
    micros: Vec<u32>,
}

fn run(steps: &[(bool, Step)], run: &Run, rules: &[&str]) -> Recording {
    let uuid = |person: usize| {
        let text = format!("{:032x}", run.uuids[person]);
        [
            &text[..8],
            &text[8..12],
            &text[12..16],
            &text[16..20],
            &text[20..],
        ]
        .join("-")
    };
    // A fraction that columns with three digits keep apart from others.
    let moment = |person: usize| {
        format!(
            "2026-{:02}-11 20:{:02}:07.{:03}{:03}",
            1 + person,
            run.micros[person] % 60,
            1 + run.micros[person] % 998,
            7
        )
    };
    let text_of = |text: &str, values: &[Value], is_prepared: bool| match is_prepared {
        true => json!({"stmt": text, "params": values}),
        false => {
            let mut pieces = text.split('?');
            let mut written = pieces.next().unwrap().to_owned();
            for (value, piece) in values.iter().zip(pieces) {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), |text| format!("'{text}'"));
                written += &format!("{value}{piece}");
            }
            json!({"stmt": written})
        }
    };
    let entries = steps.iter().map(|(is_setup, step)| {
        let (mut entry, answers) = match step {
            Step::Insert {
                person,
                is_prepared,
            } => (
                text_of(
                    "insert into person (id, created_at, age) values (?, ?, ?)",
                    &[json!(uuid(*person)), json!(moment(*person)), json!(person)],
                    *is_prepared,
                ),
                json!([{"ok": {"affected_rows": 1, "message": "inserted"}}]),
            ),
            Step::Find {
                person,
                is_prepared,
            } => (
                text_of(
                    "select id, created_at, age from person where id = ?",
                    &[json!(uuid(*person))],
                    *is_prepared,
                ),
                rows(
                    &[
                        column("id", "STRING"),
                        column("created_at", "DATETIME"),
                        column("age", "LONG"),
                    ],
                    &[json!([
                        uuid(*person).replace('-', ""),
                        moment(*person),
                        person.to_string()
                    ])],
                ),
            ),
            Step::Touch { person } => (
                text_of(
                    "update person set created_at = ? where id = ?",
                    &[json!(moment(*person)), json!(uuid(*person))],
                    true,
                ),
                json!([{"ok": {"affected_rows": 1}}]),
            ),
            Step::Count => (
                json!({"stmt": "select count(*) from person"}),
                rows(&[column("n", "LONGLONG")], &[json!(["3"])]),
            ),
        };
        entry["answers"] = answers;
        (if *is_setup { "setup" } else { "t7" }, entry)
    });
    let entries: Vec<_> = entries.collect();
    let at = format!(
        "2026-11-29T{:02}:00:{:02}Z",
        run.recorded_at / 60 % 24,
        run.recorded_at % 60
    );
    recording(rules, &at, &entries)
}

const PERSONS: usize = 5;

fn step() -> impl Strategy<Value = (bool, Step)> {
    let step =
        (0..PERSONS, any::<bool>(), 0..4_u8).prop_map(|(person, is_prepared, kind)| match kind {
            0 => Step::Insert {
                person,
                is_prepared,
            },
            1 => Step::Find {
                person,
                is_prepared,
            },
            2 => Step::Touch { person },
            _ => Step::Count,
        });
    (any::<bool>(), step)
}

fn values() -> impl Strategy<Value = Run> {
    let uuid = any::<u128>()
        .prop_map(|bits| bits & !(0xf << 76) & !(0b11 << 62) | (4 << 76) | (0b10 << 62));
    let uuids = prop::collection::hash_set(uuid, PERSONS);
    (
        0..600_i64,
        uuids,
        prop::collection::vec(any::<u32>(), PERSONS),
    )
        .prop_map(|(recorded_at, uuids, micros)| Run {
            recorded_at,
            uuids: uuids.into_iter().collect(),
            micros,
        })
}

/// The file without the times at which it was made.
fn file(recording: &Recording) -> String {
    let mut recording = recording.clone();
    recording.about.recorded_at = AT.parse().unwrap();
    for part in recording.parts.values_mut() {
        part.recorded_at = AT.parse().unwrap();
    }
    recording.to_text().unwrap()
}

const RULES: [&str; 2] = ["type:uuid", "column:created_at"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn two_runs_with_other_values_give_one_file(steps in prop::collection::vec(step(), 0..12), one in values(), mut other in values()) {
        other.recorded_at = one.recorded_at;
        let (one, other) = (run(&steps, &one, &RULES), run(&steps, &other, &RULES));
        prop_assert_eq!(file(&one), file(&other));
        prop_assert_eq!(compare(&one, &other, &Rules::default()).differences, []);
    }

    #[test]
    fn rules_that_were_applied_change_nothing_when_they_are_applied_again(steps in prop::collection::vec(step(), 0..12), values in values()) {
        let recording = run(&steps, &values, &RULES);
        prop_assert_eq!(file(&recording.clone().with_rules(&Rules::default())), file(&recording));
        let later = run(&steps, &values, &[]).with_rules(&Rules::parse(RULES).unwrap());
        prop_assert_eq!(file(&later), file(&recording));
    }

    #[test]
    fn rules_are_proposed_by_which_two_runs_are_one(steps in prop::collection::vec(step(), 0..12), one in values(), other in values()) {
        let (one, other) = (run(&steps, &one, &[]), run(&steps, &other, &[]));
        let comparison = compare(&one, &other, &Rules::default());
        prop_assert_eq!(comparison.left, []);
        let texts = comparison.proposed.texts();
        let expected = ["column:person.created_at", "type:uuid"];
        prop_assert!(texts.iter().all(|text| expected.contains(&&**text)), "{:?}", texts);
    }
}

#[test]
fn a_line_of_a_journal_keeps_its_rules() {
    let open = json!({"open": {"version": 1, "digest": 1, "made_by": "", "recorded_at": AT, "volatile": ["type:uuid"]}});
    let line: Line = serde_json::from_value(open.clone()).unwrap();
    assert_eq!(serde_json::to_value(&line).unwrap(), open);
    let wrong = open.to_string().replace("uuid", "wings");
    let error = serde_json::from_str::<Line>(&wrong)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("type:wings: type:wings isn't known"),
        "{error}"
    );
}
