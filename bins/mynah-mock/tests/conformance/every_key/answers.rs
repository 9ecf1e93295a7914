//! The keys of entries: `ok`, `error`, `result` and their members.

use super::{
    Case, Key, NO_OBJECT, Value, any_as_string, assert_as_wanted, ignored, millis, missing,
    not_a_string, string, unsigned,
};
use crate::harness::{
    Answer, Column, Done, End, Rows, answers, err, failed, json, lenenc, ok, same_answers,
};

type Keys = Vec<Key<Answer>>;

fn entry_keys() -> Keys {
    let done = || Answer::from(ok());
    let ignored = |name| ignored(name, r#"{$, "ok": {}}"#, done);
    let no_outcome = "expected 'error', 'ok' or 'result'";
    let outcome = move |name, inside: fn() -> Result<Answer, String>| {
        Key::new(name, "{$}", move |value| match value {
            Value::Absent | Value::Undefined => Err(no_outcome.to_owned()),
            value if value.is_object() => inside(),
            _ => Err(NO_OBJECT.to_owned()),
        })
    };
    vec![
        ignored("stmt"),
        ignored("stmt_regex"),
        ignored("stmt.regex"),
        millis(
            "exec_time",
            r#"{$, "ok": {}}"#,
            "exec_time must be a number, if set, got",
            done,
        ),
        outcome("ok", || Ok(ok().into())),
        outcome("error", || Err(missing("code"))),
        outcome("result", || Err(NO_OBJECT.to_owned())),
    ]
}

/// The keys that an OK and the end of rows share.
fn completion_keys(at: &'static str, answer: fn(Done) -> Answer) -> Keys {
    let number = |name, make: fn(u32) -> Done| {
        unsigned(name, at, Some(0), move |number| answer(make(number)))
    };
    vec![
        number("affected_rows", |number| Done {
            affected_rows: number.into(),
            ..ok()
        }),
        number("last_insert_id", |number| Done {
            last_insert_id: number.into(),
            ..ok()
        }),
        number("status", |number| Done {
            status: short(number),
            ..ok()
        }),
        number("warning_count", |number| Done {
            warnings: short(number),
            ..ok()
        }),
        // In JSON it is the number of warnings; in a script, a list of them.
        ignored("warnings", at, move || answer(ok())).in_json(move |value| match value {
            Value::Number => Ok(answer(Done {
                warnings: 7,
                ..ok()
            })),
            Value::Absent | Value::Array => Ok(answer(ok())),
            _ => Err("wrong type for field \"warnings\", expected unsigned number".to_owned()),
        }),
        Key::new("session_trackers", at, move |value| {
            match !value.is_set() || value.is_array() {
                true => Ok(answer(ok())),
                false => Err("expected .session_tracker to be an array".to_owned()),
            }
        }),
    ]
}

fn ok_keys() -> Keys {
    let mut keys = completion_keys(r#"{"ok": {$}}"#, Answer::from);
    keys.push(string("message", r#"{"ok": {$}}"#, Some(""), |text| {
        let message = text.to_owned();
        Done { message, ..ok() }.into()
    }));
    keys
}

fn error_keys() -> Keys {
    let state = |name, at| {
        Key::new(name, at, |value| match value {
            Value::Absent | Value::Undefined => Ok(err(1, "HY000", "m").into()),
            Value::Empty | Value::Text => Err(format!(
                "sql_state must be 5 characters, is {}",
                value.text().len()
            )),
            _ => Err(not_a_string("sql_state")),
        })
    };
    vec![
        unsigned("code", r#"{"error": {$, "message": "m"}}"#, None, |code| {
            err(short(code), "HY000", "m").into()
        }),
        string("message", r#"{"error": {$, "code": 1}}"#, None, |text| {
            err(1, "HY000", text).into()
        }),
        state("sql_state", r#"{"error": {$, "code": 1, "message": "m"}}"#),
    ]
}

fn result_keys() -> Keys {
    let mut keys = completion_keys(
        r#"{"result": {$, "columns": [{"name": "a", "type": "LONG"}]}}"#,
        |done| {
            Answer::from(Rows {
                end: End::Ok(done),
                ..one_column(column())
            })
        },
    );
    keys.extend([
        Key::new("columns", r#"{"result": {$}}"#, |_| {
            Err(NO_OBJECT.to_owned())
        })
        .except(&[Value::Array, Value::Hole]),
        Key::new(
            "",
            r#"{"result": {"columns": [$, {"name": "a", "type": "LONG"}]}}"#,
            |value| match value {
                Value::Absent | Value::Hole => Ok(one_column(column()).into()),
                value if value.is_object() => Err(missing("type")),
                _ => Err(NO_OBJECT.to_owned()),
            },
        ),
        Key::new(
            "rows",
            r#"{"result": {$, "columns": [{"name": "a", "type": "LONG"}]}}"#,
            |value| match !value.is_set() || value.is_array() {
                true => Ok(one_column(column()).into()),
                false => Err(format!(
                    "rows: expected array or undefined, get {}",
                    value.kind()
                )),
            },
        ),
        Key::new(
            "",
            r#"{"result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [$, ["y"]]}}"#,
            |value| match value {
                Value::Absent | Value::Hole => Ok(with_rows(vec![vec![some("y")]])),
                Value::Array => Ok(with_rows(vec![vec![], vec![some("y")]])),
                _ => Err(format!("row: expected array, get {}", value.kind())),
            },
        ),
        Key::new(
            "",
            r#"{"result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [[$, "y"]]}}"#,
            |value| {
                Ok(with_rows(vec![match value {
                    Value::Absent | Value::Hole => vec![some("y")],
                    Value::Undefined | Value::Null => vec![None, some("y")],
                    value => vec![some(value.text()), some("y")],
                }]))
            },
        ),
    ]);
    keys
}

fn column_keys() -> Keys {
    const AT: &str = r#"{"result": {"columns": [{$, "name": "a", "type": "LONG"}]}}"#;
    let text = |name, default, make: fn(String) -> Column| {
        string(name, AT, Some(default), move |text| {
            one_column(make(text.to_owned())).into()
        })
    };
    let number = |name, make: fn(u32) -> Column| {
        unsigned(name, AT, Some(0), move |number| {
            one_column(make(number)).into()
        })
    };
    let charset = |default| {
        unsigned("character_set", AT, Some(default), |number| {
            one_column(Column {
                character_set: short(number),
                ..column()
            })
            .into()
        })
    };
    vec![
        Key::new(
            "type",
            r#"{"result": {"columns": [{$, "name": "a"}]}}"#,
            |value| match value {
                Value::Absent | Value::Undefined => Err(missing("type")),
                Value::Number => Ok(one_column(Column {
                    kind: 7,
                    ..column()
                })
                .into()),
                Value::Empty | Value::Text => Err(format!("Unknown type: {:?}", value.text())),
                _ => Err(not_a_string("type")),
            },
        ),
        string(
            "name",
            r#"{"result": {"columns": [{$, "type": "LONG"}]}}"#,
            None,
            |text| {
                let name = text.to_owned();
                one_column(Column { name, ..column() }).into()
            },
        ),
        text("catalog", "def", |catalog| Column {
            catalog,
            ..column()
        }),
        text("schema", "", |schema| Column { schema, ..column() }),
        text("table", "", |table| Column { table, ..column() }),
        text("orig_table", "", |orig_table| Column {
            orig_table,
            ..column()
        }),
        text("orig_name", "", |orig_name| Column {
            orig_name,
            ..column()
        }),
        charset(255).in_json(charset(63).rule),
        number("length", |length| Column { length, ..column() }),
        number("flags", |flags| Column {
            flags: short(flags),
            ..column()
        }),
        number("decimals", |decimals| Column {
            decimals: decimals.try_into().unwrap(),
            ..column()
        }),
        ignored("comment", AT, || one_column(column()).into()),
        Key::new("repeat", AT, |value| match value {
            Value::Absent => Ok(one_column(column()).into()),
            _ => Err("repeat is not supported".to_owned()),
        })
        .in_json(unsigned("repeat", AT, Some(1), |_| one_column(column()).into()).rule),
    ]
}

fn tracker_keys() -> Keys {
    fn changed(kind: u8, change: &[u8]) -> Answer {
        let trackers = [&[kind][..], &lenenc(change)].concat();
        let status = 0x4000;
        Done {
            status,
            trackers,
            ..ok()
        }
        .into()
    }
    let unknown = |text| format!("unknown session_tracket.type = {text}");
    let sized = |at, size: usize, kind| {
        any_as_string("state", at, move |text| match text.len() {
            found if found == size && kind == 2 => Ok(changed(kind, text.as_bytes())),
            found if found == size => Ok(changed(kind, &lenenc(text.as_bytes()))),
            found => Err(format!(
                "session_tracket.state must be size=={size}, is {found}"
            )),
        })
    };
    vec![
        Key::new(
            "",
            r#"{"ok": {"session_trackers": [$, {"type": "schema"}]}}"#,
            move |value| match value {
                Value::Absent | Value::Hole => Ok(changed(1, &lenenc(b""))),
                value if value.is_object() => Err(unknown("")),
                _ => Err(NO_OBJECT.to_owned()),
            },
        ),
        any_as_string(
            "type",
            r#"{"ok": {"session_trackers": [{$}]}}"#,
            move |text| Err(unknown(text)),
        ),
        any_as_string(
            "name",
            r#"{"ok": {"session_trackers": [{$, "type": "system_variable", "value": "v"}]}}"#,
            |text| {
                Ok(changed(
                    0,
                    &[lenenc(text.as_bytes()), lenenc(b"v")].concat(),
                ))
            },
        ),
        any_as_string(
            "value",
            r#"{"ok": {"session_trackers": [{$, "type": "system_variable", "name": "n"}]}}"#,
            |text| {
                Ok(changed(
                    0,
                    &[lenenc(b"n"), lenenc(text.as_bytes())].concat(),
                ))
            },
        ),
        any_as_string(
            "schema",
            r#"{"ok": {"session_trackers": [{$, "type": "schema"}]}}"#,
            |text| Ok(changed(1, &lenenc(text.as_bytes()))),
        ),
        sized(
            r#"{"ok": {"session_trackers": [{$, "type": "state"}]}}"#,
            1,
            2,
        ),
        any_as_string(
            "gtid",
            r#"{"ok": {"session_trackers": [{$, "type": "gtid"}]}}"#,
            |text| Ok(changed(3, &[vec![0], lenenc(text.as_bytes())].concat())),
        ),
        any_as_string(
            "trx_stmt",
            r#"{"ok": {"session_trackers": [{$, "type": "trx_characteristics"}]}}"#,
            |text| Ok(changed(4, &lenenc(text.as_bytes()))),
        ),
        sized(
            r#"{"ok": {"session_trackers": [{$, "type": "trx_state"}]}}"#,
            8,
            5,
        ),
    ]
}

fn column() -> Column {
    Column {
        name: "a".to_owned(),
        kind: 3,
        ..Column::default()
    }
}

fn one_column(column: Column) -> Rows {
    Rows {
        columns: vec![column],
        ..Rows::default()
    }
}

fn with_rows(rows: Vec<Vec<Option<String>>>) -> Answer {
    Rows {
        rows,
        ..one_column(column())
    }
    .into()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn short(number: u32) -> u16 {
    number.try_into().unwrap()
}

fn all() -> Keys {
    let keys = [
        entry_keys(),
        ok_keys(),
        error_keys(),
        result_keys(),
        column_keys(),
        tracker_keys(),
    ];
    keys.into_iter().flatten().collect()
}

#[test]
fn every_key_of_an_entry_is_read_by_its_rule_in_a_script() {
    let cases: Vec<_> = all().iter().flat_map(Key::cases_in_js).collect();
    let sources: Vec<&str> = cases.iter().map(|(source, _)| &source[..]).collect();
    assert_as_wanted(same_answers(&sources), wanted(cases));
}

#[test]
fn every_key_of_an_entry_is_read_by_its_rule_in_json() {
    let cases: Vec<_> = all().iter().flat_map(Key::cases_in_json).collect();
    let sources: Vec<&str> = cases.iter().map(|(source, _)| &source[..]).collect();
    let trace = json(&format!("{{\"stmts\": [{}]}}", sources.join(",\n")));
    let found = answers(&trace, &vec!["x"; sources.len()]);
    let mut wanted = wanted(cases);
    for (_, want) in &mut wanted {
        if let Answer::Rows(rows) = want {
            let columns = rows.columns.iter_mut();
            columns
                .filter(|column| column.character_set == 255)
                .for_each(|column| column.character_set = 63);
        }
    }
    assert_as_wanted(found, wanted);
}

fn wanted(cases: Vec<Case<Answer>>) -> Vec<(String, Answer)> {
    let mut session = 0;
    let cases = cases.into_iter();
    cases
        .map(|(source, want)| {
            let mut want = want.unwrap_or_else(|reason| failed(&reason).into());
            match &mut want {
                Answer::Ok(done) => with_session_flags(done, &mut session),
                Answer::Rows(rows) => {
                    if let End::Ok(done) = &mut rows.end {
                        with_session_flags(done, &mut session);
                    }
                }
                Answer::Error(_) | Answer::Closed => {}
            }
            (source, want)
        })
        .collect()
}

/// An answer without a status has the session's, which keeps the lasting flags of the previous one.
fn with_session_flags(done: &mut Done, session: &mut u16) {
    const STATE_CHANGED: u16 = 0x4000;
    const LASTING: u16 = 0x1 | 0x2 | 0x200 | 0x2000 | 0x8000;
    match done.status & !STATE_CHANGED {
        0 => done.status |= *session,
        said => *session = said & LASTING,
    }
}
