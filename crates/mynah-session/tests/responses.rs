//! Answers of real servers, command by command: each is complete with its last packet and not
//! before.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10};
use mynah_session::classic::{Part, Response};
use mynah_testkit::{Direction, Fixture, Line, fixtures};
use mynah_wire::Message;

#[test]
fn recorded_answers_are_complete_with_their_last_packet() {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for (path, fixture) in fixtures("classic").unwrap() {
        follow(&path, &fixture, &mut met);
    }
    for part in [
        Part::Ok,
        Part::Err,
        Part::Progress,
        Part::ColumnCount,
        Part::ColumnDefinition,
        Part::ColumnsEnd,
        Part::TextRow,
        Part::BinaryRow,
        Part::RowsEnd,
        Part::LocalInfile,
        Part::Prepared,
        Part::Parameter,
        Part::Statistics,
        Part::BinlogEvent,
        Part::Authentication,
    ] {
        assert!(met.contains_key(&format!("{part:?}")), "no {part:?}");
    }
}

fn follow(path: &Path, fixture: &Fixture, met: &mut BTreeMap<String, usize>) {
    let messages = fixture.messages().unwrap();
    let lines: Vec<&Line> = messages.iter().collect();
    let Some((shared, start)) = logged_in(&lines) else {
        return;
    };
    // Commands may be sent ahead; their answers come in order.
    let mut due: VecDeque<Response> = VecDeque::new();
    let mut unasked = 0;
    for (number, line) in lines.iter().enumerate().skip(start) {
        let place = format!("{}, packet {number}", path.display());
        match line.direction {
            Direction::Client if line.sequence_id == 0 => {
                let code = CommandCode(line.payload.first().copied().unwrap_or(0));
                due.push_back(Response::new(code, shared));
            }
            // A file, or a step of an authentication exchange.
            Direction::Client => {}
            Direction::Server => {
                while due.front().is_some_and(Response::is_complete) {
                    due.pop_front();
                    assert!(line.sequence_id <= 1, "{place}: the answer before goes on");
                }
                let Some(response) = due.front_mut() else {
                    // Servers say goodbye without being asked.
                    unasked += 1;
                    continue;
                };
                let part = response.receive(&line.payload);
                let part = part.unwrap_or_else(|error| panic!("{place}: {error}"));
                *met.entry(format!("{part:?}")).or_default() += 1;
            }
        }
    }
    let goodbye = lines.last().is_some_and(|line| line.sequence_id == 0);
    let open: Vec<_> = due
        .iter()
        .filter(|response| !response.is_complete())
        .collect();
    assert!(open.is_empty(), "{}: {open:?}", path.display());
    assert!(
        unasked <= usize::from(goodbye),
        "{}: {unasked} packets too many",
        path.display()
    );
}

/// Capabilities shared, and where the command phase starts.
fn logged_in(lines: &[&Line]) -> Option<(Capabilities, usize)> {
    let offered = HandshakeV10::from_payload(&lines.first()?.payload, ()).ok()?;
    let response = HandshakeResponse41::from_payload(&lines.get(1)?.payload, ()).ok()?;
    if !response.capabilities.contains(Capabilities::PROTOCOL_41) {
        return None;
    }
    let ok = |line: &&Line| line.direction == Direction::Server && line.payload.first() == Some(&0);
    let end = lines.iter().skip(1).position(ok)? + 1;
    Some((offered.capabilities & response.capabilities, end + 1))
}
