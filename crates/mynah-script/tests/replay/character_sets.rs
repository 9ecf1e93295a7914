//! Clients that have another character set than the recorded one.

use mynah_classic::tables::{Collation, Product};
use mynah_session::{CharacterSets, Handler, Outcome, Statement};
use serde_json::{Value, json};

use super::{load, with_session};

/// What a client with this collation gets for a statement: of the first column the collation, length, name and cell.
fn asked(parts: &Value, collation: &str, text: &'static [u8]) -> (u16, u32, Vec<u8>, Vec<u8>) {
    let (_dir, script) = load(parts);
    let collation = Collation::by_name(Product::MySql, collation).unwrap();
    with_session(&script, |session| {
        let mut statement = Statement::query(text);
        statement.state.character_sets = CharacterSets::all(collation.id);
        let reply = session.statement(&statement);
        let Outcome::Rows(result) = &reply.outcome else {
            panic!("{reply:?}")
        };
        let column = &result.columns[0];
        let row = result.rows.get(0).unwrap();
        let cell = row.cells().next().unwrap().unwrap().unwrap().to_vec();
        let name = column.names.name().to_vec();
        (column.character_set, column.column_length, name, cell)
    })
}

fn recorded(stmt: &str, character_set: u16, length: u32, name: &str, cell: &str) -> Value {
    let column = json!({"name": name, "type": "VAR_STRING", "character_set": character_set, "length": length, "flags": 0, "decimals": 0});
    let result = json!({"columns": [column], "rows": [[cell]], "status": 2});
    json!({"setup": [{"stmt": stmt, "answers": [{"result": result}]}]})
}

#[test]
fn a_client_gets_texts_in_the_character_set_of_its_results() {
    let parts = recorded("select 'café ☕' as crème", 255, 24, "crème", "café ☕");
    let stmt = "select 'café ☕' as crème".as_bytes();
    let own = ("crème".into(), "café ☕".into());
    for (collation, text, expected) in [
        ("utf8mb4_0900_ai_ci", stmt, (255, 24, own.0, own.1)),
        (
            "latin1_swedish_ci",
            // The character isn't in latin1: the statement can't have it, so it isn't the recorded one.
            b"select 'caf\xe9 ?' as cr\xe8me",
            (8, 6, b"cr\xe8me".to_vec(), b"caf\xe9 ?".to_vec()),
        ),
    ] {
        let parts = match collation.starts_with("latin1") {
            true => recorded("select 'café ?' as crème", 255, 24, "crème", "café ☕"),
            false => parts.clone(),
        };
        assert_eq!(asked(&parts, collation, text), expected, "{collation}");
    }
}

#[test]
fn a_recording_of_a_latin1_client_is_played_to_one_with_utf8() {
    let parts = recorded("select name from t where name = 'é'", 8, 20, "name", "é");
    let stmt = "select name from t where name = 'é'".as_bytes();
    let expected = (46, 80, b"name".to_vec(), "é".as_bytes().to_vec());
    assert_eq!(asked(&parts, "utf8mb4_bin", stmt), expected);
    let expected = (8, 20, b"name".to_vec(), b"\xe9".to_vec());
    let stmt = b"select name from t where name = '\xe9'";
    assert_eq!(asked(&parts, "latin1_swedish_ci", stmt), expected);
}
