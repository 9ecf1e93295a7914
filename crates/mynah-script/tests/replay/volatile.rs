//! Values that differ from run to run.

use mynah_classic::value::{self, ValueType};
use mynah_classic::{Capabilities, ColumnType};
use mynah_recording::Rules;
use mynah_script::{Script, Session};
use mynah_session::{Handler, Param, Statement, StatementCommand};
use serde_json::{Value, json};

use super::common::Dir;
use super::{load_with, ok, said, with_session, with_session_of};

const RULES: [&str; 2] = ["type:uuid", "column:created_at"];

fn load(parts: &Value) -> (Dir, Script) {
    let (dir, script) = load_with(parts, |options| {
        options.replay.volatile = Rules::parse(RULES).unwrap();
    });
    assert_eq!(script.problem(), None);
    (dir, script)
}

fn uuid(number: u8) -> String {
    format!("6fa459ea-ee8a-4ca4-894e-db77e16035{number:02x}")
}

fn insert(number: u8, at: &str) -> Value {
    let stmt = format!(
        "insert into person (id, created_at, name) values ('{}', '{at}', 'ada')",
        uuid(number)
    );
    json!({"stmt": stmt, "answers": [ok(&format!("inserted {number}"))]})
}

fn find(number: u8, at: &str) -> Value {
    let column = |name: &str, kind: &str, decimals: u8| {
        json!({"name": name, "type": kind, "orig_name": name, "table": "person", "orig_table": "person",
            "character_set": 255, "length": 144, "flags": 0, "decimals": decimals})
    };
    let columns = [
        column("id", "STRING", 0),
        column("created_at", "DATETIME", 0),
        column("n", "LONG", 0),
    ];
    let row = json!([uuid(number).replace('-', ""), at, number.to_string()]);
    json!({"stmt": "select * from person where id = ?", "params": [uuid(number)],
        "answers": [{"result": {"columns": columns, "rows": [row], "status": 2}}]})
}

fn execution(text: &'static str, values: &[&str]) -> Statement {
    let text_type = ValueType::signed(ColumnType::VAR_STRING);
    let params = values.iter().map(|text| {
        let value = value::Value::Bytes(text.as_bytes());
        Param::new("", text_type, value).unwrap()
    });
    Statement {
        params: params.collect(),
        ..Statement::new(StatementCommand::Execute, text)
    }
}

fn query(session: &mut Session, text: String) -> String {
    said(&session.statement(&Statement::query(text)))
}

const INSERT: &str = "insert into person (id, created_at, name) values (?, ?, 'ada')";
const FIND: &str = "select * from person where id = ?";

#[test]
fn a_value_that_the_client_made_is_the_one_that_it_sends_now() {
    let (_dir, script) = load(&json!({"setup": [
        insert(1, "2026-11-29 20:00:01.25"),
        insert(2, "2026-11-29 20:00:02.5"),
        find(1, "2026-11-29 20:00:01"),
        find(2, "2026-11-29 20:00:03"),
    ]}));
    let other = "0D1E2F30-4152-4364-8576-8798A9BACBDC";
    let other_plain = "0d1e2f304152436485768798a9bacbdc";
    let third = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
    with_session(&script, |session| {
        let first = execution(INSERT, &[other, "2031-02-03 04:05:06.789"]);
        assert_eq!(said(&session.statement(&first)), "inserted 1");
        // The same again is the same statement.
        assert_eq!(said(&session.statement(&first)), "inserted 1");
        let second = format!(
            "insert into person (id, created_at, name) values ('{third}', '2031-02-03 04:05:07.125', 'ada')"
        );
        assert_eq!(query(session, second), "inserted 2");
        let found = said(&session.statement(&execution(FIND, &[third])));
        assert_eq!(
            found,
            "f47ac10b58cc4372a5670e02b2c3d479,2031-02-03 04:05:07,2"
        );
        let found = query(
            session,
            format!("select * from person where id = '{other_plain}'"),
        );
        assert_eq!(found, format!("{other_plain},2031-02-03 04:05:07,1"));
        // What was never inserted is no one's.
        let miss = query(
            session,
            format!("select * from person where id = '{}'", uuid(9)),
        );
        assert!(miss.starts_with("1105: "), "{miss}");
        let miss = query(
            session,
            format!("insert into person (id, created_at, name) values ('{other}', now(), 'bert')"),
        );
        assert!(miss.starts_with("1105: "), "{miss}");
    });
}

#[test]
fn a_value_that_rows_gave_is_itself_when_it_comes_back() {
    let (_dir, script) = load(&json!({"setup": [
        {"stmt": "select id from person", "answers": [find(1, "2026-11-29 20:00:01")["answers"][0], find(2, "2026-11-29 20:00:01")["answers"][0]]},
        find(1, "2026-11-29 20:00:01"),
        find(2, "2026-11-29 20:00:01"),
    ]}));
    with_session(&script, |session| {
        let mut ids: Vec<_> = [0; 2]
            .iter()
            .map(|_| query(session, "select id from person".to_owned()))
            .collect();
        ids.reverse();
        for (id, number) in ids.iter().zip(["2", "1"]) {
            let id = id.split(',').next().unwrap();
            let found = query(session, format!("select * from person where id = '{id}'"));
            assert!(
                found.starts_with(id) && found.ends_with(number),
                "{found} {id}"
            );
        }
    });
}

#[test]
fn what_was_sent_before_all_tests_is_known_in_each_and_a_part_begins_anew() {
    let (_dir, script) = load(&json!({
        "setup": [insert(1, "2026-11-29 20:00:01")],
        "t7": [find(1, "2026-11-29 20:00:01"), insert(2, "2026-11-29 20:00:02"), find(2, "2026-11-29 20:00:02")],
    }));
    let made = [
        "0d1e2f30-4152-4364-8576-8798a9bacbdc",
        "1d1e2f30-4152-4364-8576-8798a9bacbdc",
        "2d1e2f30-4152-4364-8576-8798a9bacbdc",
    ];
    with_session(&script, |session| {
        let first = execution(INSERT, &[made[0], "2031-02-03 04:05:06"]);
        assert_eq!(said(&session.statement(&first)), "inserted 1");
        for again in &made[1..] {
            script.tests().begin_part("t7").unwrap();
            let found = said(&session.statement(&execution(FIND, &[made[0]])));
            assert_eq!(
                found,
                format!("{},2031-02-03 04:05:06,1", made[0].replace('-', ""))
            );
            let insert = execution(INSERT, &[again, "2031-02-03 04:05:09"]);
            assert_eq!(said(&session.statement(&insert)), "inserted 2");
            let found = said(&session.statement(&execution(FIND, &[again])));
            assert_eq!(
                found,
                format!("{},2031-02-03 04:05:09,2", again.replace('-', ""))
            );
        }
    });
}

#[test]
fn the_times_of_the_server_can_be_moved_to_now() {
    let parts = json!({"setup": [find(1, "2026-11-29 20:31:01")]});
    let found = |shifts_time: bool| {
        let (_dir, script) = load_with(&parts, |options| {
            options.replay.volatile = Rules::parse(RULES).unwrap();
            options.replay.shifts_time = shifts_time;
        });
        with_session(&script, |session| {
            said(&session.statement(&execution(FIND, &[&uuid(1)])))
        })
    };
    let moment = |found: String| -> jiff::civil::DateTime {
        found.split(',').nth(1).unwrap().parse().unwrap()
    };
    // A moment without a fraction is that of its part.
    assert_eq!(moment(found(false)).to_string(), "2026-11-29T20:00:00");
    let now = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .datetime();
    let shifted = moment(found(true));
    let off = now.duration_since(shifted).as_secs().abs();
    assert!(off < 60, "{shifted} {now}");
}

#[test]
fn documents_of_the_x_protocol_have_volatile_values_in_their_text() {
    let recorded = r#"{"key": "6fa459ea-ee8a-4ca4-894e-db77e160355e", "at": "2026-11-29T20:00:01.250Z", "n": 1}"#;
    let sent = r#"{"key": "0d1e2f30-4152-4364-8576-8798a9bacbdc", "at": "2031-02-03T04:05:06.789Z", "n": 1}"#;
    let column = json!({"name": "doc", "type": "JSON", "character_set": 255, "length": 1000, "flags": 0, "decimals": 0});
    let stmt = |doc: &str| format!("insert into c (doc) values ('{doc}')");
    let parts = json!({"setup": [
        {"stmt": stmt(recorded), "protocol": "x", "answers": [ok("inserted")]},
        {"stmt": "select doc from c", "protocol": "x", "answers": [{"result": {"columns": [column], "rows": [[recorded]]}}]},
    ]});
    let (_dir, script) = load_with(&parts, |options| {
        options.replay.volatile = Rules::parse(["type:uuid", "type:timestamp"]).unwrap();
    });
    with_session_of(&script, Capabilities::empty(), |session| {
        assert_eq!(query(session, stmt(sent)), "inserted");
        assert_eq!(query(session, "select doc from c".to_owned()), sent);
    });
    assert_eq!(script.reports()[0].unexpected_count, 0);
}

#[test]
fn a_time_is_the_last_that_was_sent_for_its_column() {
    let at = "2026-11-29 20:00:01";
    let update = format!(
        "update person set created_at = '{at}' where id = '{}'",
        uuid(1)
    );
    let (_dir, script) = load(&json!({"setup": [
        insert(1, at), find(1, at), {"stmt": update, "answers": [ok("updated")]},
    ]}));
    with_session(&script, |session| {
        let insert = execution(INSERT, &[&uuid(7), "2031-02-03 04:05:06"]);
        assert_eq!(said(&session.statement(&insert)), "inserted 1");
        let found = |session: &mut Session| said(&session.statement(&execution(FIND, &[&uuid(7)])));
        assert!(found(session).contains("2031-02-03 04:05:06"));
        let update = format!(
            "update person set created_at = '2032-01-01 00:00:00' where id = '{}'",
            uuid(7)
        );
        assert_eq!(query(session, update), "updated");
        assert!(
            found(session).contains("2032-01-01 00:00:00"),
            "{}",
            found(session)
        );
    });
}

#[test]
fn of_statements_with_volatile_values_the_one_with_exactly_the_others_is_chosen() {
    let find = |id: u8, zip: &str| {
        let stmt = format!(
            "select * from person where id = '{}' and zip = {zip}",
            uuid(id)
        );
        json!({"stmt": stmt, "answers": [ok(&format!("zip {zip}"))]})
    };
    let (_dir, script) = load(&json!({"setup": [find(1, "7"), find(2, "'7'"), find(3, "'007'")]}));
    with_session(&script, |session| {
        for (id, zip) in [(11, "'007'"), (12, "'7'"), (13, "7")] {
            let stmt = format!(
                "select * from person where id = '{}' and zip = {zip}",
                uuid(id)
            );
            let reply = session.statement(&Statement::query(stmt));
            assert_eq!(said(&reply), format!("zip {zip}"));
        }
    });
}
