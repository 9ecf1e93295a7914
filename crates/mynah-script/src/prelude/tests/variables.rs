use super::*;

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
fn what_is_set_is_selected_and_reported() {
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
    let before = &mut open();
    completion(ask(
        one,
        "set global wait_timeout = 5, max_connections = 7, sql_mode = 'ANSI_QUOTES'",
    ));
    // An open session keeps the values that it began with, until it is reset.
    assert_eq!(
        cells(
            before,
            "select @@wait_timeout, @@global.wait_timeout, @@max_connections"
        ),
        [["28800", "5", "7"]]
    );
    before.prelude.reset();
    assert_eq!(cells(before, "select @@wait_timeout"), [["5"]]);
    let other = &mut open();
    assert_eq!(cells(other, "select @@sql_mode"), [["ANSI_QUOTES"]]);
    assert_eq!(
        cells(other, "select @@wait_timeout, @@max_connections"),
        [["5", "7"]]
    );
    assert_eq!(cells(one, "select @@wait_timeout"), [["28801"]]);
    completion(ask(one, "set wait_timeout = default"));
    assert_eq!(cells(one, "select @@wait_timeout"), [["5"]]);
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
fn a_set_with_more_user_variables_than_a_session_may_have_sets_nothing() {
    let prelude = &mut prelude();
    let all: Vec<_> = (0..255).map(|number| format!("@v{number} = 1")).collect();
    let all = Box::leak(format!("set {}", all.join(", ")).into_boxed_str());
    completion(ask(prelude, all));
    for text in [
        "set wait_timeout = 77, @v255 = 1, @v256 = 1",
        "set @v255 = 1, @v256 = 1, wait_timeout = 77",
    ] {
        assert_eq!(ask(prelude, text), None, "{text}");
        let values = "select @@wait_timeout, @v0, @v255, @v256";
        let unset = [["28800", "1", "NULL", "NULL"]];
        assert_eq!(cells(prelude, values), unset, "{text}");
    }
    completion(ask(
        prelude,
        "set wait_timeout = 77, @v255 = 1, @v255 = 2, @v0 = 3",
    ));
    let values = "select @@wait_timeout, @v255, @v0";
    assert_eq!(cells(prelude, values), [["77", "2", "3"]]);
}
