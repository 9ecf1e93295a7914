//! Prepared statements, several results, files and what is asked of the server, as a client sees
//! them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_classic::command::{
    BulkFlags, BulkParameters, BulkValue, ComStmtBulkExecute, ComStmtExecute, CursorFlags,
    Parameter, ParameterFlags, ParameterType, ParameterTypes, ParameterValue, Parameters,
};
use mynah_classic::response::{EofPacket, ErrPacket, OkPacket};
use mynah_classic::resultset::{BinaryRow, ColumnDefinition41};
use mynah_classic::value::{Value, ValueType};
use mynah_classic::{Capabilities, ColumnType, StatusFlags};
use mynah_session::classic::server::{Action, Event, Server};
use mynah_session::{
    Answer, Completion, LocalFile, LocalInfile, Outcome, Prepared, Process, Question, Reply,
    ResultSet, RowSource, Rows, Statement, StatementCommand, Statistics,
};
use mynah_wire::{Message, PacketCodec};
use support::{SHARED, column, packet, server};
use tokio_util::codec::Decoder;

const ALL: Capabilities = SHARED
    .union(Capabilities::MULTI_RESULTS)
    .union(Capabilities::PS_MULTI_RESULTS)
    .union(Capabilities::LOCAL_FILES);

/// A session whose client has logged in with these capabilities.
fn logged_in(capabilities: Capabilities) -> Server {
    support::logged_in(server(), Some(capabilities), capabilities)
}

/// Sends a command, and says what the session then asks.
fn command(server: &mut Server, payload: impl Into<Bytes>) -> Option<Action> {
    server.handle(packet(0, payload)).unwrap();
    server.poll_action()
}

fn sent(server: &mut Server) -> Vec<Bytes> {
    assert_eq!(server.poll_action(), None);
    let output = server.output();
    let mut payloads = Vec::new();
    while let Some(packet) = PacketCodec.decode(output).unwrap() {
        assert_eq!(usize::from(packet.sequence_id), payloads.len() + 1);
        payloads.push(packet.payload);
    }
    payloads
}

fn error(payload: &Bytes) -> (u16, String) {
    let error = ErrPacket::from_payload(payload, SHARED).unwrap();
    let message = String::from_utf8(error.error_message.to_vec()).unwrap();
    (error.error_code, message)
}

fn prepare(server: &mut Server, text: &str) -> Vec<Bytes> {
    let asked = command(server, [b"\x16", text.as_bytes()].concat());
    let Some(Action::Ask(Question::Prepared(statement))) = asked else {
        panic!("{asked:?}");
    };
    assert_eq!(statement.command, StatementCommand::Prepare);
    assert_eq!(&statement.text[..], text.as_bytes());
    server
        .handle(Event::from(Answer::Prepared(Ok(Prepared::default()))))
        .unwrap();
    sent(server)
}

fn parameter(column_type: ColumnType, value: &'static [u8]) -> Parameter {
    Parameter {
        parameter_type: ParameterType {
            column_type,
            flags: ParameterFlags::empty(),
            name: Bytes::new(),
        },
        value: ParameterValue::Value(Bytes::from_static(value)),
    }
}

fn execute(id: u32, flags: CursorFlags, parameters: &Parameters) -> Bytes {
    let count = parameters.len().try_into().unwrap();
    let command = ComStmtExecute::new(id, flags, parameters, SHARED, count).unwrap();
    command.to_payload(()).unwrap()
}

fn asked_reply(asked: Option<Action>) -> Statement {
    match asked {
        Some(Action::Ask(Question::Statement(statement))) => statement,
        other => panic!("{other:?}"),
    }
}

fn answer(server: &mut Server, reply: impl Into<Reply>) -> Vec<Bytes> {
    server
        .handle(Event::from(Answer::Reply(Box::new(reply.into()))))
        .unwrap();
    sent(server)
}

fn numbers(rows: &[&str]) -> ResultSet {
    ResultSet {
        columns: [ColumnDefinition41 {
            column_type: ColumnType::LONG,
            ..column("n")
        }]
        .into(),
        rows: rows.iter().map(|cell| [Some(cell.as_bytes())]).collect(),
        end: Completion::default(),
        is_out_parameters: false,
    }
}

fn ok() -> Outcome {
    Outcome::Ok(Completion::default())
}

fn eof_flags(payload: &Bytes) -> StatusFlags {
    EofPacket::from_payload(payload, SHARED)
        .unwrap()
        .status_flags
}

#[test]
fn a_statement_is_prepared_and_executed_with_and_without_types() {
    let mut server = logged_in(ALL);
    let prepared = prepare(&mut server, "SELECT ?, '?'");
    assert_eq!(&prepared[0][..], b"\0\x01\0\0\0\0\0\x01\0\0\0\0");
    // The parameter and its EOF; no columns.
    assert_eq!(prepared.len(), 3);
    let parameters = Parameters::new(&[parameter(ColumnType::LONG, b"\x07\0\0\0")]);
    let again = parameters.clone().without_types();
    for parameters in [parameters, again] {
        let statement = asked_reply(command(
            &mut server,
            execute(1, CursorFlags::empty(), &parameters),
        ));
        assert_eq!(statement.command, StatementCommand::Execute);
        assert_eq!(statement.statement_id, Some(1));
        assert_eq!(&statement.text[..], b"SELECT ?, '?'");
        assert_eq!(statement.state.schema.as_deref(), Some(&b"zoo"[..]));
        assert_eq!(statement.params[0].value(), Value::Int(7));
        let packets = answer(&mut server, Outcome::Rows(numbers(&["7"])));
        assert_eq!(packets.len(), 5);
        let row = BinaryRow::from_payload(&packets[3], ()).unwrap();
        let types = [ValueType::signed(ColumnType::LONG)];
        let values: Result<Vec<_>, _> = row.values(&types).unwrap().collect();
        assert_eq!(values.unwrap(), [Value::Int(7)]);
    }
}

#[test]
fn columns_that_a_client_of_mariadb_keeps_are_not_sent_again() {
    let mut server = logged_in(ALL | Capabilities::MARIADB_CACHE_METADATA);
    let text = "SELECT n";
    command(&mut server, [b"\x16", text.as_bytes()].concat());
    let prepared = Prepared {
        columns: Some(numbers(&[]).columns),
        ..Prepared::default()
    };
    server
        .handle(Event::from(Answer::Prepared(Ok(prepared))))
        .unwrap();
    // How many, the column and its EOF.
    assert_eq!(sent(&mut server).len(), 3);
    let mut run = |result: ResultSet| {
        let execute = execute(1, CursorFlags::empty(), &Parameters::default());
        asked_reply(command(&mut server, execute));
        let packets = answer(&mut server, Outcome::Rows(result));
        (packets.len(), packets[0].to_vec())
    };
    // As recorded of MariaDB 11.8: a count that says so, the EOF of the columns, a row and its EOF.
    assert_eq!(run(numbers(&["7"])), (4, vec![1, 0]));
    let others = ResultSet {
        columns: [column("m")].into(),
        ..numbers(&["8"])
    };
    assert_eq!(run(others.clone()), (5, vec![1, 1]));
    assert_eq!(run(others), (4, vec![1, 0]));
    assert_eq!(run(numbers(&["7"])), (5, vec![1, 1]));
    // The client didn't get what was taken back for an error.
    let other = ResultSet {
        columns: [ColumnDefinition41 {
            column_type: ColumnType::LONG,
            ..column("o")
        }]
        .into(),
        ..numbers(&["8"])
    };
    let broken = ResultSet {
        columns: other.columns.clone(),
        ..numbers(&["no number"])
    };
    assert_eq!(run(broken).0, 1);
    assert_eq!(run(other), (5, vec![1, 1]));
}

#[test]
fn metadata_comes_without_eof_where_that_is_deprecated() {
    let mut server = logged_in(ALL | Capabilities::DEPRECATE_EOF);
    assert_eq!(prepare(&mut server, "SELECT ?, ?").len(), 3);
    assert_eq!(prepare(&mut server, "DO 1").len(), 1);
}

#[test]
fn a_cell_that_is_no_value_of_its_column_is_named_before_anything_is_sent() {
    let mut server = logged_in(ALL);
    prepare(&mut server, "SELECT n");
    let none = Parameters::default();
    let mut many = vec!["1"; 50_000];
    many.push("many");
    for (rows, row) in [(&["1", "x"][..], 2), (&many, 50_001)] {
        asked_reply(command(
            &mut server,
            execute(1, CursorFlags::empty(), &none),
        ));
        let packets = answer(&mut server, Outcome::Rows(numbers(rows)));
        assert_eq!(packets.len(), 1);
        let said = format!("Incorrect integer value for column 'n' at row {row}");
        assert_eq!(error(&packets[0]), (1366, said));
    }
}

#[test]
fn long_data_is_a_parameter_and_forgotten_after_the_execution() {
    let mut server = logged_in(ALL);
    prepare(&mut server, "SELECT ?");
    let parameters = Parameters::new(&[parameter(ColumnType::BLOB, b"")]);
    for piece in ["one, ", "two"] {
        let payload = [b"\x18\x01\0\0\0\0\0", piece.as_bytes()].concat();
        assert_eq!(command(&mut server, payload), None);
    }
    assert!(sent(&mut server).is_empty());
    let execute = execute(1, CursorFlags::empty(), &parameters);
    let statement = asked_reply(command(&mut server, execute));
    assert_eq!(statement.params[0].value(), Value::Bytes(b"one, two"));
    answer(&mut server, ok());
    // More than a packet may have, and a parameter there isn't.
    for (piece, code) in [(vec![7; 900], 1105), (vec![], 1210)] {
        let index = u8::from(code == 1210);
        for _ in 0..2 {
            let payload = [&[0x18, 1, 0, 0, 0, index, 0][..], &piece[..]].concat();
            assert_eq!(command(&mut server, payload), None);
        }
        let mut payload = BytesMut::from(&b"\x17\x01\0\0\0\0\x01\0\0\0\0\x01\xfc\0"[..]);
        payload.put_u8(0);
        assert_eq!(command(&mut server, payload.freeze()), None);
        assert_eq!(error(&sent(&mut server)[0]).0, code);
    }
}

#[test]
fn a_cursor_gives_rows_as_they_are_fetched() {
    let mut server = logged_in(ALL | Capabilities::DEPRECATE_EOF);
    prepare(&mut server, "SELECT n");
    let open = execute(1, CursorFlags::READ_ONLY, &Parameters::default());
    asked_reply(command(&mut server, open));
    let packets = answer(&mut server, Outcome::Rows(numbers(&["1", "2", "3"])));
    assert_eq!(&packets[2][..], b"\xfe\0\0\x40\0\0\0");
    let fetch = &b"\x1c\x01\0\0\0\x02\0\0\0"[..];
    for (rows, end) in [(2, b"\xfe\0\0\x40\0\0\0"), (1, b"\xfe\0\0\x80\0\0\0")] {
        assert_eq!(command(&mut server, fetch), None);
        let packets = sent(&mut server);
        assert_eq!(packets.len(), rows + 1);
        assert_eq!(&packets[rows][..], end);
    }
    assert_eq!(command(&mut server, fetch), None);
    assert_eq!(error(&sent(&mut server)[0]).0, 1421);
}

#[test]
fn an_unknown_statement_is_named_and_a_reset_connection_has_none() {
    let mut server = logged_in(ALL);
    prepare(&mut server, "DO 1");
    let none = Parameters::default();
    let last = execute(u32::MAX, CursorFlags::empty(), &none);
    assert_eq!(
        asked_reply(command(&mut server, last.clone())).statement_id,
        Some(1)
    );
    answer(&mut server, ok());
    assert_eq!(
        command(&mut server, &b"\x1f"[..]),
        Some(Action::CloseStatement(1))
    );
    assert_eq!(server.poll_action(), Some(Action::Reset));
    sent(&mut server);
    for payload in [
        last,
        execute(1, CursorFlags::empty(), &none),
        Bytes::from_static(b"\x1a\x01\0\0\0"),
    ] {
        assert_eq!(command(&mut server, payload), None);
        let (code, message) = error(&sent(&mut server)[0]);
        assert_eq!(code, 1243);
        assert!(
            message.starts_with("Unknown prepared statement handler ("),
            "{message}"
        );
    }
    // This command has no answer.
    assert_eq!(command(&mut server, &b"\x19\x01\0\0\0"[..]), None);
    assert!(sent(&mut server).is_empty());
}

#[test]
fn all_results_but_the_last_say_that_there_are_more() {
    let reply = || Reply {
        more: vec![Outcome::Rows(numbers(&["2"])), ok()],
        ..Outcome::Rows(numbers(&["1"])).into()
    };
    let mut server = logged_in(ALL);
    asked_reply(command(&mut server, &b"\x03CALL p()"[..]));
    let packets = answer(&mut server, reply());
    let more = StatusFlags::MORE_RESULTS_EXISTS;
    assert_eq!([eof_flags(&packets[4]), eof_flags(&packets[9])], [more; 2]);
    let last = OkPacket::from_payload(&packets[10], SHARED).unwrap();
    assert_eq!(
        (packets.len(), last.status_flags),
        (11, StatusFlags::empty())
    );
    // A client that can't read them gets an error.
    let mut server = logged_in(SHARED);
    asked_reply(command(&mut server, &b"\x03CALL p()"[..]));
    assert_eq!(error(&answer(&mut server, reply())[0]).0, 1312);
}

#[test]
fn out_parameters_are_a_row_of_a_prepared_call_only() {
    let reply = || {
        let mut out = numbers(&["3"]);
        out.is_out_parameters = true;
        Reply {
            more: vec![ok()],
            ..Outcome::Rows(out).into()
        }
    };
    let mut server = logged_in(ALL);
    prepare(&mut server, "CALL p(?)");
    let parameters = Parameters::new(&[parameter(ColumnType::TINY, b"\x01")]);
    asked_reply(command(
        &mut server,
        execute(1, CursorFlags::empty(), &parameters),
    ));
    let packets = answer(&mut server, reply());
    let flags = StatusFlags::PS_OUT_PARAMS | StatusFlags::MORE_RESULTS_EXISTS;
    assert_eq!([eof_flags(&packets[2]), eof_flags(&packets[4])], [flags; 2]);
    asked_reply(command(&mut server, &b"\x03CALL p(@a)"[..]));
    assert!(
        answer(&mut server, reply())
            .iter()
            .all(|packet| packet[0] == 0)
    );
}

#[test]
fn a_prepared_call_needs_multi_results_for_results_and_ps_multi_results_for_out_parameters() {
    // PDO of PHP, for one, has only MULTI_RESULTS.
    let mut server = logged_in(SHARED | Capabilities::MULTI_RESULTS);
    prepare(&mut server, "CALL p(?)");
    let parameters = Parameters::new(&[parameter(ColumnType::TINY, b"\x01")]);
    let execution = execute(1, CursorFlags::empty(), &parameters);
    asked_reply(command(&mut server, execution));
    let mut out = numbers(&["3"]);
    out.is_out_parameters = true;
    let reply = Reply {
        more: vec![Outcome::Rows(numbers(&["2"])), Outcome::Rows(out), ok()],
        ..Outcome::Rows(numbers(&["1"])).into()
    };
    // Two results of a count, a column, an EOF, a row and an EOF; and the last OK.
    let packets = answer(&mut server, reply);
    assert_eq!(packets.len(), 11);
    let last = OkPacket::from_payload(&packets[10], SHARED).unwrap();
    assert_eq!(last.status_flags, StatusFlags::empty());
}

#[test]
fn a_file_is_taken_up_to_its_limit() {
    for (limit, pieces) in [(8, &["12,", "345\n"]), (3, &["12,", "345\n"])] {
        let mut server = logged_in(ALL);
        asked_reply(command(&mut server, &b"\x03LOAD DATA"[..]));
        let wanted = LocalInfile {
            filename: "a.csv".into(),
            limit,
        };
        assert_eq!(
            answer(&mut server, Outcome::LocalInfile(wanted)),
            [&b"\xfba.csv"[..]]
        );
        for (number, piece) in (2..).zip(pieces.iter()) {
            server.handle(packet(number, piece.as_bytes())).unwrap();
        }
        server.handle(packet(4, Bytes::new())).unwrap();
        if limit == 8 {
            let file = LocalFile {
                filename: "a.csv".into(),
                content: "12,345\n".into(),
            };
            assert_eq!(
                server.poll_action(),
                Some(Action::Ask(Question::File(file)))
            );
            server
                .handle(Event::from(Answer::Reply(Box::new(ok().into()))))
                .unwrap();
        }
        assert_eq!(server.poll_action(), None);
        let packet = PacketCodec.decode(server.output()).unwrap().unwrap();
        assert_eq!(packet.sequence_id, 5);
        if limit == 3 {
            let said = "The file 'a.csv' has more than 3 bytes".to_owned();
            assert_eq!(error(&packet.payload), (1105, said));
        }
    }
    let mut server = logged_in(SHARED);
    asked_reply(command(&mut server, &b"\x03LOAD DATA"[..]));
    let wanted = LocalInfile {
        filename: "a.csv".into(),
        limit: 8,
    };
    assert_eq!(
        error(&answer(&mut server, Outcome::LocalInfile(wanted))[0]).0,
        3948
    );
}

#[test]
fn rows_are_asked_for_piece_by_piece() {
    let mut server = logged_in(ALL);
    asked_reply(command(&mut server, &b"\x03SELECT n"[..]));
    let source = RowSource(5);
    let mut result = numbers(&["1"]);
    result.rows = result.rows.continued(source);
    server
        .handle(Event::from(Answer::Reply(Box::new(
            Outcome::Rows(result).into(),
        ))))
        .unwrap();
    assert_eq!(
        server.poll_action(),
        Some(Action::Ask(Question::Rows(source)))
    );
    let rows: Rows = [[Some(&b"2"[..])]].into_iter().collect();
    server
        .handle(Event::from(Answer::Rows(Ok(rows
            .clone()
            .continued(source)))))
        .unwrap();
    assert_eq!(
        server.poll_action(),
        Some(Action::Ask(Question::Rows(source)))
    );
    server.handle(Event::from(Answer::Rows(Ok(rows)))).unwrap();
    assert_eq!(sent(&mut server).len(), 7);
}

#[test]
fn a_bulk_execution_asks_for_each_row_and_adds_up() {
    let mut server = logged_in(ALL);
    prepare(&mut server, "INSERT INTO t VALUES (?)");
    let types = ParameterTypes::new(&[parameter(ColumnType::TINY, b"").parameter_type]);
    let values = [
        BulkValue::Value(Bytes::from_static(b"\x05")),
        BulkValue::Null,
        BulkValue::Default,
    ];
    let parameters = BulkParameters::new(Some(types), &values);
    let bulk = ComStmtBulkExecute::new(1, BulkFlags::empty(), &parameters);
    let mut asked = command(&mut server, bulk.unwrap().to_payload(()).unwrap());
    for (value, is_default) in [
        (Value::Int(5), false),
        (Value::Null, false),
        (Value::Null, true),
    ] {
        let statement = asked_reply(asked);
        assert_eq!(statement.params[0].value(), value);
        assert_eq!(statement.params[0].is_default(), is_default);
        let one = Completion {
            affected_rows: 1,
            ..Completion::default()
        };
        server
            .handle(Event::from(Answer::Reply(Box::new(
                Outcome::Ok(one).into(),
            ))))
            .unwrap();
        asked = server.poll_action();
    }
    assert_eq!(asked, None);
    let ok = OkPacket::from_payload(&sent(&mut server)[0], SHARED).unwrap();
    assert_eq!(ok.affected_rows, 3);
    assert_eq!(
        ok.info.as_deref(),
        Some(&b"Records: 3  Duplicates: 0  Warnings: 0"[..])
    );
}

#[test]
fn what_is_asked_of_the_server_is_answered_or_refused_politely() {
    let mut server = logged_in(ALL);
    for (payload, answer) in [
        (&b"\x1b\0\0"[..], &b"\xfe\0\0\0\0"[..]),
        (b"\x1b\x01\0", b"\xfe\0\0\0\0"),
        (b"\x0d", b"\xfe\0\0\0\0"),
    ] {
        assert_eq!(command(&mut server, payload), None);
        assert_eq!(sent(&mut server), [answer]);
    }
    for (payload, code) in [(&b"\x1b\x02\0"[..], 1047), (b"\x08", 1227)] {
        assert_eq!(command(&mut server, payload), None);
        assert_eq!(error(&sent(&mut server)[0]).0, code);
    }
    assert_eq!(
        command(&mut server, &b"\x09"[..]),
        Some(Action::Ask(Question::Statistics))
    );
    let statistics = Statistics {
        uptime: 2,
        threads: 3,
        questions: 5,
        opens: 8,
        ..Statistics::default()
    };
    server
        .handle(Event::from(Answer::Statistics(statistics)))
        .unwrap();
    let text = String::from_utf8(sent(&mut server)[0].to_vec()).unwrap();
    assert!(
        text.starts_with("Uptime: 2  Threads: 3  Questions: 5"),
        "{text}"
    );
    assert!(text.contains("  Opens: 8  "), "{text}");
    assert!(text.ends_with("avg: 2.500"), "{text}");
    assert_eq!(
        command(&mut server, &b"\x0a"[..]),
        Some(Action::Ask(Question::Processes))
    );
    server
        .handle(Event::from(Answer::Processes(vec![Process::default()])))
        .unwrap();
    assert_eq!(sent(&mut server).len(), 1 + 8 + 1 + 1 + 1);
    assert_eq!(
        command(&mut server, &b"\x0c\x09\0\0\0"[..]),
        Some(Action::Ask(Question::Kill(
            mynah_session::Kill::connection(9)
        )))
    );
    server.handle(Event::from(Answer::Killed(false))).unwrap();
    assert_eq!(
        error(&sent(&mut server)[0]),
        (1094, "Unknown thread id: 9".into())
    );
    // Its own.
    assert_eq!(
        command(&mut server, &b"\x0c\x07\0\0\0"[..]),
        Some(Action::Close)
    );
    assert_eq!(error(&sent(&mut server)[0]).0, 1317);
}
