//! The columns of the prelude's answers, compared with recordings of real servers.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::fmt;

use mynah_testkit::Direction;
use support::talk::{Talk, recorded, version};
use support::{Mock, program, trace_file};

/// A column definition as a client sees it.
#[derive(PartialEq)]
struct Column {
    name: String,
    column_type: u8,
    length: u32,
    character_set: u16,
    flags: u16,
    decimals: u8,
}

impl Column {
    fn read(packet: &[u8]) -> Self {
        let mut rest = packet;
        let texts: Vec<&[u8]> = (0..6)
            .map(|_| {
                let (text, behind) = rest[1..].split_at(rest[0].into());
                rest = behind;
                text
            })
            .collect();
        Self {
            name: String::from_utf8_lossy(texts[4]).into_owned(),
            character_set: u16::from_le_bytes([rest[1], rest[2]]),
            length: u32::from_le_bytes([rest[3], rest[4], rest[5], rest[6]]),
            column_type: rest[7],
            flags: u16::from_le_bytes([rest[8], rest[9]]),
            decimals: rest[10],
        }
    }
}

impl Column {
    /// Whether this is the server's column, except for known differences of the mock.
    fn is_as_good_as(&self, server: &Self, kind: &str, statement: &str) -> bool {
        let statement = statement.to_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| statement.contains(word));
        // If a server keeps the rows in a temporary table, their columns are those of the table.
        // When MySQL prepares a SHOW, it doesn't know that yet.
        let is_from_temporary_table = has(&["DISTINCT", "UNION", "ORDER BY"])
            || (kind == "prepare" && statement.starts_with("SHOW"));
        // The mock has its own values, with their own lengths.
        let is_own = has(&["@@VERSION_COMMENT", "@@LICENSE", "@@HOSTNAME"]);
        // Seen but not understood: 11 characters for the rest of a text of three, and 21 or 23 for
        // a number that isn't exact.
        let is_odd = has(&["SUBSTRING('ABC', 2)", "@@LONG_QUERY_TIME"]);
        let names = |column: &Self| match column.name.strip_prefix("Grants for ") {
            Some(_) => "Grants for".to_owned(), // The server has % as an account's host, the mock the client's.
            None => column.name.clone(),
        };
        let is_alike = names(self) == names(server) && self.character_set == server.character_set;
        if is_from_temporary_table {
            return is_alike;
        }
        let is_as_long = self.length == server.length || is_own || is_odd;
        let types = |column: &Self| (column.column_type, column.flags, column.decimals);
        is_alike && is_as_long && types(self) == types(server)
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` type={} length={} set={} flags={:#x} decimals={}",
            self.name, self.column_type, self.length, self.character_set, self.flags, self.decimals
        )
    }
}

/// The start of an answer.
#[derive(Debug, PartialEq)]
enum Answer {
    Ok,
    Error(u16),
    Columns(Vec<Column>),
}

impl Answer {
    /// Reads the packets of an answer to its end. A prepared statement has no rows.
    fn read(mut next: impl FnMut() -> Vec<u8>, command: u8) -> Self {
        let first = next();
        let count = match first[0] {
            0xff => return Self::Error(u16::from_le_bytes([first[1], first[2]])),
            0 if command == PREPARE => first[5],
            0 => 0,
            count => count,
        };
        if count == 0 {
            return Self::Ok;
        }
        let columns = (0..count).map(|_| Column::read(&next())).collect();
        let ends = if command == PREPARE { 1 } else { 2 };
        let mut seen = 0;
        while seen < ends {
            let packet = next();
            seen += usize::from(packet[0] == 0xfe && packet.len() < 9);
        }
        Self::Columns(columns)
    }
}

/// ER_UNSUPPORTED_PS
const NOT_TO_BE_PREPARED: u16 = 1295;
const QUIT: u8 = 0x01;
const QUERY: u8 = 0x03;
const PREPARE: u8 = 0x16;
const CLOSE: u8 = 0x19;

/// Sends a mock of a recorded server's version the recorded statements; returns the differences.
fn differences(server: &str, topic: &str) -> Vec<String> {
    let fixture = recorded(server, &format!("prelude-{topic}.hex"));
    let trace = format!(
        "({{ handshake: {{ greeting: {{ server_version: {:?} }} }}, stmts: function () {{}} }})",
        version(&fixture)
    );
    let (_folder, trace) = trace_file("trace.js", &trace);
    let mock = Mock::start(program().arg("-f").arg(trace).args(["--prelude", "tools"]));
    let mut lines = fixture.lines[1..].iter().peekable();
    let mut talk = Talk::log_in(&mock, &lines.next().unwrap().payload);
    while lines
        .next_if(|line| line.direction == Direction::Server || line.sequence_id > 0)
        .is_some()
    {}
    let (mut text, mut different) = (String::new(), Vec::new());
    let (mut here, mut there) = ([0; 4], [0; 4]);
    while let Some(line) = lines.next() {
        let command = line.payload[0];
        if command == QUIT {
            break;
        }
        let mut payload = line.payload.to_vec();
        let has_text = matches!(command, QUERY | PREPARE);
        if has_text {
            text = String::from_utf8_lossy(&payload[1..]).into_owned();
        } else {
            payload[1..5].copy_from_slice(&here);
            if line.payload[1..5] != there || there == [0; 4] {
                // The server, or the mock, hasn't prepared it.
                while lines
                    .next_if(|line| line.direction == Direction::Server)
                    .is_some()
                {}
                continue;
            }
        }
        talk.write(0, &payload);
        if command == PREPARE {
            (here, there) = ([0; 4], [0; 4]);
        }
        if command == CLOSE {
            (here, there) = ([0; 4], [0; 4]);
            continue;
        }
        let theirs = Answer::read(
            || {
                let packet = lines.next().unwrap().payload.to_vec();
                if command == PREPARE && there == [0; 4] && packet[0] == 0 {
                    there.copy_from_slice(&packet[1..5]);
                }
                packet
            },
            command,
        );
        let ours = Answer::read(
            || {
                let packet = talk.read();
                if command == PREPARE && here == [0; 4] && packet[0] == 0 {
                    here.copy_from_slice(&packet[1..5]);
                }
                packet
            },
            command,
        );
        if here == [0; 4] {
            there = [0; 4];
        }
        let kind = match command {
            QUERY => "query",
            PREPARE => "prepare",
            _ => "execute",
        };
        let place = format!("{server}, {kind}: {text}");
        match (theirs, ours) {
            (theirs, ours) if theirs == ours => {}
            // The mock prepares every statement that it answers; errors come at the execution.
            (Answer::Error(_), Answer::Ok) if command == PREPARE => {}
            (Answer::Error(NOT_TO_BE_PREPARED), _) if command == PREPARE => {}
            (Answer::Columns(theirs), Answer::Columns(ours)) if theirs.len() == ours.len() => {
                let pairs = theirs.iter().zip(&ours);
                let pairs = pairs.filter(|(theirs, ours)| !ours.is_as_good_as(theirs, kind, &text));
                different.extend(pairs.map(|(theirs, ours)| {
                    format!("{place}\n    server: {theirs:?}\n    mock:   {ours:?}")
                }));
            }
            (theirs, ours) => different.push(format!("{place}\n    {theirs:?}\n    {ours:?}")),
        }
    }
    different
}

fn check(topic: &str) {
    let servers = ["mysql-9.7", "mariadb-10.11", "mariadb-11.8"];
    let different: Vec<_> = servers
        .iter()
        .flat_map(|server| differences(server, topic))
        .collect();
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different.join("\n")
    );
}

#[test]
fn literals_operators_and_casts_have_the_columns_of_servers() {
    check("literals");
}

#[test]
fn functions_have_the_columns_of_servers() {
    check("functions");
}

#[test]
fn variables_have_the_columns_of_servers() {
    check("variables");
}

#[test]
fn show_statements_have_the_columns_of_servers() {
    check("show");
}

#[test]
fn statements_of_tools_have_the_columns_of_servers() {
    check("lists");
}

#[test]
fn statements_without_rows_have_no_columns() {
    check("changes");
}

#[test]
fn columns_have_the_character_set_of_results() {
    check("character-sets");
}
