use mynah_session::StatementCommand;

use super::*;

fn prelude() -> Prelude {
    let mut prelude = Prelude::new("9.7.4-mock", 7);
    let username = "ada".into();
    prelude.logged_in(&Login {
        username,
        ..Login::default()
    });
    prelude
}

fn ask(prelude: &mut Prelude, text: &'static str) -> Option<Outcome> {
    let statement = Statement {
        schema: Some("zoo".into()),
        ..Statement::query(text)
    };
    prelude.statement(&statement).map(|reply| reply.outcome)
}

/// Names of columns, and the cells of the rows.
fn table(outcome: Option<Outcome>) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let Some(Outcome::Rows(result)) = outcome else {
        panic!("no rows: {outcome:?}");
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let columns = result.columns.iter();
    let names = columns.map(|column| text(column.names.name())).collect();
    let rows = (0..result.rows.len()).map(|index| {
        let row = result.rows.get(index).unwrap();
        row.cells().map(|cell| cell.unwrap().map(text)).collect()
    });
    (names, rows.collect())
}

fn selected(prelude: &mut Prelude, text: &'static str) -> Vec<Option<String>> {
    table(ask(prelude, text)).1.remove(0)
}

fn completion(outcome: Option<Outcome>) -> Completion {
    match outcome {
        Some(Outcome::Ok(completion)) => completion,
        other => panic!("not OK: {other:?}"),
    }
}

#[test]
fn what_shells_and_connectors_of_the_x_protocol_ask_is_known() {
    let prelude = &mut prelude();
    let row = selected(
        prelude,
        "select @@lower_case_table_names, @@version, connection_id(), variable_value from \
         performance_schema.session_status where variable_name = 'mysqlx_ssl_cipher'",
    );
    let want = ["0", "9.7.4-mock", "7", ""].map(|cell| Some(cell.to_owned()));
    assert_eq!(row, want);
    let row = selected(prelude, "select @@mysqlx_max_allowed_packet");
    assert_eq!(row, [Some("67108864".to_owned())]);
    let other = "select variable_value from performance_schema.session_status where x = 'y'";
    assert_eq!(ask(prelude, other), None);
}

#[test]
fn variables_and_functions_are_selected_in_any_list() {
    let prelude = &mut prelude();
    let (names, rows) = table(ask(
        prelude,
        "/* a driver */SELECT  @@session.autocommit AS ac, @@GLOBAL.max_allowed_packet, VERSION(), \
         database() `db`, connection_id(), CURRENT_USER(), @@version_comment limit 1",
    ));
    assert_eq!(
        names,
        [
            "ac",
            "@@GLOBAL.max_allowed_packet",
            "VERSION()",
            "db",
            "connection_id()",
            "CURRENT_USER()",
            "@@version_comment"
        ]
    );
    let some = |text: &str| Some(text.to_owned());
    let want = [
        "1",
        "67108864",
        "9.7.4-mock",
        "zoo",
        "7",
        "ada@localhost",
        "Mynah",
    ];
    assert_eq!(rows, [want.map(some).to_vec()]);
    let (names, _) = table(ask(prelude, "select version() as version"));
    assert_eq!(names, ["version"]);
    assert_eq!(selected(prelude, "SELECT 1+1 AS result"), [some("2")]);
    assert_eq!(
        selected(prelude, "select @@server_id /*!50038 , @@hostname*/").len(),
        2
    );
}

#[test]
fn a_variable_that_is_not_known_is_an_error_of_its_own() {
    let Some(Outcome::Error(failure)) = ask(&mut prelude(), "select @@version, @@session.nope")
    else {
        panic!();
    };
    assert_eq!(failure.code, 1193);
    assert_eq!(&failure.message[..], b"Unknown system variable 'nope'");
}

#[test]
fn what_clients_do_not_ask_by_themselves_is_not_answered() {
    for text in [
        "",
        ";",
        "select 1",
        "select",
        "select a from t",
        "select @@version from t",
        "select @@version, name from people",
        "show tables",
        "show variables of mine",
        "insert into t values (1)",
        "use",
        "use a b",
        "begin t",
        "commit t",
        "set",
        "set password = 'x'",
        "select version",
        "select nope()",
        "start slave",
        "select @@version + 1",
    ] {
        let prelude = &mut prelude();
        assert_eq!(ask(prelude, text), None, "{text}");
        let prepare = Statement::new(StatementCommand::Prepare, text);
        assert_eq!(prelude.prepare(&prepare), None, "{text}");
    }
}

#[test]
fn what_is_set_is_selected_and_told() {
    let prelude = &mut prelude();
    let ok = completion(ask(
        prelude,
        "SET @@session.autocommit = OFF, time_zone='+00:00', nope = f(1, 2)",
    ));
    assert_eq!(ok.status_flags, StatusFlags::empty());
    let changes: Vec<_> = ok
        .session_state_changes
        .iter()
        .map(Result::unwrap)
        .collect();
    let change = |name: &'static str, value: &'static str| SessionStateChange::SystemVariable {
        name: name.into(),
        value: value.into(),
    };
    assert_eq!(
        changes,
        [change("autocommit", "OFF"), change("time_zone", "+00:00")]
    );
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        selected(prelude, "select @@autocommit, @@time_zone"),
        [some("0"), some("+00:00")]
    );
    completion(ask(prelude, "set names latin1 collate latin1_bin"));
    assert_eq!(
        selected(
            prelude,
            "select @@character_set_client, @@collation_connection"
        ),
        [some("latin1"), some("latin1_bin")]
    );
    completion(ask(
        prelude,
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    ));
    assert_eq!(
        selected(prelude, "select @@tx_isolation"),
        [some("READ-COMMITTED")]
    );
    completion(ask(prelude, "SET character_set_results = NULL"));
    assert_eq!(selected(prelude, "select @@character_set_results"), [None]);
    prelude.logged_in(&Login::default());
    assert_eq!(selected(prelude, "select @@autocommit"), [some("1")]);
}

#[test]
fn transactions_show_in_the_status() {
    let prelude = &mut prelude();
    let mut flags = |text| completion(ask(prelude, text)).status_flags;
    let (auto, both) = (
        StatusFlags::AUTOCOMMIT,
        StatusFlags::AUTOCOMMIT | StatusFlags::IN_TRANS,
    );
    assert_eq!(flags("BEGIN"), both);
    assert_eq!(flags("savepoint a"), both);
    assert_eq!(flags("rollback to savepoint a"), both);
    assert_eq!(flags("ROLLBACK"), auto);
    assert_eq!(flags("start transaction read only"), both);
    assert_eq!(flags("COMMIT WORK"), auto);
}

#[test]
fn variables_are_listed_by_patterns_and_names() {
    let prelude = &mut prelude();
    let some = |text: &str| Some(text.to_owned());
    let (names, rows) = table(ask(prelude, "SHOW VARIABLES LIKE 'wait\\_timeout'"));
    assert_eq!(names, ["Variable_name", "Value"]);
    assert_eq!(rows, [[some("wait_timeout"), some("28800")]]);
    let (_, rows) = table(ask(
        prelude,
        "show session variables where variable_name in ('autocommit', 'SQL_NOTES')",
    ));
    assert_eq!(
        rows,
        [
            [some("autocommit"), some("ON")],
            [some("sql_notes"), some("ON")]
        ]
    );
    let (_, rows) = table(ask(prelude, "SHOW /*!40103 GLOBAL*/ VARIABLES"));
    assert!(rows.len() > 50 && rows.contains(&vec![some("version"), some("9.7.4-mock")]));
    let (_, rows) = table(ask(prelude, "show status like 'ssl_cipher'"));
    assert_eq!(rows, [[some("Ssl_cipher"), some("")]]);
}

#[test]
fn a_schema_is_taken_into_use() {
    let ok = completion(ask(&mut prelude(), "USE `zoo two`"));
    let changes: Vec<_> = ok
        .session_state_changes
        .iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(changes, [SessionStateChange::Schema("zoo two".into())]);
}

#[test]
fn what_is_prepared_has_its_columns() {
    let prelude = &mut prelude();
    let mut prepare = |text| {
        let prepared = prelude.prepare(&Statement::new(StatementCommand::Prepare, text));
        prepared.unwrap().columns.map(|columns| columns.len())
    };
    assert_eq!(prepare("select @@version, @@port"), Some(2));
    assert_eq!(prepare("SET time_zone = '+00:00';"), None);
    assert_eq!(prepare("select $$"), None);
    // Preparing changes nothing.
    assert_eq!(
        selected(prelude, "select @@time_zone"),
        [Some("SYSTEM".to_owned())]
    );
}

#[test]
fn what_a_greeting_says_is_known() {
    let mut prelude = prelude();
    prelude.greeted(&Greeting {
        server_version: Some("5.5".into()),
        connection_id: Some(9),
        ..Greeting::default()
    });
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        selected(&mut prelude, "select version(), connection_id()"),
        [some("5.5"), some("9")]
    );
}

/// What was seen on the wire before a program's own first statement.
#[test]
fn what_drivers_were_seen_to_say_is_answered() {
    for text in [
        // Connector/C++ 1.1
        "SET autocommit=1",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SHOW SESSION VARIABLES LIKE 'lower_case_table_names'",
        "USE `test`",
        // mycli, PyMySQL, Connector/Python, MySQLdb
        "SET NAMES utf8mb4",
        "select connection_id()",
        "SET AUTOCOMMIT = 0",
        "SET NAMES 'utf8mb4' COLLATE 'utf8mb4_0900_ai_ci'",
        "SET @@session.autocommit = OFF",
        // SQLAlchemy, Django, peewee
        "SELECT VERSION()",
        "SELECT DATABASE()",
        "SELECT @@tx_isolation",
        "SELECT @@transaction_isolation",
        "SELECT @@sql_mode",
        "SELECT @@lower_case_table_names",
        "ROLLBACK",
        "SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@sql_auto_is_null, \
         @@lower_case_table_names, CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        // knex, Sequelize, TypeORM
        "select version() as version",
        "SET time_zone = '+00:00'",
        "SELECT VERSION() as `version`",
        "SELECT 1+1 AS result",
        // Rust: mysql, mysql_async, sqlx, Diesel
        "SELECT @@max_allowed_packet",
        "SELECT @@max_allowed_packet,@@wait_timeout",
        "SET sql_mode=(SELECT CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION')),time_zone='+00:00',NAMES utf8mb4;",
        "SET character_set_connection = 'utf8mb4'",
        // MariaDB Connector/J 2.7 and 3.5
        "set autocommit=1, sql_mode = concat(@@sql_mode,',STRICT_TRANS_TABLES')",
        "SELECT @@max_allowed_packet,@@system_time_zone,@@time_zone,@@auto_increment_increment",
        "set sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES'),session_track_system_variables = CONCAT(@@global.session_track_system_variables,',tx_isolation'),NAMES utf8mb4",
        // DBD::MariaDB, ODBC
        "SET character_set_server = 'utf8mb4'",
        "SET SESSION SQL_AUTO_IS_NULL=0",
        "SET session_track_schema= ON",
        "SET session_track_system_variables='autocommit,transaction_isolation'",
        // Percona Toolkit
        "SHOW VARIABLES LIKE 'wait\\_timeout'",
        "SET SESSION wait_timeout=10000",
        "SELECT @@SQL_MODE",
        "SET @@SQL_QUOTE_SHOW_CREATE = 1/*!40101, @@SQL_MODE='NO_AUTO_VALUE_ON_ZERO,STRICT_TRANS_TABLES'*/",
        "SELECT @@server_id /*!50038 , @@hostname*/",
        "SHOW /*!40103 GLOBAL*/ VARIABLES",
        // The command line clients
        "select @@version_comment limit 1",
        "select $$",
        "select DATABASE(), USER() limit 1",
        "select @@character_set_client, @@character_set_connection, @@character_set_server, @@character_set_database limit 1",
        // Connector/J, Connector/NET, HikariCP, DBeaver
        "/* mysql-connector-j-9.4.0 (Revision: 0) */SELECT  @@session.auto_increment_increment AS auto_increment_increment, \
         @@character_set_client AS character_set_client, @@character_set_results AS character_set_results, \
         @@collation_server AS collation_server, @@init_connect AS init_connect, \
         @@interactive_timeout AS interactive_timeout, @@license AS license, \
         @@net_write_timeout AS net_write_timeout, @@performance_schema AS performance_schema, \
         @@system_time_zone AS system_time_zone, @@time_zone AS time_zone, \
         @@transaction_isolation AS transaction_isolation, @@wait_timeout AS wait_timeout",
        "SET character_set_results = NULL",
        "SHOW WARNINGS",
        "select @@session.transaction_read_only",
        "SELECT @@max_allowed_packet, @@character_set_client, @@character_set_connection, @@license, \
         @@sql_mode, @@lower_case_table_names, @@autocommit;",
        "SELECT TIMEDIFF(NOW(), UTC_TIMESTAMP())",
        "SHOW COLLATION",
        "SET SQL_SELECT_LIMIT=DEFAULT",
        "SELECT @@GLOBAL.character_set_server,@@GLOBAL.collation_server",
        "SHOW ENGINES",
        "SHOW PLUGINS",
        "COMMIT",
        "START TRANSACTION",
    ] {
        let prelude = &mut prelude();
        let prepared = prelude.prepare(&Statement::new(StatementCommand::Prepare, text));
        assert!(prepared.is_some(), "{text}");
        let answer = ask(prelude, text);
        assert!(answer.is_some(), "{text}");
        let refused = matches!(answer, Some(Outcome::Error(_)));
        assert_eq!(refused, text == "select $$", "{text}: {answer:?}");
    }
}
