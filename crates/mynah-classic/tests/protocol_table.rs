//! The table in `docs/protocol.md` lists exactly the messages there are.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mynah_classic::command::{
    BulkParameters, ComBinlogDump, ComBinlogDumpGtid, ComChangeUser, ComClone, ComCreateDb,
    ComDebug, ComDropDb, ComFieldList, ComInitDb, ComPing, ComProcessInfo, ComProcessKill,
    ComQuery, ComQuit, ComRefresh, ComRegisterSlave, ComResetConnection, ComSetOption, ComShutdown,
    ComStatistics, ComStmtBulkExecute, ComStmtClose, ComStmtExecute, ComStmtFetch, ComStmtPrepare,
    ComStmtReset, ComStmtSendLongData, ComSubscribeGroupReplicationStream, Command, Parameters,
};
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, AuthSwitchResponse, Handshake,
    HandshakeResponse, HandshakeResponse41, HandshakeResponse320, HandshakeV9, HandshakeV10,
    OldAuthSwitchRequest, SslRequest,
};
use mynah_classic::response::{
    BinlogEvent, EofPacket, ErrPacket, LocalInfileData, LocalInfileRequest, OkPacket,
    ProgressReport, StatisticsResponse, StmtPrepareOk,
};
use mynah_classic::resultset::{
    BinaryRow, ColumnCount, ColumnDefinition41, ColumnDefinition320, FieldListColumn, TextRow,
};
use mynah_testkit::fixtures_folder;
use mynah_wire::Message;

macro_rules! names {
    ($($message:ty,)*) => {
        BTreeMap::from([$((type_name(stringify!($message)), <$message as Message>::NAME),)*])
    };
}

fn messages() -> BTreeMap<String, &'static str> {
    names![
        Handshake,
        HandshakeV9,
        HandshakeV10,
        HandshakeResponse,
        HandshakeResponse320,
        HandshakeResponse41,
        SslRequest,
        AuthSwitchRequest,
        OldAuthSwitchRequest,
        AuthSwitchResponse,
        AuthMoreData,
        AuthNextFactor,
        Command,
        ComQuit,
        ComInitDb,
        ComQuery,
        ComFieldList,
        ComCreateDb,
        ComDropDb,
        ComRefresh,
        ComShutdown,
        ComStatistics,
        ComProcessInfo,
        ComProcessKill,
        ComDebug,
        ComPing,
        ComChangeUser,
        ComBinlogDump,
        ComBinlogDumpGtid,
        ComRegisterSlave,
        ComStmtPrepare,
        ComStmtExecute,
        Parameters,
        ComStmtSendLongData,
        ComStmtClose,
        ComStmtReset,
        ComStmtFetch,
        ComStmtBulkExecute,
        BulkParameters,
        ComSetOption,
        ComResetConnection,
        ComClone,
        ComSubscribeGroupReplicationStream,
        OkPacket,
        ErrPacket,
        EofPacket,
        ProgressReport,
        LocalInfileRequest,
        LocalInfileData,
        StmtPrepareOk,
        StatisticsResponse,
        BinlogEvent,
        ColumnCount,
        ColumnDefinition41,
        ColumnDefinition320,
        FieldListColumn<ColumnDefinition41>,
        TextRow,
        BinaryRow,
    ]
}

struct Row {
    message: String,
    name: String,
    directions: [String; 2],
    fixture: String,
    fuzz: String,
    gaps: String,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(repository().join("docs/protocol.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|line| {
        let cells: Vec<_> = line
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect();
        let [_, message, name, decode, encode, fixture, fuzz, gaps, _] = &cells[..] else {
            return None;
        };
        Some(Row {
            message: message.clone(),
            name: name.clone(),
            directions: [decode.clone(), encode.clone()],
            fixture: fixture.clone(),
            fuzz: fuzz.clone(),
            gaps: gaps.clone(),
        })
    })
    .collect()
}

#[test]
fn every_message_has_its_row_with_its_name() {
    let listed: BTreeMap<String, String> = rows()
        .into_iter()
        .map(|row| (row.message, row.name))
        .collect();
    let messages = messages()
        .into_iter()
        .map(|(message, name)| (message, name.to_owned()));
    assert_eq!(listed, messages.collect());
    for row in rows() {
        assert_eq!(row.directions, ["yes", "yes"], "{}", row.message);
    }
}

#[test]
fn no_message_in_the_source_is_left_out() {
    let messages = messages();
    let mut found = BTreeSet::new();
    visit(&crate_folder().join("src"), &mut |file| {
        for line in fs::read_to_string(file).unwrap().lines() {
            let Some((_, message)) = line.split_once(" Message for ") else {
                continue;
            };
            let message = type_name(message.trim_end_matches([' ', '{']));
            if line.starts_with("impl") {
                assert!(
                    messages.contains_key(&message),
                    "{message} of {}",
                    file.display()
                );
                found.insert(message);
            }
        }
    });
    assert!(found.len() > 35, "{found:?}");
}

#[test]
fn fixtures_and_fuzz_targets_exist_and_a_missing_one_has_a_reason() {
    let mut topics = BTreeSet::new();
    visit(&fixtures_folder("classic"), &mut |file| {
        topics.insert(file.file_stem().unwrap().to_string_lossy().into_owned());
    });
    for row in rows() {
        let has_fixture = topics.contains(&row.fixture) || row.fixture == "-" && row.gaps != "-";
        assert!(has_fixture, "{}: {}", row.message, row.fixture);
        let target = crate_folder().join(format!("fuzz/fuzz_targets/{}.rs", row.fuzz));
        assert!(target.is_file(), "{}: {}", row.message, row.fuzz);
    }
}

/// Without the type's parameters.
fn type_name(name: &str) -> String {
    name.split('<').next().unwrap().trim().to_owned()
}

fn visit(folder: &Path, with: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => visit(&path, with),
            false => with(&path),
        }
    }
}

fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn repository() -> PathBuf {
    crate_folder().join("../..")
}
