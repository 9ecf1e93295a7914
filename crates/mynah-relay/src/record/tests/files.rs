//! The files of a recording.

use std::fs;

use super::*;
use crate::RecordError;

#[test]
fn a_journal_that_was_not_finished_is_not_mixed_with_another() {
    let making = Making::start();
    making.fixture("classic/mysql-9.7/query");
    let path = making.path("rec.json");
    let options = RecordOptions {
        path: path.clone(),
        ..RecordOptions::default()
    };
    let error = Recorder::start(options.clone()).unwrap_err();
    assert!(matches!(error, RecordError::InUse { .. }), "{error}");
    making.recorder.finish().unwrap();
    assert!(!making.path("rec.jsonl").exists());
    let unfinished = Recorder::start(options.clone()).unwrap();
    drop(unfinished);
    let error = Recorder::start(options.clone()).unwrap_err();
    assert!(matches!(error, RecordError::Unfinished { .. }), "{error}");
    fs::remove_file(making.path("rec.jsonl")).unwrap();
    Recorder::start(options).unwrap();
}

#[test]
fn a_journal_that_was_torn_is_made_a_recording_with_all_whole_lines() {
    let making = Making::start();
    making.fixture("classic/mysql-9.7/query");
    let journal = making.path("rec.jsonl");
    let whole = fs::read(&journal).unwrap();
    let lines = whole.iter().filter(|byte| **byte == b'\n').count();
    let mut kept = Vec::new();
    for len in 0..=whole.len() {
        fs::write(&journal, &whole[..len]).unwrap();
        let read: Result<Recording, _> = mynah_recording::read(&journal);
        let entries = |recording: Recording| {
            let parts = recording.parts.into_values();
            parts.map(|part| part.expectations.len()).sum::<usize>()
        };
        kept.push(read.map_or(0, entries));
    }
    assert!(kept.is_sorted(), "{kept:?}");
    assert!(lines > 3 && *kept.last().unwrap() > 0);
}

#[test]
fn what_can_not_be_written_is_counted_and_the_rest_is_recorded() {
    let making = Making::start();
    // As when the disk is full: nothing can be appended.
    let full = Recorder::start(RecordOptions {
        path: "/dev/ful".into(),
        ..RecordOptions::default()
    });
    let full = full.unwrap();
    let connection = ConnectionRecorder::new(&full);
    drop(connection);
    let status = full.status();
    assert_eq!((status.entries, status.failures), (0, 1));
    drop(making);
}

#[test]
fn statements_go_to_the_part_that_is_open_and_to_that_which_they_name() {
    let making = Making::start();
    making.fixture("classic/mysql-9.7/query");
    making.recorder.begin_part("t7").unwrap();
    making.fixture("classic/mysql-9.7/query");
    assert!(making.recorder.begin_part("").is_err());
    let status = making.recorder.status();
    assert_eq!((&*status.part, status.failures), ("t7", 0));
    assert_eq!(status.parts, ["setup", "t7"]);
    let recording = making.finish();
    let parts: Vec<_> = recording
        .parts
        .values()
        .map(|part| &part.expectations)
        .collect();
    assert_eq!(parts.len(), 2);
    let texts = |entries: &[Entry]| count(entries.iter().map(|entry| entry.stmt.to_string()));
    assert_eq!(texts(parts[0]), texts(parts[1]));
}

#[test]
fn a_statement_goes_to_the_part_that_was_open_when_it_was_sent() {
    let making = Making::start();
    let fixture = fixtures_folder("classic").join("mysql-9.7/query.hex");
    let lines = Fixture::read(fixture).unwrap().lines;
    let wires: Vec<_> = lines.iter().map(|line| line.wire()).collect();
    // The first COM_QUERY.
    let sent = wires.iter().position(|wire| wire[3..5] == [0, 3]).unwrap();
    let all = lines.iter().zip(&wires).enumerate();
    let all = all.map(|(index, (line, wire))| {
        // Before the answer is seen, the client may have it already.
        if index == sent + 1 {
            making.recorder.begin_part("t7").unwrap();
        }
        let direction = match line.direction {
            mynah_testkit::Direction::Client => observe::Direction::Client,
            mynah_testkit::Direction::Server => observe::Direction::Server,
        };
        (direction, &wire[..])
    });
    making.connection(false, all);
    let recording = making.finish();
    let parts = recording.parts.iter();
    let parts: Vec<_> = parts
        .map(|(name, part)| (&*name.0, part.expectations.len()))
        .collect();
    assert_eq!(parts[0], ("setup", 1));
    assert!(parts[1].0 == "t7" && parts[1].1 > 0, "{parts:?}");
}

#[test]
fn a_recording_that_was_finished_leaves_the_journal_of_the_next_alone() {
    let making = Making::start();
    making.fixture("classic/mysql-9.7/query");
    making.recorder.finish().unwrap();
    let next = Recorder::start(RecordOptions {
        path: making.path("rec.json"),
        ..RecordOptions::default()
    });
    making.recorder.finish().unwrap();
    assert!(making.path("rec.jsonl").exists());
    next.unwrap().finish().unwrap();
}

#[test]
fn a_connection_that_can_not_be_followed_makes_the_recording_incomplete() {
    let making = Making::start();
    making.fixture("classic/mysql-9.7/query");
    // A replica's connection has nothing that is recorded.
    making.fixture("classic/mysql-9.7/binlog-dump");
    assert_eq!(making.recorder.status().lost_connections, 0);
    // A frame without a type: before the login nothing is lost.
    let no_type = (observe::Direction::Client, &[0; 4][..]);
    making.connection(true, [no_type]);
    assert_eq!(making.recorder.status().lost_connections, 0);
    let fixture = fixtures_folder("x").join("mysql-9.7/results.hex");
    let lines = Fixture::read(fixture).unwrap().lines;
    let wires: Vec<_> = lines.iter().map(|line| line.x_wire()).collect();
    let before = lines.iter().zip(&wires).take(lines.len() - 1);
    let before = before.map(|(line, wire)| {
        let direction = match line.direction {
            mynah_testkit::Direction::Client => observe::Direction::Client,
            mynah_testkit::Direction::Server => observe::Direction::Server,
        };
        (direction, &wire[..])
    });
    making.connection(true, before.chain([no_type]));
    assert_eq!(making.recorder.status().lost_connections, 1);
    let error = making.recorder.finish().unwrap_err().to_string();
    assert!(
        error.contains("and 1 connections couldn't be followed"),
        "{error}"
    );
    let recording = mynah_recording::read(&making.path("rec.json"));
    let recording: Recording = recording.unwrap();
    assert!(!recording.parts[&PartName::setup()].expectations.is_empty());
}
