//! Values of which only pseudonyms are recorded.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use mynah_recording::{Entry, Pseudonyms, Rules};
use serde_json::{Value, json};

/// An entry as it is recorded with these rules.
fn recorded(rules: &[&str], entry: Value) -> Value {
    let rules = Rules::parse(rules).unwrap();
    let mut pseudonyms = Pseudonyms::new(rules, Some(b"0123456789abcdef")).unwrap();
    let mut entry: Entry = serde_json::from_value(entry).unwrap();
    pseudonyms.record(&mut entry);
    serde_json::to_value(entry).unwrap()
}

fn column(name: &str, orig_name: &str) -> Value {
    json!({"name": name, "type": "VAR_STRING", "orig_name": orig_name, "character_set": 255, "length": 80, "flags": 0, "decimals": 0})
}

#[test]
fn names_of_computed_columns_and_messages_have_no_value_of_the_statement() {
    let columns = [
        column("email = 'ada@example.com'", ""),
        column("ada@example.com", ""),
        column("pin between 4711 and 9", ""),
        column("email", "email"),
    ];
    let entry = recorded(
        &["column:email", "column:pin"],
        json!({
            "stmt": "select email = 'ada@example.com', 'ada@example.com', pin between 4711 and 9, email from t",
            "prepared": {"params": 0, "columns": columns},
            "answers": [
                {"result": {"columns": columns, "message": "of ada@example.com",
                    "warnings": [{"level": "WARNING", "code": 1062, "message": "Duplicate entry 'ada@example.com-4711' for key"}]}},
                {"error": {"code": 1064, "message": "You have an error near ''ada@exam' at line 1"}},
            ],
        }),
    );
    let text = entry.to_string();
    for secret in ["ada@", "4711"] {
        assert!(!text.contains(secret), "{secret}: {entry:#}");
    }
    assert_eq!(entry["answers"][0]["result"]["columns"][3], columns[3]);
}

#[test]
fn names_of_files_and_ids_of_documents_are_values() {
    let load = "load data local infile '/home/ada/people.csv' into table t";
    let entry = recorded(
        &["literal:/home/[a-z]+"],
        json!({"stmt": load, "answers": [{"local_infile": {"filename": "/home/ada/people.csv", "size": 1, "sha256": "00", "answer": {"ok": {}}}}]}),
    );
    let file = entry["answers"][0]["local_infile"]["filename"]
        .as_str()
        .unwrap();
    assert!(!file.contains("ada"), "{entry:#}");
    assert_eq!(entry["stmt"], load.replace("/home/ada/people.csv", file));

    let entry = recorded(
        &["column:_id"],
        json!({"stmt": "insert into t values (1)", "protocol": "x", "answers": [{"ok": {"generated_ids": ["0000665f1a2b0000000000000001"]}}]}),
    );
    let id = &entry["answers"][0]["ok"]["generated_ids"][0];
    assert_ne!(id, "0000665f1a2b0000000000000001");
}
