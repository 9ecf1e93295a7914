//! Conversations of real servers and clients: every packet of a message that is known here is
//! read, written as the same bytes again, and cut at every length.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::iter::Peekable;
use std::path::Path;

use mynah_classic::command::Command;
use mynah_classic::connection::{
    AuthMoreData, AuthSwitchRequest, AuthSwitchResponse, HandshakeResponse41, HandshakeV10,
};
use mynah_classic::response::{EofPacket, ErrPacket, OkPacket};
use mynah_classic::resultset::{ColumnCount, ColumnDefinition41, TextRow};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_testkit::{Direction, Line, check_recorded, check_recorded_longer, fixtures};
use mynah_wire::Message;

/// How many packets of each message were met.
#[derive(Debug, Default)]
struct Met(std::collections::BTreeMap<&'static str, usize>);

impl Met {
    fn check<M: Message + PartialEq + std::fmt::Debug>(
        &mut self,
        line: &Line,
        cx: M::Context,
    ) -> M {
        *self.0.entry(M::NAME).or_default() += 1;
        check_recorded(&line.payload, cx)
    }
}

#[test]
fn recorded_packets_are_read_and_written_as_the_same_bytes() {
    let mut met = Met::default();
    for (path, fixture) in fixtures("classic").unwrap() {
        follow(&path, fixture.packets().peekable(), &mut met);
    }
    for (name, least) in [
        (HandshakeV10::NAME, 20),
        (HandshakeResponse41::NAME, 20),
        (Command::NAME, 60),
        (OkPacket::NAME, 40),
        (ErrPacket::NAME, 10),
        (EofPacket::NAME, 10),
        (ColumnDefinition41::NAME, 20),
        (TextRow::NAME, 4),
    ] {
        let count = met.0.get(name).copied().unwrap_or(0);
        assert!(count >= least, "{count} of {name}, in {met:#?}");
    }
}

fn follow<'a>(path: &Path, lines: Peekable<impl Iterator<Item = &'a Line>>, met: &mut Met) {
    let mut lines = lines;
    let Some(shared) = log_in(&mut lines, met) else {
        return;
    };
    while let Some(line) = lines.find(starts_command) {
        if Command::from_payload(&line.payload, shared).is_err() {
            skip_answer(&mut lines);
            continue;
        }
        match met.check::<Command>(line, shared) {
            Command::Query(_) => results(&mut lines, shared, met),
            Command::Ping(_) | Command::InitDb(_) | Command::ResetConnection(_) => {
                if let Some(line) = lines.next() {
                    ok_or_err(line, shared, met);
                }
            }
            Command::Quit(_) => assert_eq!(lines.peek(), None, "{}", path.display()),
            // Not known here: on to the next command.
            _ => while lines.next_if(|line| line.sequence_id > 0).is_some() {},
        }
    }
}

/// Follows a login to its end; gives what the two share, unless it was refused.
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
    // This client writes the length of its attributes in more bytes than it takes.
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
            // Not known here, mysql_old_password's switch for one.
            (Direction::Server, _) => {}
        }
    }
    None
}

fn ok_or_err(line: &Line, shared: Capabilities, met: &mut Met) -> StatusFlags {
    if line.payload.first() == Some(&0xff) {
        met.check::<ErrPacket>(line, shared);
        return StatusFlags::empty();
    }
    met.check::<OkPacket>(line, shared).status_flags
}

/// Follows all results of one statement.
fn results<'a>(
    lines: &mut Peekable<impl Iterator<Item = &'a Line>>,
    shared: Capabilities,
    met: &mut Met,
) {
    // Columns of these shapes, and files asked for, are not known here.
    let foreign = shared.intersects(
        Capabilities::MARIADB_EXTENDED_METADATA | Capabilities::OPTIONAL_RESULTSET_METADATA,
    );
    while let Some(first) = lines.next_if(|line| !starts_command(line)) {
        if shared.contains(Capabilities::MARIADB_PROGRESS) && first.payload.starts_with(PROGRESS) {
            continue;
        }
        let status = match first.payload.first() {
            Some(0x00 | 0xff) => ok_or_err(first, shared, met),
            Some(0xfb) => break,
            _ if foreign => break,
            _ => match result_set(first, lines, shared, met) {
                Some(status) => status,
                None => break,
            },
        };
        if !status.contains(StatusFlags::MORE_RESULTS_EXISTS) {
            return;
        }
    }
    skip_answer(lines);
}

fn skip_answer<'a>(lines: &mut Peekable<impl Iterator<Item = &'a Line>>) {
    while lines.next_if(|line| !starts_command(line)).is_some() {}
}

fn starts_command(line: &&Line) -> bool {
    line.direction == Direction::Client && line.sequence_id == 0
}

/// Follows one result set; nothing if it was too long to be recorded whole.
fn result_set<'a>(
    first: &Line,
    lines: &mut Peekable<impl Iterator<Item = &'a Line>>,
    shared: Capabilities,
    met: &mut Met,
) -> Option<StatusFlags> {
    let ColumnCount(columns) = met.check(first, ());
    for _column in 0..columns {
        met.check::<ColumnDefinition41>(lines.next()?, ());
    }
    let deprecate_eof = shared.contains(Capabilities::DEPRECATE_EOF);
    if !deprecate_eof {
        met.check::<EofPacket>(lines.next()?, shared);
    }
    loop {
        let line = lines.next()?;
        match line.payload.first() {
            Some(0xfe) if deprecate_eof => return Some(ok_or_err(line, shared, met)),
            Some(0xfe) => return Some(met.check::<EofPacket>(line, shared).status_flags),
            Some(0xff) => return Some(ok_or_err(line, shared, met)),
            _ => {
                let row: TextRow = met.check(line, ());
                let cells: Result<Vec<_>, _> = row.cells().collect();
                assert_eq!(cells.unwrap().len() as u64, columns);
            }
        }
    }
}

/// MariaDB's progress report: an error packet with number 0xffff, before the answer.
const PROGRESS: &[u8] = b"\xff\xff\xff";
