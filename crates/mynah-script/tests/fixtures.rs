//! The scripts in `fixtures/scripts` do what they say.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{ask, cells, error, error_parts, ok, on_worker, open, rows};
use mynah_classic::StatusFlags;
use mynah_script::{Globals, Script, ScriptOptions, Session};
use mynah_session::{Handler, Outcome, Reply};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/scripts")
        .join(name)
}

fn load(name: &str) -> Script {
    let trace = common::load(&fixture(name), ScriptOptions::default(), Arc::default());
    assert_eq!(trace.problem(), None, "{name}");
    trace
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn answers_hello(session: &mut Session) {
    assert!(session.greeting().is_ok());
    let version = rows(ask(session, "select @@version_comment limit 1"));
    assert_eq!(cells(&version), [[text("Mynah")]]);
    let databases = rows(ask(session, "show databases"));
    assert_eq!(
        cells(&databases),
        [[text("information_schema")], [text("zoo")]]
    );
    let people = rows(ask(session, "select name, age from people"));
    assert_eq!(
        cells(&people),
        [[text("ada"), text("36")], [text("bert"), None]]
    );
    let inserted = ok(ask(session, "insert into people values ('cleo', 52)"));
    assert_eq!((inserted.affected_rows, inserted.last_insert_id), (1, 3));
    assert_eq!(
        error_parts(&error(ask(session, "drop table people"))).1,
        "42000"
    );
}

#[test]
fn hello_answers_as_its_comments_say() {
    for name in ["hello.js", "hello.json"] {
        let trace = load(name);
        on_worker(|| answers_hello(&mut open(&trace)));
    }
}

#[test]
fn what_is_measured_answers_one_row_for_ever() {
    for name in ["bench_function.js", "bench.json"] {
        let trace = load(name);
        on_worker(|| {
            let session = &mut open(&trace);
            for _ in 0..3 {
                let result = rows(ask(session, "x"));
                assert_eq!(cells(&result), [[text("1"), text("ada")]], "{name}");
            }
        });
    }
}

/// The first row of the reply to a statement; nothing for an OK.
fn first_row(session: &mut Session, statement: &str) -> Vec<Option<String>> {
    match ask(session, statement).outcome {
        Outcome::Ok(_) => Vec::new(),
        outcome => cells(&rows(Reply::from(outcome))).swap_remove(0),
    }
}

#[test]
fn statements_drivers_send_on_connect_are_answered() {
    let trace = load("clients.js");
    let cases: &[(&str, &[&str])] = &[
        ("select @@version_comment limit 1", &["Mynah"]),
        ("select 1", &["1"]),
        ("SELECT 1+1 AS result", &["2"]),
        ("SELECT VERSION()", &["9.7.4-mock"]),
        ("select version() as version", &["9.7.4-mock"]),
        (
            "SELECT @@max_allowed_packet,@@wait_timeout",
            &["67108864", "28800"],
        ),
        (
            "\n  SELECT VERSION(),\n  @@lower_case_table_names,\n  \
             CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL\n",
            &["9.7.4-mock", "0", "1"],
        ),
        (
            "SELECT @@server_id /*!50038 , @@hostname*/",
            &["1", "mynah"],
        ),
        (
            "SHOW SESSION VARIABLES LIKE 'lower_case_table_names'",
            &["lower_case_table_names", "0"],
        ),
        (
            "SHOW VARIABLES LIKE 'wait\\_timeout'",
            &["wait_timeout", "28800"],
        ),
        (
            "SHOW /*!40103 GLOBAL*/ VARIABLES",
            &["auto_increment_increment", "1"],
        ),
        ("SHOW DATABASES LIKE 't%'", &["test"]),
        ("SET NAMES 'utf8mb4' COLLATE 'utf8mb4_0900_ai_ci'", &[]),
        ("set autocommit=0, time_zone = '+00:00'", &[]),
        ("SELECT @@autocommit, @@time_zone", &["0", "+00:00"]),
        (
            "set sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES'),NAMES latin1",
            &[],
        ),
        ("select @@character_set_client", &["latin1"]),
        (
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            &[],
        ),
        ("SELECT @@transaction_isolation", &["READ-COMMITTED"]),
        ("USE `zoo`", &[]),
        ("SELECT DATABASE()", &["zoo"]),
        ("ROLLBACK", &[]),
    ];
    on_worker(|| {
        let session = &mut open(&trace);
        for (statement, row) in cases {
            let row: Vec<_> = row.iter().map(|cell| text(cell)).collect();
            assert_eq!(first_row(session, statement), row, "{statement}");
        }
        let failed = |session: &mut Session, text| error_parts(&error(ask(session, text))).0;
        assert_eq!(failed(session, "select $$"), 1054);
        assert_eq!(failed(session, "select @@nope"), 1193);
        assert_eq!(failed(session, "drop table people"), 1064);
    });
}

#[test]
fn transactions_show_in_the_status_flags() {
    let trace = load("clients.js");
    on_worker(|| {
        let session = &mut open(&trace);
        let flags = [
            ("select 1", StatusFlags::AUTOCOMMIT),
            ("begin", StatusFlags::IN_TRANS | StatusFlags::AUTOCOMMIT),
            (
                "savepoint a",
                StatusFlags::IN_TRANS | StatusFlags::AUTOCOMMIT,
            ),
            (
                "rollback to a",
                StatusFlags::IN_TRANS | StatusFlags::AUTOCOMMIT,
            ),
            ("commit", StatusFlags::AUTOCOMMIT),
            ("set autocommit = OFF", StatusFlags::default()),
        ];
        for (statement, flags) in flags {
            let status = match ask(session, statement).outcome {
                Outcome::Ok(completion) => completion.status_flags,
                Outcome::Rows(result) => result.end.status_flags,
                other => panic!("{statement}: {other:?}"),
            };
            assert_eq!(status, Some(flags), "{statement}");
        }
    });
}

#[test]
fn a_router_registers_with_a_cluster_once() {
    let trace = load("router/innodb_cluster.js");
    on_worker(|| {
        let session = &mut open(&trace);
        let register = "INSERT INTO mysql_innodb_cluster_metadata.v2_routers        (address, product_name, \
                        router_name) VALUES ('here', 'MySQL Router', 'r')";
        assert_eq!(ok(ask(session, register)).last_insert_id, 1);
        // As another session sees it.
        let session = &mut open(&trace);
        assert_eq!(error_parts(&error(ask(session, register))).0, 1062);
        let id = "SELECT router_id FROM mysql_innodb_cluster_metadata.v2_routers WHERE router_name = 'r' and \
                  address = 'here'";
        assert_eq!(first_row(session, id), [text("1")]);
        let members = "SELECT member_id, member_port, member_state, member_role FROM \
                       performance_schema.replication_group_members WHERE channel_name = 'x'";
        assert_eq!(
            first_row(session, members)[1..],
            [text("3306"), text("ONLINE"), text("PRIMARY")]
        );
    });
}

#[test]
fn a_cluster_has_the_version_of_its_global_in_the_greeting_and_in_variables() {
    for (global, version) in [(None, "9.7.4"), (Some("\"8.4.5\""), "8.4.5")] {
        let globals = Arc::new(Globals::new());
        if let Some(global) = global {
            globals.set("version", global).unwrap();
        }
        let path = fixture("router/innodb_cluster.js");
        let trace = common::load(&path, ScriptOptions::default(), globals);
        on_worker(|| {
            let session = &mut open(&trace);
            let greeting = session.greeting().unwrap();
            assert_eq!(greeting.server_version.as_deref(), Some(version.as_bytes()));
            assert_eq!(first_row(session, "select @@version"), [text(version)]);
        });
    }
}

#[test]
fn a_member_of_the_cluster_has_the_x_port_that_its_global_gives() {
    let globals = Arc::new(Globals::new());
    let members = r#"[{"port": 3311, "xport": 33333}, {"port": 3312}]"#;
    globals.set("members", members).unwrap();
    let path = fixture("router/innodb_cluster.js");
    let trace = common::load(&path, ScriptOptions::default(), globals);
    on_worker(|| {
        let refresh = "select C.cluster_id, C.cluster_name, I.mysql_server_uuid, I.endpoint, I.xendpoint, \
                       I.attributes, I.label from x";
        let found = rows(ask(&mut open(&trace), refresh));
        let x_endpoints: Vec<_> = cells(&found).iter().map(|row| row[4].clone()).collect();
        assert_eq!(
            x_endpoints,
            [text("127.0.0.1:33333"), text("127.0.0.1:33120")]
        );
    });
}
