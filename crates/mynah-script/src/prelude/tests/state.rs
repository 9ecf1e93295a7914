use mynah_session::CharacterSets;

use super::*;

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
fn what_the_login_and_the_script_say_of_the_session_is_selected() {
    let prelude = &mut prelude();
    prelude.state.character_sets = CharacterSets::all(8);
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
fn what_the_script_agrees_to_holds_and_says_no_status_that_was_not_said() {
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

#[test]
fn transactions_are_reported_as_by_the_newest_server() {
    let prelude = &mut prelude();
    let mut changes = |text| {
        let changes = completion(ask(prelude, text)).session_state_changes;
        changes.iter().map(Result::unwrap).collect::<Vec<_>>()
    };
    let state = |state: &'static str| SessionStateChange::TransactionState(state.into());
    assert_eq!(changes("BEGIN"), [state("T_______")]);
    assert_eq!(changes("savepoint a"), []);
    assert_eq!(changes("COMMIT"), [state("________")]);
    assert_eq!(changes("COMMIT"), []);
    assert_eq!(changes("SET autocommit = 0").len(), 1);
}

/// A new session of a server with these global values; what its greeting says is in its state.
fn begun(version: &str, set: &'static str, said: StatusFlags) -> (Greeting, Client) {
    let server = Arc::new(Server::new(Identity::at(3307)));
    let open = || Prelude::new(PreludeKind::Default, server.clone(), version, 1);
    completion(ask(&mut Client::new(open()), set));
    let mut client = Client::new(open());
    let mut greeting = Greeting {
        status_flags: said,
        ..Greeting::default()
    };
    client.greet(&mut greeting);
    let flags = greeting.status_flags;
    client.state = SessionState::greeted(flags, CharacterSets::default(), None);
    (greeting, client)
}

#[test]
fn a_new_session_reads_statements_by_the_global_sql_mode() {
    let set = "set global sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'";
    for version in ["9.7.4", "11.8.2-MariaDB"] {
        let (_, mut client) = begun(version, set, StatusFlags::empty());
        assert_eq!(
            cells(&mut client, r"select length('a\\b'), @@autocommit"),
            [["4", "1"]],
            "{version}"
        );
        completion(ask(&mut client, "set sql_mode = ''"));
        let length = cells(&mut client, r"select length('a\\b')");
        assert_eq!(length, [["3"]], "{version}");
    }
}

#[test]
fn the_greeting_has_the_status_flags_of_global_values() {
    let (autocommit, escapes) = (StatusFlags::AUTOCOMMIT, StatusFlags::NO_BACKSLASH_ESCAPES);
    let none = StatusFlags::empty();
    let maria = "11.8.2-MariaDB";
    for (version, set, said, greeted) in [
        (
            "9.7.4",
            "set global sql_mode = 'STRICT_ALL_TABLES'",
            none,
            none,
        ),
        (
            "9.7.4",
            "set global sql_mode = 'NO_BACKSLASH_ESCAPES'",
            none,
            autocommit | escapes,
        ),
        (
            "9.7.4",
            "set global sql_mode = 'NO_BACKSLASH_ESCAPES'",
            StatusFlags::IN_TRANS,
            StatusFlags::IN_TRANS | escapes,
        ),
        ("9.7.4", "set global sql_mode = 'ANSI_QUOTES'", none, none),
        (
            maria,
            "set global sql_mode = 'ANSI_QUOTES'",
            none,
            autocommit | StatusFlags::ANSI_QUOTES,
        ),
    ] {
        let (greeting, _) = begun(version, set, said);
        assert_eq!(greeting.status_flags, greeted, "{version}: {set}");
    }
}

#[test]
fn a_new_session_has_the_global_autocommit() {
    let (_, mut client) = begun("9.7.4", "set global autocommit = 0", StatusFlags::empty());
    assert_eq!(cells(&mut client, "select @@autocommit"), [["0"]]);
    completion(ask(&mut client, "begin"));
    completion(ask(&mut client, "commit"));
    assert_eq!(cells(&mut client, "select @@autocommit"), [["0"]]);
    completion(ask(&mut client, "set autocommit = 1"));
    assert_eq!(cells(&mut client, "select @@autocommit"), [["1"]]);
}
