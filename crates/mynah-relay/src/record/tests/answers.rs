//! Answers of real servers.

use mynah_recording::{Cell, Failure, Param, Prepared, Protocol};

use super::*;
use crate::RecordError;

fn texts(rows: &ResultSet) -> Vec<Vec<&str>> {
    let text = |cell| match cell {
        &Cell::Null => "NULL",
        Cell::Text(text) => text.as_str(),
        Cell::Bytes(_) => "bytes",
    };
    let rows = rows.rows.iter();
    rows.map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn all_connections_of_real_servers_are_recorded_and_read_again() {
    for (kind, most) in [("classic", 500), ("x", 100)] {
        let making = Making::start();
        let mut lost = Vec::new();
        for (path, _) in mynah_testkit::fixtures(kind).unwrap() {
            let file = path.strip_prefix(fixtures_folder(kind)).unwrap();
            let file = file.with_extension("");
            let before = making.recorder.status().lost_connections;
            making.fixture(&format!("{kind}/{}", file.display()));
            if making.recorder.status().lost_connections > before {
                lost.push(file.display().to_string());
            }
        }
        // Packets that were damaged on purpose.
        assert!(
            lost.iter().all(|file| file.contains("behind-compression")),
            "{lost:?}"
        );
        let status = making.recorder.status();
        assert_eq!(status.failures, 0);
        assert!(status.entries > most, "{kind}: {status:?}");
        let recording = match making.recorder.finish() {
            Ok(()) => making.finish(),
            Err(RecordError::Lost { lines: 0, .. }) => {
                mynah_recording::read(&making.path("rec.json")).unwrap()
            }
            Err(error) => panic!("{error}"),
        };
        assert!(recording.server.is_some());
    }
}

#[test]
fn rows_that_are_fetched_in_parts_are_one_result() {
    for path in [
        "classic/mysql-9.7/statement-cursor",
        "classic/mysql-9.7/statement-cursor-reset",
        "classic/mariadb-11.8/statement-cursor",
    ] {
        let entries = recorded(path);
        let fetched = statements(entries);
        let answer = &fetched[0].answers[0];
        assert_eq!(answer.incomplete, None, "{path}");
        assert_eq!(
            texts(rows(answer)),
            [["1"], ["2"], ["3"], ["4"], ["5"]],
            "{path}"
        );
    }
    let entries = recorded("x/mysql-9.7/cursors");
    let entry = only(&entries, "SELECT ? UNION");
    assert_eq!(texts(rows(&entry.answers[0])), [["1"], ["2"], ["3"]]);
    assert_eq!(entry.answers[0].incomplete, None);
    let why = "the client closed the cursor before its last row";
    assert_eq!(entry.answers[1].incomplete.as_deref(), Some(why));
}

#[test]
fn a_value_that_was_sent_in_pieces_is_a_parameter_as_others() {
    let entries = statements(recorded("classic/mysql-9.7/statement-long-data"));
    let text = |text: &str| Param::Text(text.to_owned());
    let params = [
        Param::number("7"),
        text("first piece, second piece"),
        text("third"),
    ];
    assert_eq!(entries[0].params.as_deref(), Some(&params[..]));
    assert_eq!(entries[0].param_types, ["LONG", "BLOB", "STRING"]);
}

#[test]
fn each_row_of_a_bulk_execution_is_a_list_of_parameters() {
    let entries = statements(recorded("classic/mariadb-11.8/bulk-execute"));
    let json = serde_json::to_value(&entries[0].param_rows).unwrap();
    let rows = r#"[[1,"one"],[2,null],[3,{"keyword":"default"}],[4,{"keyword":"ignore"}]]"#;
    assert_eq!(json.to_string(), rows);
    assert_eq!(entries[0].command.as_deref(), Some(Entry::BULK_EXECUTE));
}

#[test]
fn results_and_out_parameters_of_a_procedure_come_in_order() {
    let entries = statements(recorded("classic/mysql-9.7/statement-call"));
    let Some(Outcome::Results(results)) = &entries[0].answers[0].outcome else {
        panic!("{entries:?}");
    };
    let keys: Vec<_> = results.iter().map(Outcome::key).collect();
    assert_eq!(keys, ["result", "result", "out_parameters", "ok"]);
}

#[test]
fn an_error_behind_rows_is_not_a_short_result() {
    let entries = recorded("classic/mysql-9.7/text-error-after-rows");
    let answer = &entries[0].answers[0];
    assert_eq!(
        answer.incomplete.as_deref(),
        Some("error 1242 came after 1 rows")
    );
    assert!(matches!(answer.outcome, Some(Outcome::Error(_))));
}

#[test]
fn an_error_before_the_first_row_is_the_whole_answer() {
    for (code, incomplete) in [
        (1062_u16, None),
        (1317, Some("error 1317 came after 0 rows")),
    ] {
        let file = fixtures_folder("classic").join("mysql-9.7/text-error-after-rows.hex");
        let lines = Fixture::read(file).unwrap().lines;
        let error = lines
            .iter()
            .position(|line| line.payload.starts_with(b"\xff"));
        let error = error.unwrap();
        let making = Making::start();
        let wires: Vec<_> = lines.iter().map(|line| line.wire().to_vec()).collect();
        let sent = lines.iter().zip(wires).enumerate();
        // Without the row before the error.
        let sent = sent.filter(|(at, _)| at + 1 != error);
        let sent = sent.map(|(at, (line, mut wire))| {
            if at == error {
                wire[3] -= 1;
                wire[5..7].copy_from_slice(&code.to_le_bytes());
            }
            let direction = match line.direction {
                mynah_testkit::Direction::Client => observe::Direction::Client,
                mynah_testkit::Direction::Server => observe::Direction::Server,
            };
            (direction, wire)
        });
        let sent: Vec<_> = sent.collect();
        making.connection(false, sent.iter().map(|(side, wire)| (*side, &wire[..])));
        let recording = making.finish();
        let answer = &recording.parts[&PartName::setup()].expectations[0].answers[0];
        assert_eq!(answer.incomplete.as_deref(), incomplete);
        assert!(
            matches!(answer.outcome, Some(Outcome::Error(_))),
            "{answer:?}"
        );
    }
}

#[test]
fn a_file_of_the_client_is_told_by_name_size_and_hash() {
    let entries = recorded("classic/mysql-9.7/local-infile");
    let asked: Vec<_> = entries
        .iter()
        .filter_map(|entry| match entry.answers[0].outcome.as_ref()? {
            Outcome::LocalInfile(file) => {
                Some((&*file.filename, file.size, file.answer.outcome.clone()))
            }
            _ => None,
        })
        .collect();
    let [("rows.csv", size, Some(Outcome::Ok(ok)))] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert!(*size > 0 && ok.affected_rows > 0, "{asked:?}");
}

#[test]
fn columns_of_a_table_are_a_result_without_rows() {
    let entries = recorded("classic/mysql-9.7/field-list");
    let entry = only(&entries, "listed");
    assert_eq!(entry.command.as_deref(), Some("field_list"));
    let names = rows(&entry.answers[0])
        .columns
        .iter()
        .map(|column| &*column.name);
    assert_eq!(names.collect::<Vec<_>>(), ["a", "ab", "b", "c"]);
    assert_eq!(entry.answers[0].incomplete, None);
}

#[test]
fn rows_whose_columns_were_not_sent_are_not_whole() {
    let entries = statements(recorded("classic/mysql-9.7/binary-without-metadata"));
    let entry = only(&entries, "'two'");
    let why = entry.answers[0].incomplete.as_deref();
    assert_eq!(why, Some("its columns were not sent"));
    assert_eq!(texts(rows(&entry.answers[1])), [["1", "two"]]);
}

#[test]
fn query_attributes_are_told_and_what_prepare_said_is_an_entry_of_its_own() {
    let entries = recorded("classic/mysql-9.7/query-attributes");
    let prepared: Vec<_> = entries
        .iter()
        .filter(|entry| entry.command.as_deref() == Some(Entry::PREPARE))
        .collect();
    assert!(
        prepared
            .iter()
            .all(|entry| entry.prepared.is_some() && entry.answers.is_empty())
    );
    let attributes = serde_json::to_value(&entries[0].attributes).unwrap();
    let told = r#"{"big":18446744073709551615,"nothing":null,"number":-7,"text":"value"}"#;
    assert_eq!(attributes.to_string(), told);
}

#[test]
fn what_is_not_sql_is_recorded_as_the_sql_that_asks_the_same() {
    let entries = recorded("x/mysql-9.7/documents");
    let commands = count(entries.iter().filter_map(|entry| entry.command.as_deref()));
    for command in ["find", "insert", "update", "delete"] {
        assert!(commands.contains_key(command), "{commands:?}");
    }
    assert!(entries.iter().all(|entry| entry.protocol == Protocol::X));
    assert!(
        entries
            .iter()
            .any(|entry| entry.stmt.as_str().starts_with("SELECT doc FROM `"))
    );
}

#[test]
fn notices_of_a_statement_are_part_of_its_answer() {
    let entries = recorded("x/mysql-9.7/results");
    let entry = only(&entries, "SELECT ?, ?, ?, ?, ?");
    let end = &rows(&entry.answers[0]).end;
    assert_eq!((end.warning_count, end.warnings[0].code), (1, 1300));
}

#[test]
fn commands_about_the_session_are_recorded_if_they_failed() {
    for path in [
        "ping",
        "reset-connection",
        "init-db",
        "change-user",
        "statistics",
    ] {
        let entries = recorded(&format!("classic/mysql-9.7/{path}"));
        let ok = |entry: &Entry| !matches!(entry.answers[0].outcome, Some(Outcome::Error(_)));
        let commands = entries
            .iter()
            .filter(|entry| entry.command.is_some() && ok(entry));
        assert_eq!(commands.count(), 0, "{path}: {entries:#?}");
    }
    let entries = recorded("classic/mysql-9.7/change-user-refused");
    let refused = entries
        .iter()
        .find(|entry| entry.command.as_deref() == Some("change_user"));
    assert!(refused.is_some(), "{entries:#?}");
}

#[test]
fn an_answer_that_was_cut_off_is_not_whole() {
    let making = Making::start();
    let fixture = Fixture::read(fixtures_folder("classic").join("mysql-9.7/text-many-rows.hex"));
    let fixture = fixture.unwrap();
    let lines: Vec<_> = fixture
        .lines
        .iter()
        .map(|line| (line.direction, line.wire()))
        .collect();
    let most = lines.iter().take(lines.len() - 3).map(|(direction, wire)| {
        let direction = match direction {
            mynah_testkit::Direction::Client => observe::Direction::Client,
            mynah_testkit::Direction::Server => observe::Direction::Server,
        };
        (direction, &wire[..])
    });
    making.connection(false, most);
    assert_eq!(making.recorder.status().incomplete, 1);
    let recording = making.finish();
    let entries = &recording.parts[&PartName::setup()].expectations;
    let answer = entries.last().unwrap().answers.last().unwrap();
    assert_eq!(
        answer.incomplete.as_deref(),
        Some("the connection was lost")
    );
}

#[test]
fn each_answer_to_preparing_a_statement_is_recorded_once_it_is_another_than_before() {
    let entry = |params: Option<u16>| Entry {
        stmt: "select a from t".into(),
        command: Some(Entry::PREPARE.to_owned()),
        prepared: params.map(|params| Prepared {
            params,
            ..Prepared::default()
        }),
        answers: match params {
            Some(_) => Vec::new(),
            None => vec![
                Outcome::Error(Failure {
                    code: 1146,
                    sql_state: "42S02".to_owned(),
                    message: "no table".to_owned(),
                })
                .into(),
            ],
        },
        ..Entry::default()
    };
    for (came, expected) in [
        (vec![Some(0); 4], vec![]),
        (vec![None, Some(0), Some(0)], vec!["error", "prepared"]),
        (
            vec![Some(0), Some(0), Some(0), None, Some(0), Some(0)],
            vec!["prepared", "prepared", "prepared", "error", "prepared"],
        ),
        (vec![Some(0), Some(0), Some(1)], vec!["prepared"; 3]),
    ] {
        let making = Making::start();
        for params in &came {
            making.recorder.record(None, entry(*params));
        }
        let recording = making.finish();
        let [entry] = &*recording.parts[&PartName::setup()].expectations else {
            panic!("{recording:?}")
        };
        let keys = entry.answers.iter();
        let keys: Vec<_> = keys
            .map(|answer| answer.outcome.as_ref().unwrap().key())
            .collect();
        assert_eq!(keys, expected, "{came:?}");
        assert_eq!(entry.prepared.is_some(), expected.is_empty());
    }
}
