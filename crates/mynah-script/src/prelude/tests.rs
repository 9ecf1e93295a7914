use mynah_classic::StatusFlags;
use mynah_classic::response::SessionStateChange;
use mynah_session::{StatementCommand, Warning, WarningLevel};

use super::*;

/// A client of a prelude, with the state that its session is in.
struct Client {
    prelude: Prelude,
    state: SessionState,
}

impl Client {
    fn new(prelude: Option<Prelude>) -> Self {
        let state = SessionState {
            schema: Some("zoo".into()),
            ..SessionState::default()
        };
        Self {
            prelude: prelude.unwrap(),
            state,
        }
    }

    fn statement(&mut self, statement: &Statement) -> Option<Reply> {
        let state = self.state.clone();
        let statement = Statement {
            state,
            ..statement.clone()
        };
        let reply = self.prelude.statement(&statement)?;
        self.take_over(&reply);
        Some(reply)
    }

    /// The trace answers a statement.
    fn answered(&mut self, text: &'static str, outcome: Outcome) {
        let state = self.state.clone();
        let statement = Statement {
            state,
            ..Statement::query(text)
        };
        let mut reply = outcome.into();
        self.prelude.answered(&statement, &mut reply);
        self.take_over(&reply);
    }

    fn take_over(&mut self, reply: &Reply) {
        let completion = match &reply.outcome {
            Outcome::Ok(completion) => completion,
            Outcome::Rows(result) => &result.end,
            _ => return,
        };
        self.state.take_over(completion, self.prelude.facts.dialect);
    }

    fn reset(&mut self) {
        self.prelude.reset();
        *self = Self::new(Some(std::mem::replace(
            &mut self.prelude,
            prelude().prelude,
        )));
    }
}

impl std::ops::Deref for Client {
    type Target = Prelude;

    fn deref(&self) -> &Prelude {
        &self.prelude
    }
}

impl std::ops::DerefMut for Client {
    fn deref_mut(&mut self) -> &mut Prelude {
        &mut self.prelude
    }
}

fn prelude() -> Client {
    of_version("9.7.4-mock", PreludeKind::Default)
}

fn of_version(version: &str, kind: PreludeKind) -> Client {
    let server = Arc::new(Server::new(Identity::at(3307)));
    let mut client = Client::new(Prelude::new(kind, server, version, 7));
    let username = "ada".into();
    client.logged_in(&Login {
        username,
        ..Login::default()
    });
    client
}

fn ask(client: &mut Client, text: &'static str) -> Option<Outcome> {
    let reply = client.statement(&Statement::query(text));
    reply.map(|reply| reply.outcome)
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

fn selected(prelude: &mut Client, text: &'static str) -> Vec<Option<String>> {
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
fn what_is_set_is_selected_and_told() {
    let prelude = &mut prelude();
    let ok = completion(ask(
        prelude,
        "SET @@session.autocommit = OFF, time_zone='+00:00', sql_mode = f(1, 2)",
    ));
    assert_eq!(ok.status_flags, Some(StatusFlags::empty()));
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
        selected(prelude, "select @@transaction_isolation"),
        [some("READ-COMMITTED")]
    );
    completion(ask(prelude, "SET character_set_results = NULL"));
    assert_eq!(selected(prelude, "select @@character_set_results"), [None]);
    prelude.reset();
    assert_eq!(selected(prelude, "select @@autocommit"), [some("1")]);
}

#[test]
fn transactions_show_in_the_status() {
    let prelude = &mut prelude();
    let mut flags = |text| {
        completion(ask(prelude, text))
            .status_flags
            .unwrap_or_default()
    };
    let (auto, both) = (
        StatusFlags::AUTOCOMMIT,
        StatusFlags::AUTOCOMMIT | StatusFlags::IN_TRANS,
    );
    assert_eq!(flags("BEGIN"), both);
    assert_eq!(flags("savepoint a"), both);
    assert_eq!(flags("rollback to savepoint a"), both);
    assert_eq!(flags("ROLLBACK"), auto);
    let read_only = both | StatusFlags::IN_TRANS_READONLY;
    assert_eq!(flags("start transaction read only"), read_only);
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

fn refused(prelude: &mut Client, text: &'static str) -> (u16, String) {
    match ask(prelude, text) {
        Some(Outcome::Error(failure)) => {
            let message = String::from_utf8(failure.message.to_vec()).unwrap();
            (failure.code, message)
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn cells(prelude: &mut Client, text: &'static str) -> Vec<Vec<String>> {
    let (_, rows) = table(ask(prelude, text));
    let cell = |cell: Option<String>| cell.unwrap_or_else(|| "NULL".to_owned());
    let rows = rows.into_iter();
    rows.map(|row| row.into_iter().map(cell).collect())
        .collect()
}

/// The values are those of MySQL 9.7.4 and MariaDB 10.11.18.
#[test]
fn expressions_have_the_values_that_servers_give_them() {
    for (text, want) in [
        ("select 1", "1"),
        ("select 'it''s', \"a\\nb\", 'a' 'b'", "it's|a\nb|ab"),
        (
            "select 1.5, -1.5, 2*1.5, 1e0+1, 1/3",
            "1.5|-1.5|3.0|2|0.3333",
        ),
        ("select 5 div 2, 5 % 2, 7 & 3, 1/0", "2|1|3|NULL"),
        (
            "select 9223372036854775808, -9223372036854775808",
            "9223372036854775808|-9223372036854775808",
        ),
        (
            "select 1 in (1, 2), not 1, 1 like 1, null is null, 2 between 1 and 3",
            "1|0|1|1|1",
        ),
        (
            "select null = 1, null <=> null, 1 or null, 0 and null, null or 0",
            "NULL|1|1|0|NULL",
        ),
        (
            "select 'a' = 'A', 'a' like 'A%', '10' > 9, 'x' = 0",
            "1|1|1|1",
        ),
        (
            "select if(1, 'a', 2), ifnull(null, 1), coalesce(null, 'x'), nullif(1, 1)",
            "a|1|x|NULL",
        ),
        (
            "select case when 1 then 2 else 'x' end, case 3 when 3 then 'y' end",
            "2|y",
        ),
        (
            "select cast('1' as signed), cast('12abc' as unsigned), cast(1 as char)",
            "1|12|1",
        ),
        (
            "select CAST('test plain returns' AS CHAR(60)) AS anon_1",
            "test plain returns",
        ),
        (
            "select CAST('abc' AS CHAR(2)), convert('a' using utf8mb4), convert('1', signed)",
            "ab|a|1",
        ),
        (
            "select upper('a'), substring('abc', 2), left('abc', 2), right('abc', 1)",
            "A|bc|ab|c",
        ),
        (
            "select substring_index('10.11-x', '-', 1), length('a'), locate('b', 'ab')",
            "10.11|1|2",
        ),
        (
            "select cast('2001-01-01' as datetime)",
            "2001-01-01 00:00:00",
        ),
        ("select (select 1), _utf8mb4'x' collate utf8mb4_bin", "1|x"),
        ("select 1 union select 2 union all select 3 limit 1", "1"),
        ("select 1 from dual where 1 = 1", "1"),
    ] {
        let rows = cells(&mut prelude(), text);
        let first = rows.first().map(|row| row.join("|"));
        assert_eq!(first.as_deref(), Some(want), "{text}");
    }
    for text in [
        "select now()",
        "select current_timestamp",
        "select utc_timestamp()",
        "select curdate()",
    ] {
        let [first] = &cells(&mut prelude(), text)[..] else {
            panic!("{text}");
        };
        assert!(first[0].starts_with("20"), "{text}: {first:?}");
    }
}

#[test]
fn expressions_that_are_too_deep_or_too_long_are_not_answered() {
    let deep = format!("select {}1{}", "(".repeat(500), ")".repeat(500));
    let signs = format!("select {}1", "-".repeat(2_000));
    let nots = format!("select {}1", "not ".repeat(1_500));
    let chain = format!("select 1{}", "+1".repeat(2_000));
    let tests = format!("select 1{}", " between 0 and 2".repeat(400));
    let cases = format!(
        "select {}1{}",
        "case (".repeat(300),
        ") when 1 then 1 end".repeat(300)
    );
    let counts = format!("select {}1{}", "count(".repeat(200), ")".repeat(200));
    let nested = "select max(max(id)) from information_schema.collations".to_owned();
    let selects = format!(
        "select {}1 a{}",
        "a from (select ".repeat(100),
        ") t".repeat(100)
    );
    let too_large = "select 9223372036854775807 * 9223372036854775807".to_owned();
    for text in [
        deep, signs, nots, chain, tests, cases, counts, nested, selects, too_large,
    ] {
        let statement = Statement::query(text.clone());
        assert_eq!(prelude().statement(&statement), None, "{text}");
    }
}

#[test]
fn a_statement_that_asks_for_too_much_work_is_not_answered() {
    let collations = ["information_schema.collations"; 3].join(", ");
    let product = format!("select count(*) from {collations}");
    let pattern = format!(
        "select '{}' like '{}b'",
        "a".repeat(4_000),
        "%a".repeat(1_500)
    );
    for text in [product.clone(), pattern] {
        let statement = Statement::query(text);
        assert_eq!(prelude().statement(&statement), None);
    }
    // For tools it is empty, rather than an error.
    let prelude = &mut of_version("11.8.2-MariaDB", PreludeKind::Tools);
    let count = prelude.statement(&Statement::query(product));
    assert_eq!(
        table(count.map(|reply| reply.outcome)).1,
        [[Some("0".to_owned())]]
    );
}

#[test]
fn values_of_users_do_not_grow_without_bound() {
    let prelude = &mut prelude();
    completion(ask(prelude, "set @a = 'aaaaaaaaaaaaaaaa'"));
    let mut answered = 0;
    while ask(prelude, "set @a = concat(@a, @a)").is_some() {
        answered += 1;
        assert!(answered < 32);
    }
    let lengths = cells(prelude, "select length(@a)");
    assert_eq!(lengths, [["8192"]]);
    let names = (0..300).map(|index| format!("set @v{index} = 1"));
    let kept = names.filter(|text| prelude.statement(&Statement::query(text.clone())).is_some());
    assert_eq!(kept.count(), 255);
}

#[test]
fn variables_of_users_are_kept_until_the_session_is_reset() {
    let prelude = &mut prelude();
    completion(ask(prelude, "SET @a=1, @b := 2.5, @`c d` = 'x', @D = @a"));
    let rows = cells(prelude, "select @a, @b, @'c d', @d, @nope, @a + 1");
    assert_eq!(rows, [["1", "2.5", "x", "NULL", "NULL", "2"]]);
    prelude.reset();
    assert_eq!(cells(prelude, "select @a"), [["NULL"]]);
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
fn a_version_has_the_variables_that_its_server_has() {
    for (version, variable, want) in [
        ("9.7.4", "@@GLOBAL.gtid_mode", Some("OFF")),
        ("9.7.4", "@@innodb_version", Some("9.7.4")),
        ("9.7.4", "@@tx_isolation", None),
        ("8.0.36", "@@query_cache_size", None),
        ("8.0.36", "@@transaction_isolation", Some("REPEATABLE-READ")),
        ("5.7.44", "@@tx_isolation", Some("REPEATABLE-READ")),
        ("5.7.44", "@@query_cache_type", Some("OFF")),
        ("5.6.51", "@@tx_isolation", Some("REPEATABLE-READ")),
        ("5.6.51", "@@transaction_isolation", None),
        ("10.11.6-MariaDB", "@@server_uuid", None),
        ("10.11.6-MariaDB", "@@aria_block_size", Some("8192")),
        (
            "11.8.2-MariaDB",
            "@@transaction_isolation",
            Some("REPEATABLE-READ"),
        ),
    ] {
        let prelude = &mut of_version(version, PreludeKind::Default);
        let statement = Statement::query(format!("select {variable}"));
        let outcome = prelude.statement(&statement).map(|reply| reply.outcome);
        match want {
            Some(want) => assert_eq!(
                table(outcome).1,
                [[Some(want.to_owned())]],
                "{version} {variable}"
            ),
            None => assert!(
                matches!(&outcome, Some(Outcome::Error(failure)) if failure.code == 1193),
                "{version} {variable}: {outcome:?}"
            ),
        }
    }
}

/// Each as MySQL 9.7.4, MySQL 5.6.24 and MariaDB 10.11 and 11.8 say it.
#[test]
fn what_servers_refuse_to_set_is_refused() {
    for (text, code, message) in [
        ("set foo=1", 1193, "Unknown system variable 'foo'"),
        ("set @@foo=1", 1193, "Unknown system variable 'foo'"),
        (
            "set port=1",
            1238,
            "Variable 'port' is a read only variable",
        ),
        (
            "set global port=1",
            1238,
            "Variable 'port' is a read only variable",
        ),
        (
            "set max_connections=100",
            1229,
            "Variable 'max_connections' is a GLOBAL variable and should be set with SET GLOBAL",
        ),
        (
            "set global timestamp=1",
            1228,
            "Variable 'timestamp' is a SESSION variable and can't be used with SET GLOBAL",
        ),
        (
            "select @@global.timestamp",
            1238,
            "Variable 'timestamp' is a SESSION variable",
        ),
        (
            "select @@session.max_connections",
            1238,
            "Variable 'max_connections' is a GLOBAL variable",
        ),
        (
            "set autocommit=5",
            1231,
            "Variable 'autocommit' can't be set to the value of '5'",
        ),
        (
            "set autocommit=null",
            1231,
            "Variable 'autocommit' can't be set to the value of 'NULL'",
        ),
        (
            "set wait_timeout=abc",
            1232,
            "Incorrect argument type to variable 'wait_timeout'",
        ),
        (
            "set wait_timeout='10'",
            1232,
            "Incorrect argument type to variable 'wait_timeout'",
        ),
        (
            "set sql_mode=nope",
            1231,
            "Variable 'sql_mode' can't be set to the value of 'nope'",
        ),
        (
            "set time_zone=nope",
            1298,
            "Unknown or incorrect time zone: 'nope'",
        ),
        (
            "set max_allowed_packet=5",
            1621,
            "SESSION variable 'max_allowed_packet' is read-only. Use SET GLOBAL to assign the value",
        ),
        (
            "set autocommit=0, foo=1",
            1193,
            "Unknown system variable 'foo'",
        ),
    ] {
        let prelude = &mut prelude();
        assert_eq!(refused(prelude, text), (code, message.to_owned()), "{text}");
        assert_eq!(cells(prelude, "select @@autocommit"), [["1"]], "{text}");
    }
}

#[test]
fn what_a_session_sets_leaves_the_global_value_and_what_is_global_is_for_new_sessions() {
    let server = Arc::new(Server::new(Identity::at(3307)));
    let open = || {
        let prelude = Prelude::new(PreludeKind::Default, server.clone(), "9.7.4", 1);
        Client::new(prelude)
    };
    let one = &mut open();
    completion(ask(
        one,
        "SET time_zone = '+02:00', wait_timeout = @@global.wait_timeout + 1",
    ));
    let both = "select @@time_zone, @@global.time_zone, @@wait_timeout, @@global.wait_timeout";
    assert_eq!(cells(one, both), [["+02:00", "SYSTEM", "28801", "28800"]]);
    completion(ask(one, "set global wait_timeout = 5, max_connections = 7"));
    let other = &mut open();
    assert_eq!(
        cells(other, "select @@wait_timeout, @@max_connections"),
        [["5", "7"]]
    );
    assert_eq!(cells(one, "select @@wait_timeout"), [["28801"]]);
    completion(ask(one, "set wait_timeout = default"));
    assert_eq!(cells(one, "select @@wait_timeout"), [["5"]]);
}

#[test]
fn the_next_transaction_begins_where_the_last_is_chained() {
    let prelude = &mut prelude();
    let mut in_transaction = |text| {
        let flags = completion(ask(prelude, text))
            .status_flags
            .unwrap_or_default();
        flags.contains(StatusFlags::IN_TRANS)
    };
    for (text, want) in [
        ("begin", true),
        ("commit and chain", true),
        ("commit and no chain", false),
        ("begin", true),
        ("rollback work and chain no release", true),
        ("commit", false),
    ] {
        assert_eq!(in_transaction(text), want, "{text}");
    }
}

#[test]
fn warnings_are_those_of_the_last_answer() {
    let prelude = &mut prelude();
    let warning = |code, message: &'static str| Warning {
        level: WarningLevel::Warning,
        code,
        message: message.into(),
    };
    let completion = Completion {
        warnings: vec![warning(1, "one"), warning(2, "two")],
        last_insert_id: 9,
        affected_rows: 3,
        ..Completion::default()
    };
    prelude.answered("update t set a = 1", Outcome::Ok(completion));
    assert_eq!(cells(prelude, "show count(*) warnings"), [["2"]]);
    assert_eq!(
        cells(prelude, "SHOW WARNINGS LIMIT 1, 1"),
        [["Warning", "2", "two"]]
    );
    assert_eq!(cells(prelude, "show errors").len(), 0);
    assert_eq!(
        cells(
            prelude,
            "select @@warning_count, row_count(), last_insert_id()"
        ),
        [["2", "3", "9"]]
    );
    assert_eq!(cells(prelude, "show warnings limit 5").len(), 0);
    refused(prelude, "set nope = 1");
    let want = ["Error", "1193", "Unknown system variable 'nope'"];
    assert_eq!(cells(prelude, "show warnings"), [want]);
    assert_eq!(cells(prelude, "show errors limit 1"), [want]);
}

#[test]
fn lists_are_shown_by_any_condition_on_their_columns() {
    let prelude = &mut prelude();
    let first = |prelude: &mut Client, text| cells(prelude, text).first().map(|row| row.join("|"));
    for (text, want) in [
        (
            "show charset where charset = 'latin1'",
            "latin1|cp1252 West European|latin1_swedish_ci|1",
        ),
        (
            "show character set like 'latin1'",
            "latin1|cp1252 West European|latin1_swedish_ci|1",
        ),
        (
            "show collation where id = 8",
            "latin1_swedish_ci|latin1|8|Yes|Yes|1|PAD SPACE",
        ),
        (
            "SHOW COLLATION WHERE `Default` = 'Yes' AND Charset LIKE 'utf8mb4'",
            "utf8mb4_0900_ai_ci|utf8mb4|255|Yes|Yes|0|NO PAD",
        ),
        (
            "show collation where charset in ('latin1', 'x') and not (id < 48) and sortlen >= 1",
            "latin1_general_ci|latin1|48||Yes|1|PAD SPACE",
        ),
        (
            "show variables where variable_name = 'autocommit' or value = 'InnoDB'",
            "autocommit|ON",
        ),
        (
            "show global variables where value like 'inno%'",
            "default_storage_engine|InnoDB",
        ),
        (
            "show engines",
            "ndbcluster|NO|Clustered, fault-tolerant tables|NULL|NULL|NULL",
        ),
    ] {
        assert_eq!(first(prelude, text).as_deref(), Some(want), "{text}");
    }
    assert_eq!(
        refused(prelude, "show collation where nope = 1"),
        (1054, "Unknown column 'nope' in 'where clause'".to_owned())
    );
    assert!(cells(prelude, "show collation where id > 8 and id < 0").is_empty());
}

#[test]
fn tables_that_a_mock_lacks_are_counted_as_none() {
    let prelude = &mut prelude();
    let exists = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'zoo' AND table_name = 't'";
    assert_eq!(cells(prelude, exists), [["0"]]);
    let schema = "select count(*) from information_schema.schemata where schema_name = 'zoo'";
    assert_eq!(cells(prelude, schema), [["1"]]);
    let names = "SELECT character_set_name, count(*) FROM information_schema.collations \
                 WHERE character_set_name like 'latin_' GROUP BY 1 ORDER BY 2 desc, 1 LIMIT 1";
    assert_eq!(ask(prelude, names), None);
    let names = "SELECT character_set_name c, count(*) n FROM information_schema.collations \
                 WHERE character_set_name like 'latin_' GROUP BY character_set_name ORDER BY n desc LIMIT 1";
    assert_eq!(cells(prelude, names), [["latin1", "8"]]);
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
fn tools_are_told_what_there_is_and_what_there_is_none_of() {
    let prelude = &mut of_version("9.7.4", PreludeKind::Tools);
    assert_eq!(
        cells(prelude, "SHOW DATABASES"),
        [["information_schema"], ["zoo"]]
    );
    assert_eq!(cells(prelude, "show schemas like 'z%'"), [["zoo"]]);
    assert!(
        cells(
            prelude,
            "SHOW FULL TABLES FROM `zoo` WHERE Table_type = 'VIEW'"
        )
        .is_empty()
    );
    assert!(cells(prelude, "show tables").is_empty());
    assert!(cells(prelude, "show tables from information_schema").len() > 50);
    let columns = cells(
        prelude,
        "show columns from information_schema.schemata like 'schema_n%'",
    );
    assert_eq!(columns[0][0], "SCHEMA_NAME");
    for text in [
        "show table status from zoo like 't'",
        "show triggers",
        "SHOW INDEX FROM t",
        "select * from information_schema.tables where table_schema = 'zoo'",
        "SELECT policy_name FROM performance_schema.column_masking_policy",
        "SELECT DISTINCT a, b FROM INFORMATION_SCHEMA.FILES WHERE a IN (SELECT b FROM x WHERE c) ORDER BY a",
        "select t.table_name, c.column_name from information_schema.tables t join \
         information_schema.columns c using (table_name) where t.x regexp 'y' order by 1",
        "select table_name as n from information_schema.partitions where exists (select 1)",
        "select user, host from mysql.user",
        "show binary logs",
    ] {
        assert!(cells(prelude, text).is_empty(), "{text}");
    }
    let schemas = "SELECT *, CAST(BIN_NAME AS CHAR CHARACTER SET utf8) AS SCHEMA_NAME FROM (SELECT BINARY \
                   s.SCHEMA_NAME AS BIN_NAME FROM `information_schema`.SCHEMATA s GROUP BY BINARY \
                   s.SCHEMA_NAME ORDER BY BINARY `SCHEMA_NAME` ASC) a";
    let want = ["information_schema", "zoo"].map(|name| [name, name]);
    assert_eq!(cells(prelude, schemas), want);
    let first_levels = "SELECT `SCHEMA_NAME` FROM `INFORMATION_SCHEMA`.`SCHEMATA`, (SELECT DB_first_level FROM \
        ( SELECT DISTINCT SUBSTRING_INDEX(SCHEMA_NAME, '_', 1) DB_first_level FROM \
        INFORMATION_SCHEMA.SCHEMATA WHERE TRUE ) t ORDER BY DB_first_level ASC LIMIT 0, 100) t2 WHERE TRUE \
        AND 1 = LOCATE(CONCAT(DB_first_level, '_'), CONCAT(SCHEMA_NAME, '_')) ORDER BY SCHEMA_NAME ASC";
    assert_eq!(
        cells(prelude, first_levels),
        [["information_schema"], ["zoo"]]
    );
    let left = "select s.schema_name, count(t.trigger_name) from information_schema.schemata s left join \
                information_schema.triggers t on t.trigger_schema = s.schema_name group by s.schema_name";
    assert_eq!(
        cells(prelude, left),
        [["information_schema", "0"], ["zoo", "0"]]
    );
    let count = "SELECT (COUNT(a) DIV 100) * 100 from (SELECT distinct 1 a FROM INFORMATION_SCHEMA.SCHEMATA) t";
    assert_eq!(cells(prelude, count), [["0"]]);
    assert_eq!(refused(prelude, "show create table t").0, 1146);
    assert_eq!(refused(prelude, "show master status").0, 1064);
    let grants = cells(prelude, "show grants for current_user()");
    assert_eq!(
        grants,
        [["GRANT ALL PRIVILEGES ON *.* TO `ada`@`localhost` WITH GRANT OPTION"]]
    );
    completion(ask(prelude, "UNLOCK TABLES"));
    assert_eq!(ask(prelude, "select * from zoo.t"), None);
    assert_eq!(
        ask(prelude, "insert into information_schema.tables values (1)"),
        None
    );
}

#[test]
fn what_tools_were_seen_to_ask_is_answered() {
    for (version, asked) in [
        ("9.7.4", include_str!("asked/mysql.txt")),
        ("10.11.18-MariaDB", include_str!("asked/mariadb.txt")),
    ] {
        let prelude = &mut of_version(version, PreludeKind::Tools);
        let statements = asked.lines().filter(|line| !line.starts_with('#'));
        let unanswered = |text: &&str| {
            let statement = Statement::query((*text).to_owned());
            prelude.statement(&statement).is_none()
        };
        let unanswered: Vec<_> = statements.filter(unanswered).collect();
        assert!(unanswered.is_empty(), "{version}: {unanswered:#?}");
    }
}

/// As MySQL 9.7.4 and MariaDB 10.11.18 say it.
#[test]
fn character_sets_that_there_are_not_are_refused() {
    for (text, code, message) in [
        (
            "SET NAMES klingon",
            1115,
            "Unknown character set: 'klingon'",
        ),
        (
            "SET CHARACTER SET klingon",
            1115,
            "Unknown character set: 'klingon'",
        ),
        (
            "SET character_set_results = klingon",
            1115,
            "Unknown character set: 'klingon'",
        ),
        (
            "SET GLOBAL character_set_server = klingon",
            1115,
            "Unknown character set: 'klingon'",
        ),
        (
            "SET autocommit = 0, NAMES klingon",
            1115,
            "Unknown character set: 'klingon'",
        ),
        (
            "SET NAMES latin1 COLLATE utf8mb4_bin",
            1253,
            "COLLATION 'utf8mb4_bin' is not valid for CHARACTER SET 'latin1'",
        ),
        (
            "SET NAMES utf8mb4 COLLATE nope",
            1273,
            "Unknown collation: 'nope'",
        ),
        (
            "SET collation_connection = nope",
            1273,
            "Unknown collation: 'nope'",
        ),
        (
            "SET NAMES ucs2",
            1231,
            "Variable 'character_set_client' can't be set to the value of 'ucs2'",
        ),
        (
            "SET character_set_client = NULL",
            1231,
            "Variable 'character_set_client' can't be set to the value of 'NULL'",
        ),
    ] {
        for version in ["9.7.4", "10.11.18-MariaDB"] {
            let prelude = &mut of_version(version, PreludeKind::Default);
            assert_eq!(refused(prelude, text), (code, message.to_owned()), "{text}");
            assert_eq!(cells(prelude, "select @@autocommit"), [["1"]], "{text}");
        }
    }
}

#[test]
fn character_sets_read_back_as_the_version_names_them() {
    let all = "select @@character_set_client, @@character_set_connection, @@character_set_results, \
               @@collation_connection";
    for (version, text, want) in [
        (
            "9.7.4",
            "SET NAMES utf8",
            ["utf8mb3", "utf8mb3", "utf8mb3", "utf8mb3_general_ci"],
        ),
        (
            "8.0.29",
            "SET NAMES 'utf8'",
            ["utf8mb3", "utf8mb3", "utf8mb3", "utf8_general_ci"],
        ),
        (
            "5.7.44",
            "SET NAMES utf8mb3",
            ["utf8", "utf8", "utf8", "utf8_general_ci"],
        ),
        (
            "11.8.9-MariaDB",
            "SET NAMES utf8 COLLATE utf8_bin",
            ["utf8mb3", "utf8mb3", "utf8mb3", "utf8mb3_bin"],
        ),
        (
            "5.7.44",
            "SET CHARACTER SET utf8mb4",
            ["utf8mb4", "latin1", "utf8mb4", "latin1_swedish_ci"],
        ),
        (
            "9.7.4",
            "SET character_set_client = 8, collation_connection = latin1_bin",
            ["latin1", "latin1", "utf8mb4", "latin1_bin"],
        ),
        (
            "9.7.4",
            "SET NAMES latin1, character_set_connection = DEFAULT",
            ["latin1", "utf8mb4", "latin1", "utf8mb4_0900_ai_ci"],
        ),
    ] {
        let prelude = &mut of_version(version, PreludeKind::Default);
        completion(ask(prelude, text));
        assert_eq!(cells(prelude, all), [want], "{version}: {text}");
    }
}

#[test]
fn what_the_login_and_the_trace_say_of_the_session_is_selected() {
    let prelude = &mut prelude();
    prelude.state.character_sets = mynah_session::CharacterSets::all(8);
    assert_eq!(
        cells(prelude, "select @@character_set_client"),
        [["latin1"]]
    );
    let said = Completion {
        status_flags: Some(StatusFlags::empty()),
        ..Completion::default()
    };
    prelude.answered("something", Outcome::Ok(said));
    assert_eq!(cells(prelude, "select @@autocommit"), [["0"]]);
    let variable = SessionStateChange::SystemVariable {
        name: "autocommit".into(),
        value: "ON".into(),
    };
    let said = Completion {
        session_state_changes: SessionStateChanges::new([&variable]),
        ..Completion::default()
    };
    prelude.answered("something", Outcome::Ok(said));
    assert_eq!(cells(prelude, "select @@autocommit"), [["1"]]);
}

#[test]
fn what_the_trace_agrees_to_holds_and_says_no_status_that_was_not_said() {
    let prelude = &mut prelude();
    let agreed = || Outcome::Ok(Completion::default());
    prelude.answered(
        "SET NAMES latin1, resultset_metadata = NONE, @a = 5",
        agreed(),
    );
    prelude.answered("USE farm", agreed());
    prelude.answered("BEGIN", agreed());
    assert_eq!(prelude.state.status_flags, None);
    assert!(prelude.state.without_metadata);
    let row = "select @@character_set_client, @@resultset_metadata, @a, database()";
    assert_eq!(cells(prelude, row), [["latin1", "NONE", "5", "farm"]]);
    prelude.answered("BEGIN", agreed());
    let flags = StatusFlags::AUTOCOMMIT | StatusFlags::IN_TRANS;
    assert_eq!(prelude.state.status_flags, Some(flags));
    prelude.answered("SET autocommit = 0", Outcome::Error(Failure::no_schema()));
    assert_eq!(prelude.state.status_flags, Some(flags));
}

/// Seen: MySQL 9.7.4 leaves one warning for the name, and one for the collation.
#[test]
fn names_that_will_change_their_meaning_leave_warnings() {
    for (version, text, want) in [
        ("9.7.4", "SET NAMES utf8", 1),
        ("9.7.4", "SET NAMES utf8mb3 COLLATE utf8mb3_bin", 2),
        ("9.7.4", "SET NAMES utf8mb4", 0),
        ("5.7.44", "SET NAMES utf8", 0),
        ("10.11.18-MariaDB", "SET NAMES utf8", 0),
    ] {
        let prelude = &mut of_version(version, PreludeKind::Default);
        assert_eq!(
            completion(ask(prelude, text)).warning_count,
            want,
            "{version}: {text}"
        );
    }
}

#[test]
fn transactions_are_told_as_the_newest_server_tells_them() {
    let prelude = &mut prelude();
    let mut told = |text| {
        let changes = completion(ask(prelude, text)).session_state_changes;
        changes.iter().map(Result::unwrap).collect::<Vec<_>>()
    };
    let state = |state: &'static str| SessionStateChange::TransactionState(state.into());
    assert_eq!(told("BEGIN"), [state("T_______")]);
    assert_eq!(told("savepoint a"), []);
    assert_eq!(told("COMMIT"), [state("________")]);
    assert_eq!(told("COMMIT"), []);
    assert_eq!(told("SET autocommit = 0").len(), 1);
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
    // Without a comment it is the trace's.
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
