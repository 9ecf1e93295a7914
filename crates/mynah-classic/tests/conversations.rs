//! Recorded conversations of real servers and clients: every packet of a server is read, written as
//! the same bytes again, and cut at every length; so is every value in it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod answers;

use std::iter::Peekable;

use answers::{Answers, Met};
use mynah_classic::Capabilities;
use mynah_classic::connection::{
    AuthMoreData, AuthSwitchRequest, AuthSwitchResponse, HandshakeResponse41, HandshakeV10,
};
use mynah_classic::response::{
    BinlogEvent, EofPacket, ErrPacket, LocalInfileData, LocalInfileRequest, OkPacket,
    ProgressReport, StatisticsResponse, StmtPrepareOk,
};
use mynah_classic::resultset::{
    BinaryRow, ColumnCount, ColumnDefinition41, FieldListColumn, TextRow,
};
use mynah_testkit::{Direction, Line, check_recorded_longer, fixtures};
use mynah_wire::Message;

#[test]
fn recorded_packets_are_read_and_written_as_the_same_bytes() {
    let mut met = Met::default();
    for (path, fixture) in fixtures("classic").unwrap() {
        let name = path.display().to_string();
        // `left_over.rs` reads the first kind. The client of the other announces attributes and
        // sends none, which MySQL accepts.
        let is_broken = name.ends_with("mysql-9.7/behind-change-user-attributes.hex");
        if name.contains("/login-form-") || is_broken {
            continue;
        }
        let messages = fixture.messages().unwrap();
        let mut lines = messages.iter().peekable();
        if let Some(shared) = log_in(&mut lines, &mut met) {
            let lines: Vec<&Line> = lines.collect();
            Answers::new(&name, &lines, shared, &mut met).follow();
        }
    }
    for (name, least) in [
        (HandshakeV10::NAME, 20),
        (HandshakeResponse41::NAME, 20),
        (OkPacket::NAME, 1000),
        (ErrPacket::NAME, 100),
        (EofPacket::NAME, 500),
        (ProgressReport::NAME, 5),
        (LocalInfileRequest::NAME, 10),
        (LocalInfileData::NAME, 10),
        (StmtPrepareOk::NAME, 100),
        (StatisticsResponse::NAME, 4),
        (BinlogEvent::NAME, 50),
        (ColumnCount::NAME, 400),
        (ColumnDefinition41::NAME, 5000),
        (FieldListColumn::<ColumnDefinition41>::NAME, 20),
        (TextRow::NAME, 500),
        (BinaryRow::NAME, 300),
        ("text value", 1000),
        ("binary value", 1000),
    ] {
        let count = met.0.get(name).copied().unwrap_or(0);
        assert!(count >= least, "{count} of {name}, in {met:#?}");
    }
}

/// Follows a login to its end; returns the shared capabilities, unless it was refused.
fn log_in<'a>(
    lines: &mut Peekable<impl Iterator<Item = &'a Line>>,
    met: &mut Met,
) -> Option<Capabilities> {
    let greeting = lines.next()?;
    if greeting.payload.first() == Some(&0xff) {
        met.check::<ErrPacket>(greeting, Capabilities::empty());
        return None;
    }
    let offered = met.check::<HandshakeV10>(greeting, ()).capabilities;
    let response = lines.next()?;
    // This client writes the length of its attributes in more bytes than needed.
    let response = if response
        .payload
        .windows(22)
        .any(|name| name == b"MariaDB connector/Node")
    {
        check_recorded_longer::<HandshakeResponse41>(&response.payload, ())
    } else {
        met.check::<HandshakeResponse41>(response, ())
    };
    let shared = offered & response.capabilities;
    for line in lines {
        match (line.direction, line.payload.first()) {
            (Direction::Client, _) => {
                met.check::<AuthSwitchResponse>(line, ());
            }
            (Direction::Server, Some(0xfe)) if line.payload.len() > 1 => {
                met.check::<AuthSwitchRequest>(line, ());
            }
            (Direction::Server, Some(0x01)) => {
                met.check::<AuthMoreData>(line, ());
            }
            (Direction::Server, Some(0x00)) => {
                met.check::<OkPacket>(line, shared);
                return Some(shared);
            }
            (Direction::Server, Some(0xff)) => {
                met.check::<ErrPacket>(line, shared);
                return None;
            }
            // Not supported here: mysql_old_password's switch, for one.
            (Direction::Server, _) => {}
        }
    }
    None
}
