use super::*;

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
fn statements_that_no_driver_sends_on_its_own_are_not_answered() {
    for text in [
        "",
        ";",
        "select",
        "select 1 from t",
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
        "set statement max_statement_time = 1 for select 1",
        "flush tables",
        "show databases",
        "select * from information_schema.triggers",
    ] {
        let prelude = &mut prelude();
        assert_eq!(ask(prelude, text), None, "{text}");
        let prepare = Statement::new(StatementCommand::Prepare, text);
        assert_eq!(prelude.prepare(&prepare), None, "{text}");
    }
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
    prelude.greet(&mut Greeting {
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

#[test]
fn a_mock_has_an_identity_of_its_own() {
    let ask_all = "select @@port, @@server_id, @@hostname, @@server_uuid";
    let one = cells(&mut prelude(), ask_all);
    assert_eq!(one[0][..3], ["3307", "3307", "mynah-3307"]);
    let server = Arc::new(Server::new(Identity::at(3308)));
    let mut other = Client::new(Prelude::new(PreludeKind::Default, server, "9.7.4", 1));
    let other = cells(&mut other, ask_all);
    for (one, other) in one[0].iter().zip(&other[0]) {
        assert_ne!(one, other);
    }
}

#[test]
fn comments_are_for_servers_of_their_version() {
    let comment = "select 1 /*!50700 , 2 */ /*!80013 , 3 */ /*M!100100 , 4 */ /*!999999 , 5 */";
    for (version, want) in [
        ("9.7.4", "1|2|3"),
        ("5.7.44", "1|2"),
        ("5.6.51", "1"),
        ("10.11.6-MariaDB", "1|4"),
    ] {
        let prelude = &mut of_version(version, PreludeKind::Default);
        let row = &cells(prelude, comment)[0];
        assert_eq!(row.join("|"), want, "{version}");
    }
}

#[test]
fn a_kill_names_the_connection_and_whether_it_stays() {
    let kill = |connection_id, only_statement| {
        Some(Outcome::Kill(mynah_session::Kill {
            connection_id,
            only_statement,
        }))
    };
    let prelude = &mut prelude();
    for (text, want) in [
        ("KILL 9", kill(9, false)),
        ("kill connection 9", kill(9, false)),
        ("KILL QUERY 9;", kill(9, true)),
        ("/* a tool */ kill query connection_id()", kill(7, true)),
        ("KILL -1", kill(u32::MAX, false)),
        ("KILL 99999999999", kill(u32::MAX, false)),
        ("KILL", None),
        ("KILL QUERY", None),
        ("KILL 'nine'", None),
        ("KILL 9 9", None),
        ("KILL SOFT 9", None),
    ] {
        assert_eq!(ask(prelude, text), want, "{text}");
        let prepare = Statement::new(StatementCommand::Prepare, text);
        let known = want.is_some().then(Prepared::default);
        assert_eq!(prelude.prepare(&prepare), known, "{text}");
    }
    let mariadb = &mut of_version("11.8.9-MariaDB", PreludeKind::Default);
    assert_eq!(ask(mariadb, "KILL HARD QUERY 9"), kill(9, true));
}

#[test]
fn a_mariadb_leaves_what_it_greets_old_clients_with_out_of_its_version() {
    let mut mariadb = of_version("5.5.5-10.11.18-MariaDB", PreludeKind::Default);
    let version = selected(&mut mariadb, "select version()");
    assert_eq!(version, [Some("10.11.18-MariaDB".to_owned())]);
    let mut old = of_version("5.5.5-log", PreludeKind::Default);
    assert_eq!(
        selected(&mut old, "select version()"),
        [Some("5.5.5-log".to_owned())]
    );
}

#[test]
fn a_mariadb_runs_what_stands_behind_the_variables_of_one_statement() {
    let text = "SET STATEMENT max_statement_time=2 FOR SELECT 1 + 1";
    let mut mariadb = of_version("11.8.2-MariaDB", PreludeKind::Default);
    assert_eq!(selected(&mut mariadb, text), [Some("2".to_owned())]);
    assert!(ask(&mut prelude(), text).is_none());
}

#[test]
fn a_statement_that_is_a_comment_is_empty() {
    let mut mysql = prelude();
    for text in [
        "/*M!100100 SET WAIT_TIMEOUT=DEFAULT */",
        "/*!99999 SET autocommit=0 */;",
        "-- nothing",
    ] {
        let Some(Outcome::Error(failure)) = ask(&mut mysql, text) else {
            panic!("{text}");
        };
        assert_eq!(failure.code, 1065);
    }
    // Without a comment it is the script's.
    assert!(ask(&mut mysql, " ").is_none());
}

#[test]
fn statements_are_read_as_the_sql_mode_says() {
    for version in ["9.7.4", "11.8.9-MariaDB"] {
        let mut client = of_version(version, PreludeKind::Default);
        let text = |text: &str| Some(text.to_owned());
        let found = selected(&mut client, r#"select "a", 'b\n'"#);
        assert_eq!(found, [text("a"), text("b\n")], "{version}");
        let set = "set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'";
        completion(ask(&mut client, set));
        let found = selected(&mut client, r#"select 'b\n' as "c""#);
        assert_eq!(found, [text(r"b\n")], "{version}");
        let named = ask(&mut client, r#"select "a""#);
        assert!(!matches!(named, Some(Outcome::Rows(_))), "{version}");
        completion(ask(&mut client, "set sql_mode = ''"));
        assert_eq!(selected(&mut client, r#"select "a""#), [text("a")]);
    }
}
