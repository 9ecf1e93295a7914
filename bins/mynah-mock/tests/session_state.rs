//! The session state in answers to commands, compared with recordings of real servers.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mynah_testkit::Direction;
use support::Mock;
use support::talk::{Talk, recorded, version};

struct Session(Talk);

impl Session {
    fn log_in(mock: &Mock, response: &[u8]) -> Self {
        Self(Talk::log_in(mock, response))
    }

    /// The parts of an answer that are about the session: the first packet if it is OK, EOF or ERR,
    /// else the EOFs of a result.
    fn answer(&mut self, command: &[u8]) -> Vec<Vec<u8>> {
        self.0.write(0, command);
        let first = self.0.read();
        if matches!(first[0], 0 | 0xfe | 0xff) {
            return vec![first];
        }
        let mut ends = Vec::new();
        while ends.len() < 2 {
            let packet = self.0.read();
            if packet[0] == 0xfe {
                ends.push(packet);
            }
        }
        ends
    }

    /// The only cell of a statement's answer, as text and as a prepared statement without
    /// parameters.
    fn cells(&mut self, text: &str) -> [String; 2] {
        self.0.write(0, &[b"\x03", text.as_bytes()].concat());
        let row = |talk: &mut Self, before: usize| {
            for _ in 0..before {
                talk.0.read();
            }
            let row = talk.0.read();
            assert_eq!(talk.0.read()[0], 0xfe);
            row
        };
        let of_text = row(self, 3);
        self.0.write(0, &[b"\x16", text.as_bytes()].concat());
        let prepared = self.0.read();
        assert_eq!(prepared[..1], [0], "{prepared:x?}");
        if prepared[5] > 0 {
            (0..2).for_each(|_| drop(self.0.read()));
        }
        self.0
            .write(0, &[b"\x17", &prepared[1..5], &[0, 1, 0, 0, 0]].concat());
        let of_prepared = row(self, 3);
        [&of_text[1..], &of_prepared[3..]].map(|cell| String::from_utf8(cell.to_vec()).unwrap())
    }
}

/// A handshake response 41 with this collation.
fn response(collation: u8) -> Vec<u8> {
    let mut response = vec![0x00, 0x82, 0x88, 0x00, 0, 0, 0, 1, collation];
    response.extend([0; 23]);
    response.extend(b"ada\0\0caching_sha2_password\0");
    response
}

#[test]
fn answers_to_commands_have_the_session_state_of_servers() {
    for server in ["mysql-9.7", "mariadb-10.11"] {
        let fixture = recorded(server, "session-state.hex");
        let mock = Mock::script(&format!(
            "({{ handshake: {{ greeting: {{ server_version: {:?}, status_flags: 2 }} }},
                stmts: function (stmt) {{
                    if (stmt === 'SELECT 1') {{
                        return {{ result: {{ columns: [{{ name: '1', type: 'LONG' }}], rows: [[1]] }} }};
                    }}
                    if (stmt === 'USE nowhere') {{
                        return {{ error: {{ code: 1049, sql_state: '42000', message: \"Unknown database 'nowhere'\" }} }};
                    }}
                }} }})",
            version(&fixture),
        ));
        let mut lines = fixture.lines[1..].iter().peekable();
        let mut talk = Session::log_in(&mock, &lines.next().unwrap().payload);
        // The rest of the login.
        while lines
            .next_if(|line| line.direction == Direction::Server || line.sequence_id > 0)
            .is_some()
        {}
        while let Some(command) = lines.next() {
            let mut expected = Vec::new();
            while let Some(line) = lines.next_if(|line| line.direction == Direction::Server) {
                if matches!(line.payload[0], 0 | 0xfe | 0xff) {
                    expected.push(line.payload.to_vec());
                }
            }
            if command.payload[0] == 1 {
                break;
            }
            let shown = String::from_utf8_lossy(&command.payload);
            assert_eq!(
                talk.answer(&command.payload),
                expected,
                "{server}: {shown:?}"
            );
        }
    }
}

#[test]
fn text_and_prepared_statements_see_the_state_set_by_the_login_and_the_trace() {
    let mock = Mock::script(
        "({ stmts: function (stmt) {
               if (stmt === 'off') return { ok: { status: 0x2000 } };
               if (stmt === 'on') {
                   var on = { type: 'system_variable', name: 'autocommit', value: 'ON' };
                   return { ok: { session_trackers: [on] } };
               }
               if (stmt === 'SET NAMES cp1251') return { ok: {} };
           } })",
    );
    let mut talk = Session::log_in(&mock, &response(8));
    let both = |text: &str| [text, text].map(str::to_owned);
    let charset = "select @@character_set_client";
    assert_eq!(talk.cells(charset), both("latin1"));
    talk.answer(b"\x03SET NAMES utf8");
    assert_eq!(talk.cells(charset), both("utf8mb3"));
    talk.answer(b"\x03SET NAMES cp1251");
    assert_eq!(talk.cells(charset), both("cp1251"));
    talk.answer(b"\x03off");
    let autocommit = "select concat(@@autocommit)";
    assert_eq!(talk.cells(autocommit), both("0"));
    talk.answer(b"\x03on");
    assert_eq!(talk.cells(autocommit), both("1"));
}

/// A client that shares CLIENT_OPTIONAL_RESULTSET_METADATA.
#[test]
fn column_definitions_are_omitted_for_a_client_that_requests_it() {
    let mock = Mock::script(
        "({ handshake: { greeting: { capabilities: ['optional_resultset_metadata'] } },
            stmts: function () {} })",
    );
    let mut optional = response(8);
    optional[3] = 0x02;
    let mut talk = Session::log_in(&mock, &optional);
    assert_eq!(talk.answer(b"\x03SET resultset_metadata = NONE")[0][0], 0);
    talk.0.write(0, b"\x03select 1");
    // One column; no metadata follows.
    assert_eq!(talk.0.read(), [1, 0]);
    assert_eq!(talk.0.read()[0], 0xfe);
    assert_eq!(talk.0.read(), b"\x011");
    assert_eq!(talk.0.read()[0], 0xfe);
}
