//! A trace that has its answers from a module, as traces of MySQL Router have.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use common::{ask, cells, error, error_parts, ok, on_worker, open, rows};
use mynah_script::{Globals, ScriptOptions};

#[test]
fn answers_come_from_a_module_by_name_function_and_pattern() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut options = ScriptOptions::default();
    options.module_prefix = scripts.clone();
    let globals = Arc::new(Globals::new());
    let path = scripts.join("with_common_statements.js");
    let trace = common::load(&path, options, globals.clone());
    assert_eq!(trace.problem(), None);
    let member = |port: &str| {
        let row = ["uuid-1", "127.0.0.1", port];
        vec![row.map(|cell| Some(cell.to_owned())).to_vec()]
    };
    const MEMBERS: &str = "SELECT member_id, member_host, member_port FROM members";
    on_worker(|| {
        let session = &mut open(&trace);
        let port = rows(ask(session, "select @@port"));
        assert_eq!(cells(&port), [[Some("3306".to_owned())]]);
        let members = ask(session, MEMBERS);
        assert_eq!(members.exec_time, Duration::from_micros(2500));
        assert_eq!(cells(&rows(members)), member("3310"));
        ok(ask(session, "SET NAMES utf8mb4"));
        let refused = error_parts(&error(ask(
            session,
            "DROP USER IF EXISTS 'mysql_router'@'%'",
        )));
        assert_eq!(
            refused,
            (1227, "42000".to_owned(), "not allowed".to_owned())
        );
        assert_eq!(ok(ask(session, "count")).affected_rows, 1);
        assert_eq!(ok(ask(session, "count")).affected_rows, 2);
        let unknown = error_parts(&error(ask(session, "SELECT 'an unknown statement'")));
        let want = "Syntax Error at: SELECT 'an unknown statement'";
        assert_eq!(unknown, (1273, "HY001".to_owned(), want.to_owned()));

        globals
            .set("members", r#"[["uuid-1", "127.0.0.1", 3320]]"#)
            .unwrap();
        let later = &mut open(&trace);
        assert_eq!(cells(&rows(ask(later, MEMBERS))), member("3320"));
        assert_eq!(cells(&rows(ask(session, MEMBERS))), member("3310"));
        assert_eq!(ok(ask(later, "count")).affected_rows, 3);
    });
}
