//! Recordings as files.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use mynah_recording::{
    Answer, Cell, Column, Completion, Entry, Failure, Line, Outcome, Param, Part, PartName,
    Prepared, Protocol, Recording, ResultSet, Rules, Text, read,
};
use proptest::prelude::*;
use tempfile::TempDir;

const OPEN: &str = r#"{"open": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"}}"#;

fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn journal(lines: &[&str]) -> Recording {
    let (_folder, path) = file("rec.jsonl", &[&[OPEN], lines].concat().join("\n"));
    read(&path).unwrap()
}

fn statements(recording: &Recording, part: &str) -> Vec<String> {
    let part = &recording.parts[&PartName(part.to_owned())];
    let all = part.expectations.iter();
    all.map(|entry| match &entry.command {
        Some(command) => format!("{command} {}", entry.stmt),
        None => entry.stmt.to_string(),
    })
    .collect()
}

/// The journal of additions to the recording of this name.
fn additions(recording: &str) -> String {
    let open = OPEN.strip_suffix('}').unwrap();
    let entry = r#"{"part": "setup", "entry": {"stmt": "two", "answers": [{"ok": {}}]}}"#;
    format!("{open}, \"adds_to\": \"{recording}\"}}\n{entry}\n")
}

#[test]
fn a_journal_of_additions_is_read_together_with_the_recording_that_it_adds_to() {
    let (folder, path) = file("rec.jsonl", &additions("rec.json"));
    journal(&[
        r#"{"part": "setup", "entry": {"stmt": "one", "answers": [{"ok": {}}]}}"#,
        "",
    ])
    .write(&folder.path().join("rec.json"))
    .unwrap();
    let joined: Recording = read(&path).unwrap();
    assert_eq!(statements(&joined, "setup"), ["one", "two"]);
    let plain: Recording<serde_json::Value> = read(&path).unwrap();
    assert_eq!(plain.parts[&PartName::setup()].expectations.len(), 2);
}

#[test]
fn a_journal_of_additions_is_not_read_without_its_recording() {
    let pseudonyms = r#"{"recording": {"version": 1, "digest": 1, "made_by": "", "recorded_at": "2026-11-29T20:00:00Z",
        "pseudonyms": {"rules": ["type:uuid"], "salt": "00112233445566778899aabbccddeeff"}}}"#;
    for (name, recording, said) in [
        (
            "rec.json",
            None,
            "rec.jsonl line 1: adds_to: the recording ",
        ),
        ("rec.json", None, "rec.json: No such file"),
        ("rec.json", None, "put the recording beside the journal"),
        ("rec.json", Some("{}"), "rec.json line 1: missing field"),
        ("rec.json", Some(OPEN), "is itself a journal"),
        ("rec.json", Some(pseudonyms), "has pseudonyms"),
        (
            "../rec.json",
            None,
            "the name of a file in the journal's folder",
        ),
        ("rec.jsonl", None, "is itself a journal"),
    ] {
        let (folder, path) = file("rec.jsonl", &additions(name));
        if let Some(recording) = recording {
            std::fs::write(folder.path().join(name), recording).unwrap();
        }
        let error = read::<Entry>(&path).unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
}

#[test]
fn a_last_line_that_was_torn_is_left_out() {
    let recording = journal(&[
        r#"{"part": "setup", "entry": {"stmt": "one", "answers": [{"ok": {}}]}}"#,
        r#"{"part": "setup", "entry": {"stmt": "two", "answers": [{"ok": {}}]}}"#,
    ]);
    assert_eq!(statements(&recording, "setup"), ["one"]);
}

#[test]
fn answers_to_one_statement_stand_together_whether_its_values_are_bound_or_written() {
    let recording = journal(&[
        r#"{"part": "a", "entry": {"stmt": "select 1 from t where id = 7", "answers": [{"ok": {"affected_rows": 1}}]}}"#,
        r#"{"part": "a", "entry": {"stmt": "select 1 from t where id = 8", "answers": [{"ok": {"affected_rows": 9}}]}}"#,
        r#"{"part": "a", "entry": {"stmt": "select ?  from t where id = ?", "params": [1, 7], "answers": [{"ok": {"affected_rows": 2}}]}}"#,
        "",
    ]);
    assert_eq!(statements(&recording, "a").len(), 2);
    let first = &recording.parts[&PartName("a".to_owned())].expectations[0];
    let affected = first.answers.iter().map(|answer| match &answer.outcome {
        Some(Outcome::Ok(ok)) => ok.affected_rows,
        _ => panic!("{answer:?}"),
    });
    assert_eq!(affected.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn statements_that_a_mock_does_not_take_for_the_same_stand_apart() {
    let entry = |stmt: &str| {
        format!(r#"{{"part": "a", "entry": {{"stmt": "{stmt}", "answers": [{{"ok": {{}}}}]}}}}"#)
    };
    let lines = [
        entry("select a from t where a in (1, 2) and b in (3)"),
        entry("select a from t where a in (1) and b in (2, 3)"),
        entry("select A from t where a in (1) and b in (2, 3)"),
        String::new(),
    ];
    let recording = journal(&lines.each_ref().map(String::as_str));
    assert_eq!(statements(&recording, "a").len(), 3);
}

#[test]
fn an_entry_that_came_several_times_says_where() {
    let entry = |stmt: &str, more: &str| {
        format!(
            r#"{{"part": "a", "entry": {{"stmt": "{stmt}"{more}, "answers": [{{"ok": {{}}}}]}}}}"#
        )
    };
    let lines = [
        entry("select 1", ""),
        entry("select 9", r#", "command": "prepare""#),
        entry("select 2", ""),
        entry("select 1", ""),
        entry("select 3", ""),
        String::new(),
    ];
    let recording = journal(&lines.each_ref().map(String::as_str));
    let part = &recording.parts[&PartName("a".to_owned())];
    let at: Vec<_> = part.expectations.iter().map(|entry| &*entry.at).collect();
    assert_eq!(at, [&[1, 3][..], &[], &[], &[]]);
    assert_eq!(part.expectations[0].answers.len(), 1);
}

#[test]
fn of_answers_that_say_the_same_until_the_end_one_is_kept() {
    let line = |rows: u32, latency: u32| {
        format!(
            r#"{{"part": "a", "entry": {{"stmt": "x", "answers": [{{"ok": {{"affected_rows": {rows}}}, "latency_us": {latency}}}]}}}}"#
        )
    };
    let lines = [
        line(1, 1),
        line(1, 2),
        line(2, 3),
        line(2, 4),
        line(2, 5),
        String::new(),
    ];
    let recording = journal(&lines.each_ref().map(String::as_str));
    let latencies = |answer: &Answer| answer.latency_us.unwrap();
    let answers = &recording.parts[&PartName("a".to_owned())].expectations[0].answers;
    assert_eq!(answers.iter().map(latencies).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_part_has_what_was_said_of_the_statements_that_another_part_prepared() {
    let prepare = r#"{"part": "one", "entry": {"stmt": "select ?", "command": "prepare", "prepared": {"params": 1}}}"#;
    let run =
        r#"{"part": "two", "entry": {"stmt": "select ?", "params": [7], "answers": [{"ok": {}}]}}"#;
    let recording = journal(&[prepare, run, ""]);
    assert_eq!(
        statements(&recording, "two"),
        ["prepare select ?", "select ?"]
    );
    // What comes before all tests is shared by them.
    let recording = journal(&[&prepare.replace("one", "setup"), run, ""]);
    assert_eq!(statements(&recording, "two"), ["select ?"]);
}

#[test]
fn parts_are_sorted_by_name_behind_setup() {
    let entry = |part: &str| format!(r#"{{"part": "{part}", "entry": {{"stmt": "x"}}}}"#);
    let lines = ["b", "a", "setup", "z"].map(entry);
    let recording = journal(&[&lines[0], &lines[1], &lines[2], &lines[3], ""]);
    let names: Vec<_> = recording.parts.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["setup", "a", "b", "z"]);
}

#[test]
fn an_error_names_file_line_and_key() {
    let whole = |entry: &str| {
        format!(
            "{{\n\"recording\": {{\"version\": 1, \"digest\": 1, \"made_by\": \"\", \"recorded_at\": \"2026-11-29T20:00:00Z\"}},\n\
             \"parts\": {{\"t7\": {{\"recorded_at\": \"2026-11-29T20:00:00Z\", \"expectations\": [\n{entry}\n]}}}}}}"
        )
    };
    for (name, text, said) in [
        (
            "rec.json",
            whole(r#"{"stmt": 1}"#),
            "rec.json line 4: parts.t7.expectations[0].stmt: a string, or a list of lines",
        ),
        (
            "rec.json",
            whole(r#"{"stmt": "", "answers": [{"ok": {}, "error": {"code": 1, "message": ""}}]}"#),
            "rec.json line 4: parts.t7.expectations[0].answers[0]: ok and error together; an answer has one of them",
        ),
        (
            "rec.json",
            whole(r#"{"stmt": "", "answers": [{"result": {"columns": [], "row_file": {}}}]}"#),
            "rec.json line 4: parts.t7.expectations[0].answers[0].result.row_file: unknown field `row_file`",
        ),
        (
            "rec.json",
            whole(r#"{"stmt": "", "answers": [{"ok": {"affected": 1}}]}"#),
            "answers[0].ok.affected: unknown field `affected`",
        ),
        (
            "rec.json",
            whole(r#"{"stmt": "", "answers": [{}]}"#),
            "an answer has ok, error, result or the like, or incomplete",
        ),
        (
            "rec.jsonl",
            format!("{OPEN}\n{{\"part\": \"a\", \"entry\": {{\"stmt\": \"\", \"wings\": 2}}}}\n"),
            "rec.jsonl line 2: entry.wings: unknown field `wings`",
        ),
        (
            "rec.json",
            r#"{"recording": {"version": 2, "wings": 2}}"#.to_owned(),
            "rec.json line 1: version 2 of the format; this program reads up to 1",
        ),
        (
            "rec.jsonl",
            OPEN.replace("\"version\": 1", "\"version\": 3") + "\n",
            "rec.jsonl line 1: version 3 of the format; this program reads up to 1",
        ),
    ] {
        let (_folder, path) = file(name, &text);
        let error = read::<Entry>(&path).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let (folder, _path) = file("x", "");
    let error = read::<Entry>(&folder.path().join("none.json"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("none.json: No such file"), "{error}");
}

#[test]
fn a_row_is_a_line_and_a_statement_with_newlines_a_list() {
    let recording = journal(&[
        r#"{"part": "a", "entry": {"stmt": "select name\nfrom people", "answers": [{"result": {"columns": [{"name": "name", "type": "VAR_STRING", "character_set": 255, "length": 80, "flags": 0, "decimals": 0}], "rows": [["ada, the first of all programmers"], ["bert, who came later and stayed for a very long time"], [null], [{"hex": "00ff"}]]}}]}}"#,
        "",
    ]);
    let text = recording.to_text().unwrap();
    for line in [
        r#""select name", "from people""#,
        "\n                  [\"ada, the first of all programmers\"],\n",
        "\n                  [{\"hex\": \"00ff\"}]\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn entries_can_be_read_as_plain_json() {
    let (_folder, path) = file(
        "rec.jsonl",
        &format!(
            "{OPEN}\n{{\"part\": \"a\", \"entry\": {{\"stmt\": \"x\", \"answers\": [{{\"ok\": {{}}}}]}}}}\n"
        ),
    );
    let recording: Recording<serde_json::Value> = read(&path).unwrap();
    let entry = &recording.parts[&PartName("a".to_owned())].expectations[0];
    assert_eq!(entry.to_string(), r#"{"stmt":"x","answers":[{"ok":{}}]}"#);
}

#[test]
fn a_file_is_replaced_as_a_whole_and_only_the_owner_reads_a_new_one() {
    let (folder, path) = file("before.json", "before");
    let new = folder.path().join("rec.json");
    for path in [&path, &new] {
        journal(&[""]).write(path).unwrap();
        let read: Recording = read(path).unwrap();
        assert_eq!(read, journal(&[""]));
    }
    assert_eq!(mode(&new), 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_that_is_written_again_keeps_its_permissions_and_links_lead_to_it() {
    let (folder, path) = file("rec.json", "before");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let within = folder.path().join("links");
    std::fs::create_dir(&within).unwrap();
    let link = within.join("link.json");
    symlink("../other.json", &link).unwrap();
    let other = folder.path().join("other.json");
    symlink("rec.json", &other).unwrap();
    journal(&[""]).write(&link).unwrap();
    for link in [&link, &other] {
        assert!(link.symlink_metadata().unwrap().is_symlink());
    }
    assert_eq!(mode(&path), 0o640);
    assert_eq!(read::<Entry>(&path).unwrap(), journal(&[""]));

    // A link may lead to a file that isn't there yet.
    std::fs::remove_file(&path).unwrap();
    journal(&[""]).write(&link).unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_pipe_is_written_to_and_stays() {
    let (folder, _path) = file("x", "");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let text = std::thread::scope(|scope| {
        let read = scope.spawn(|| std::fs::read_to_string(&pipe).unwrap());
        journal(&[""]).write(&pipe).unwrap();
        read.join().unwrap()
    });
    assert_eq!(text, journal(&[""]).to_text().unwrap());
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Null),
        any::<String>().prop_map(Cell::Text),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| Cell::Bytes(bytes.into())),
    ]
}

fn param() -> impl Strategy<Value = Param> {
    prop_oneof![
        Just(Param::Null),
        any::<i64>().prop_map(|number| Param::number(&number.to_string())),
        any::<u64>().prop_map(|number| Param::number(&number.to_string())),
        any::<f64>().prop_map(|number| Param::number(&number.to_string())),
        any::<String>().prop_map(Param::Text),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| Param::Bytes(bytes.into())),
        Just(Param::Keyword("default".to_owned())),
    ]
}

fn column() -> impl Strategy<Value = Column> {
    (
        any::<String>(),
        any::<[u16; 3]>(),
        any::<u32>(),
        any::<u8>(),
    )
        .prop_map(
            |(name, [character_set, flags, number], length, decimals)| Column {
                column_type: number.to_string(),
                orig_name: name.clone(),
                catalog: name.clone(),
                name,
                character_set,
                length,
                flags,
                decimals,
                ..Column::default()
            },
        )
}

fn completion() -> impl Strategy<Value = Completion> {
    (
        any::<[u64; 2]>(),
        any::<Option<u64>>(),
        any::<Option<u16>>(),
        any::<String>(),
    )
        .prop_map(
            |([affected_rows, last_insert_id], found_rows, status, message)| Completion {
                affected_rows,
                found_rows,
                last_insert_id,
                status,
                message,
                ..Completion::default()
            },
        )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let rows = (
        prop::collection::vec(column(), 1..3),
        prop::collection::vec(prop::collection::vec(cell(), 0..3), 0..3),
        completion(),
    );
    let result = rows.prop_map(|(columns, rows, end)| ResultSet { columns, rows, end });
    let failure = (any::<u32>(), any::<String>()).prop_map(|(code, message)| Failure {
        code,
        sql_state: "HY000".to_owned(),
        message,
    });
    let leaf = prop_oneof![
        completion().prop_map(Outcome::Ok),
        failure.prop_map(Outcome::Error),
        result.prop_map(Outcome::Result),
    ];
    leaf.prop_recursive(1, 4, 3, |inner| {
        prop::collection::vec(inner, 1..3).prop_map(Outcome::Results)
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    let answer = (outcome(), any::<Option<u64>>(), any::<Option<String>>()).prop_map(
        |(outcome, latency_us, incomplete)| Answer {
            outcome: Some(outcome),
            latency_us,
            incomplete,
        },
    );
    (
        any::<String>(),
        prop::option::of(prop::collection::vec(param(), 0..3)),
        prop::collection::vec(answer, 0..3),
        any::<bool>(),
        prop::option::of(column()),
    )
        .prop_map(|(stmt, params, answers, is_x, column)| Entry {
            stmt: Text(stmt),
            params,
            protocol: if is_x { Protocol::X } else { Protocol::Classic },
            prepared: column.map(|column| Prepared {
                params: 1,
                columns: vec![column],
            }),
            answers,
            ..Entry::default()
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read(entries in prop::collection::vec(entry(), 0..4), name: String) {
        let mut recording = journal(&[""]);
        let part = Part { recorded_at: recording.about.recorded_at, expectations: entries };
        recording.parts.insert(PartName(name), part);
        let text = recording.to_text().unwrap();
        let (folder, path) = file("rec.json", &text);
        prop_assert_eq!(&read::<Entry>(&path).unwrap(), &recording);
        // Piece by piece it is the same text.
        let written = folder.path().join("written.json");
        recording.write(&written).unwrap();
        prop_assert_eq!(std::fs::read_to_string(&written).unwrap(), text);
    }

    #[test]
    fn a_line_of_a_journal_is_read(entry in entry(), part: String) {
        let line = Line::Entry { part: PartName(part), entry: Box::new(entry) };
        let bytes = line.to_bytes().unwrap();
        prop_assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(serde_json::from_slice::<Line>(&bytes).unwrap(), line);
    }
}

/// The answers to the one preparation of `setup`, each as its key.
fn preparations(recording: &Recording) -> (bool, Vec<&'static str>) {
    let [entry] = &*recording.parts[&PartName::setup()].expectations else {
        panic!("{recording:?}")
    };
    let keys = entry
        .answers
        .iter()
        .map(|answer| answer.outcome.as_ref().unwrap().key());
    (entry.prepared.is_some(), keys.collect())
}

#[test]
fn errors_of_preparing_a_statement_keep_their_places_among_its_other_answers() {
    let line = |rest: &str| {
        format!(
            r#"{{"part": "setup", "entry": {{"stmt": "select a from t", "command": "prepare"{rest}}}}}"#
        )
    };
    let failed = line(r#", "answers": [{"error": {"code": 1146, "message": "no table"}}]"#);
    let prepared = line(r#", "prepared": {"params": 0}"#);
    let wider = line(r#", "prepared": {"params": 1}"#);
    let again = line("");
    for (lines, expected) in [
        (vec![&prepared, &again], (true, vec![])),
        (vec![&prepared, &prepared], (true, vec![])),
        (vec![&failed], (false, vec!["error"])),
        (
            vec![&failed, &prepared, &again],
            (false, vec!["error", "prepared"]),
        ),
        (
            vec![&prepared, &again, &failed, &prepared],
            (false, vec!["prepared", "prepared", "error", "prepared"]),
        ),
        (
            vec![&prepared, &wider],
            (false, vec!["prepared", "prepared"]),
        ),
    ] {
        let mut lines: Vec<&str> = lines.into_iter().map(String::as_str).collect();
        lines.push("");
        let recording = journal(&lines);
        assert_eq!(preparations(&recording), expected, "{lines:?}");
        // So does the file, and one with other rules.
        let rules = Rules::parse(["type:uuid"]).unwrap();
        assert_eq!(
            preparations(&recording.clone().with_rules(&rules)),
            expected
        );
        let bytes = serde_json::to_vec(&recording).unwrap();
        assert_eq!(
            preparations(&serde_json::from_slice(&bytes).unwrap()),
            expected
        );
    }
}

#[test]
fn a_part_that_only_failed_to_prepare_what_it_executes_gets_the_preparation_too() {
    let failed = r#"{"part": "two", "entry": {"stmt": "select ?", "command": "prepare", "answers": [{"error": {"code": 1, "message": ""}}]}}"#;
    let prepare = r#"{"part": "one", "entry": {"stmt": "select ?", "command": "prepare", "prepared": {"params": 1}}}"#;
    let run =
        r#"{"part": "two", "entry": {"stmt": "select ?", "params": [7], "answers": [{"ok": {}}]}}"#;
    let recording = journal(&[failed, prepare, run, ""]);
    assert_eq!(
        statements(&recording, "two"),
        ["prepare select ?", "select ?"]
    );
    let two = &recording.parts[&PartName("two".to_owned())];
    assert!(two.expectations[0].preparation().is_some());
    assert_eq!(two.expectations[0].answers.len(), 2);
}
