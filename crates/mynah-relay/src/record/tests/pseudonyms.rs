//! Values of which only pseudonyms are recorded.

use mynah_recording::{Param, Pseudonyms, Rules};

use super::*;

#[test]
fn the_value_of_a_pseudonym_is_neither_in_the_file_nor_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    let rules = Rules::parse(["column:email"]).unwrap();
    let recorder = Recorder::start(RecordOptions {
        path: path.clone(),
        pseudonyms: Some(Pseudonyms::new(rules, Some(b"0123456789abcdef")).unwrap()),
        ..RecordOptions::default()
    })
    .unwrap();
    let email = "ada@example.com";
    let entry = |stmt: String, param: Option<&str>| Entry {
        stmt: stmt.as_str().into(),
        params: param.map(|text| vec![Param::Text(text.to_owned())]),
        answers: vec![Answer {
            incomplete: Some("cut off".to_owned()),
            ..Answer::default()
        }],
        ..Entry::default()
    };
    recorder.record(None, entry(format!("update t set email = '{email}'"), None));
    recorder.record(
        None,
        entry("select id from t where email = ?".to_owned(), Some(email)),
    );
    recorder.record(None, entry(format!("call greet('{email}')"), None));
    let journal = std::fs::read_to_string(folder.path().join("rec.jsonl")).unwrap();
    recorder.finish().unwrap();
    let file = std::fs::read_to_string(&path).unwrap();
    assert!(!journal.contains(email) && !file.contains(email), "{file}");
    let recording: Recording = mynah_recording::read(&path).unwrap();
    let entries = &recording.parts[&PartName::setup()].expectations;
    let Some([Param::Text(pseudonym)]) = entries[1].params.as_deref() else {
        panic!("{file}")
    };
    assert_eq!(pseudonym.len(), email.len());
    assert!(
        pseudonym.contains('@') && pseudonym.contains('.'),
        "{pseudonym}"
    );
    assert_eq!(
        entries[0].stmt.as_str(),
        format!("update t set email = '{pseudonym}'")
    );
    assert_eq!(
        entries[2].stmt.as_str(),
        format!("call greet('{pseudonym}')")
    );
}
