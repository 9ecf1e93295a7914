//! The table of the X Protocol in `docs/protocol.md` lists exactly the messages there are.

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

use mynah_testkit::fixtures_folder;
use mynah_x::{
    ClientMessageType, Message, ServerMessageType, connection, crud, cursor, expect, notice,
    prepare, resultset, session, sql, status,
};

macro_rules! names {
    ($($message:ty,)*) => {
        BTreeMap::from([$((stringify!($message).replace(' ', ""), <$message as Message>::NAME.to_owned()),)*])
    };
}

fn messages() -> BTreeMap<String, String> {
    names![
        connection::CapabilitiesGet,
        connection::CapabilitiesSet,
        connection::Capabilities,
        connection::Close,
        connection::Compression,
        session::AuthenticateStart,
        session::AuthenticateContinue,
        session::AuthenticateOk,
        session::Reset,
        session::Close,
        sql::StmtExecute,
        sql::StmtExecuteOk,
        crud::Find,
        crud::Insert,
        crud::Update,
        crud::Delete,
        crud::CreateView,
        crud::ModifyView,
        crud::DropView,
        expect::Open,
        expect::Close,
        prepare::Prepare,
        prepare::Execute,
        prepare::Deallocate,
        cursor::Open,
        cursor::Close,
        cursor::Fetch,
        status::Ok,
        status::Error,
        notice::Frame,
        notice::Warning,
        notice::SessionVariableChanged,
        notice::SessionStateChanged,
        notice::GroupReplicationStateChanged,
        notice::ServerHello,
        resultset::ColumnMetaData,
        resultset::Row,
        resultset::FetchDone,
        resultset::FetchSuspended,
        resultset::FetchDoneMoreResultsets,
        resultset::FetchDoneMoreOutParams,
    ]
}

struct Row {
    message: String,
    name: String,
    types: String,
    both_ways: String,
    fixture: String,
    fuzz: String,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(crate_folder().join("../../docs/protocol.md")).unwrap();
    let (_, text) = text.split_once("## The X Protocol").unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|line| {
        let cells: Vec<_> = line
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect();
        let [_, message, name, types, both_ways, fixture, fuzz, _] = &cells[..] else {
            return None;
        };
        Some(Row {
            message: message.clone(),
            name: name.clone(),
            types: types.clone(),
            both_ways: both_ways.clone(),
            fixture: fixture.clone(),
            fuzz: fuzz.clone(),
        })
    })
    .collect()
}

#[test]
fn every_message_has_its_row_with_its_name() {
    let listed = rows().into_iter().map(|row| (row.message, row.name));
    assert_eq!(listed.collect::<BTreeMap<_, _>>(), messages());
    assert!(rows().iter().all(|row| row.both_ways == "yes"));
}

#[test]
fn every_type_has_its_message() {
    let types: BTreeSet<String> = rows()
        .iter()
        .flat_map(|row| {
            row.types
                .split(" · ")
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    for message_type in ClientMessageType::ALL {
        assert!(
            types.contains(&format!("C {}", message_type.0)),
            "{message_type:?}"
        );
    }
    for message_type in ServerMessageType::ALL {
        assert!(
            types.contains(&format!("S {}", message_type.0)),
            "{message_type:?}"
        );
    }
}

#[test]
fn fixtures_and_fuzz_targets_exist_and_missing_ones_are_listed() {
    let mut topics = BTreeSet::new();
    for file in fs::read_dir(fixtures_folder("x").join("mysql-9.7")).unwrap() {
        let path = file.unwrap().path();
        topics.insert(path.file_stem().unwrap().to_string_lossy().into_owned());
    }
    let without: Vec<_> = rows()
        .into_iter()
        .filter(|row| {
            let target = crate_folder().join(format!("fuzz/fuzz_targets/{}.rs", row.fuzz));
            assert!(target.is_file(), "{}: {}", row.message, row.fuzz);
            assert!(
                row.fixture == "-" || topics.contains(&row.fixture),
                "{}",
                row.message
            );
            row.fixture == "-"
        })
        .map(|row| row.message)
        .collect();
    let listed = [
        "notice::SessionVariableChanged",
        "notice::GroupReplicationStateChanged",
        "resultset::FetchDoneMoreOutParams",
    ];
    assert_eq!(without, listed);
}

fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
