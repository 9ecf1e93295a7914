//! Recordings with pseudonyms.

use std::sync::Arc;

use mynah_recording::{Entry, Pseudonyms, Rules};
use mynah_script::{Globals, Script, ScriptOptions};
use mynah_session::{Handler, Outcome, Statement};
use serde_json::{Value, json};

use super::common::Dir;
use super::{ok, said, with_session};

const KEY: &[u8] = b"0123456789abcdef";
const AT: &str = "2026-11-29T20:00:00Z";

/// A recording of these entries with pseudonyms for values of the column `email` and home folders, and a rule for UUIDs.
fn write(dir: &Dir, entries: Value) -> std::path::PathBuf {
    let rules = Rules::parse(["column:email", "literal:/home/[a-z]+"]).unwrap();
    let mut pseudonyms = Pseudonyms::new(rules, Some(KEY)).unwrap();
    let mut entries: Vec<Entry> = serde_json::from_value(entries).unwrap();
    entries
        .iter_mut()
        .for_each(|entry| pseudonyms.record(entry));
    let about = json!({"version": 1, "digest": 1, "made_by": "a test", "recorded_at": AT,
        "volatile": ["type:uuid"], "pseudonyms": pseudonyms.about()});
    let recording = json!({"recording": about, "parts": {"setup": {"recorded_at": AT, "expectations": entries}}});
    assert!(!recording.to_string().contains("ada@example.com"));
    dir.write("rec.json", &recording.to_string())
}

fn load(path: &std::path::Path, key: Option<&[u8]>) -> Script {
    let mut options = ScriptOptions::default();
    options.replay.redact_key = key.map(<[u8]>::to_vec);
    options.tests.journal_limit = 100;
    Script::load(path, options, Arc::new(Globals::new())).unwrap()
}

#[test]
fn a_client_sends_the_value_or_its_pseudonym_and_gets_pseudonyms() {
    let column = json!({"name": "email", "type": "VAR_STRING", "orig_name": "email", "character_set": 255, "length": 80,
        "flags": 0, "decimals": 0});
    let dir = Dir::new();
    let path = write(
        &dir,
        json!([
            {"stmt": "insert into t (id, email) values ('00000000-0000-4000-8000-000000000002', 'ada@example.com')", "answers": [ok("inserted")]},
            {"stmt": "select email from t where id = 1", "answers": [{"result": {"columns": [column], "rows": [["ada@example.com"]], "status": 2}}]},
            {"stmt": "select 1 from t where email = ?", "params": ["ada@example.com"], "answers": [ok("found")]},
            {"stmt": "call greet('ada@example.com')", "answers": [ok("hello")]},
        ]),
    );
    let script = load(&path, Some(KEY));
    assert_eq!(script.problem(), None);
    with_session(&script, |session| {
        let mut ask = |text: String| said(&session.statement(&Statement::query(text)));
        let insert = "insert into t (id, email) values ('f47ac10b-58cc-4372-a567-0e02b2c3d479', 'ada@example.com')";
        assert_eq!(ask(insert.to_owned()), "inserted");
        let pseudonym = ask("select email from t where id = 1".to_owned());
        assert_eq!(pseudonym.len(), "ada@example.com".len());
        for email in ["ada@example.com", &pseudonym] {
            assert_eq!(
                ask(format!("select 1 from t where email = '{email}'")),
                "found"
            );
            assert_eq!(ask(format!("call greet('{email}')")), "hello");
        }
        let other = ask("select 1 from t where email = 'bob@example.com'".to_owned());
        assert!(other.starts_with("1105: "), "{other}");
    });
}

#[test]
fn a_client_is_asked_for_the_file_that_it_names_itself() {
    let dir = Dir::new();
    let load_data = |file: &str| format!("load data local infile '{file}' into table t");
    let file =
        json!({"filename": "/home/ada/a.csv", "size": 3, "sha256": "00", "answer": ok("loaded")});
    let entry = json!({"stmt": load_data("/home/ada/a.csv"), "answers": [{"local_infile": file}]});
    let path = write(&dir, json!([entry]));
    let script = load(&path, Some(KEY));
    with_session(&script, |session| {
        let load_data = load_data("/home/ada/a.csv");
        let reply = session.statement(&Statement::query(load_data));
        let Outcome::LocalInfile(asked) = &reply.outcome else {
            panic!("{reply:?}")
        };
        assert_eq!(&asked.filename[..], b"/home/ada/a.csv");
    });
}

#[test]
fn without_the_key_that_it_was_made_with_a_recording_is_not_played() {
    let dir = Dir::new();
    let path = write(&dir, json!([]));
    for (key, said) in [
        (
            None,
            "rec.json: its values are pseudonyms, which were made with a key",
        ),
        (
            Some(&b"0123456789abcdeg"[..]),
            "rec.json: the key isn't the one",
        ),
    ] {
        let script = load(&path, key);
        let problem = script.problem().unwrap();
        assert!(
            problem.contains(said) && problem.ends_with("see --redact-key"),
            "{problem}"
        );
    }
}
