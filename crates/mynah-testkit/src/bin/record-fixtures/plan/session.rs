use mynah_testkit::servers::RealServer;

use super::Side;
use crate::asked::Asked;

/// Several results at once, LOCAL INFILE, and what the server tells about the session.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let own = |name: &str, what: &str| side.own("query.c", name, what);
    let infile = [
        "DROP TABLE IF EXISTS loaded",
        "CREATE TABLE loaded (id INT, name VARCHAR(20))",
    ];
    let mut plan = Vec::new();
    plan.extend(side.both(
        "query.c",
        "multi-statements",
        "several statements at once, one with an error in between",
        |asked| {
            asked.options(&["multi-statements", "errors"]).with([
                "SELECT 1; DO 2; SELECT 3, 4",
                "SELECT 1; SELECT nothing; SELECT 3",
                "DO 1; DO 2",
            ])
        },
    ));
    plan.extend(side.both(
        "query.c",
        "multi-results",
        "a procedure with two results, and one with an error after the first",
        |asked| {
            asked
                .options(&["errors"])
                .with(["CALL two_results()", "CALL result_and_error()"])
        },
    ));
    if let Some(call) = plan.iter_mut().find(|asked| asked.name == "multi-results") {
        *call = call.clone().before(PROCEDURES);
    }
    plan.extend([
        own(
            "local-infile",
            "LOAD DATA LOCAL INFILE: a file of three lines",
        )
        .options(&["local-infile"])
        .before(infile)
        .with([format!(
            "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE loaded {CSV}"
        )]),
        own(
            "local-infile-missing",
            "LOAD DATA LOCAL INFILE of a file the client hasn't got",
        )
        .options(&["local-infile", "errors"])
        .with([
            format!("LOAD DATA LOCAL INFILE 'missing.csv' INTO TABLE loaded {CSV}"),
            "SELECT 1".to_owned(),
        ]),
        own(
            "local-infile-refused",
            "LOAD DATA LOCAL INFILE without the capability",
        )
        .options(&["errors"])
        .with([format!(
            "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE loaded {CSV}"
        )]),
        own("status-flags", "statements that set each status flag")
            .before([
                "DROP TABLE IF EXISTS status",
                "CREATE TABLE status (a INT) ENGINE = InnoDB",
                "INSERT INTO status VALUES (1)",
            ])
            .with(STATUS_FLAGS),
    ]);
    if !side.is(RealServer::MySql56) {
        let track = if side.is(RealServer::MySql97) {
            TRACK_GTIDS
        } else {
            TRACK
        };
        plan.extend(side.both(
            "query.c",
            "session-track",
            "session tracking of all that can be tracked",
            |asked| asked.with([TRACK_VARIABLES, track]).with(TRACKED),
        ));
        if let Some(tracked) = plan.iter_mut().find(|asked| asked.name == "session-track") {
            *tracked = tracked.clone().before([
                "DROP TABLE IF EXISTS tracked",
                "CREATE TABLE tracked (a INT) ENGINE = InnoDB",
            ]);
        }
    }
    if side.is_mariadb() {
        plan.push(
            own("progress-reports", "progress reports of a long ALTER TABLE")
                .options(&["progress"])
                .before([
                    "DROP TABLE IF EXISTS long_one",
                    "CREATE TABLE long_one ENGINE = MyISAM AS SELECT seq, REPEAT('x', 200) AS x FROM seq_1_to_3000000",
                ])
                .with(["SET progress_report_time = 1", "ALTER TABLE long_one ENGINE = Aria", "DROP TABLE long_one"]),
        );
    }
    plan
}

const CSV: &str = "FIELDS TERMINATED BY ','";

const PROCEDURES: [&str; 4] = [
    "DROP PROCEDURE IF EXISTS two_results",
    "CREATE PROCEDURE two_results() BEGIN SELECT 1 AS one; SELECT 2 AS two, 3 AS three; END",
    "DROP PROCEDURE IF EXISTS result_and_error",
    "CREATE PROCEDURE result_and_error() BEGIN SELECT 1 AS one; SIGNAL SQLSTATE '45000'; END",
];

const STATUS_FLAGS: [&str; 18] = [
    "START TRANSACTION",
    "SELECT * FROM status",
    "COMMIT",
    "START TRANSACTION READ ONLY",
    "SELECT 1",
    "COMMIT",
    "SET autocommit = 0",
    "SELECT 1",
    "SET autocommit = 1",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
    "SELECT 1",
    "SET sql_mode = 'ANSI_QUOTES'",
    "SELECT 1",
    "SET sql_mode = ''",
    "SET long_query_time = 0",
    "SELECT * FROM status WHERE a = 1",
    "CREATE DATABASE dropped",
    "DROP DATABASE dropped",
];

const TRACK_VARIABLES: &str = "SET session_track_system_variables = '*'";
const TRACK: &str = "SET session_track_schema = ON, session_track_state_change = ON, session_track_transaction_info = 'CHARACTERISTICS'";
const TRACK_GTIDS: &str = "SET session_track_schema = ON, session_track_state_change = ON, \
    session_track_transaction_info = 'CHARACTERISTICS', session_track_gtids = 'OWN_GTID'";

const TRACKED: [&str; 16] = [
    "SET NAMES latin1",
    "USE mysql",
    "USE test",
    "SET @user_variable = 1",
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "START TRANSACTION READ WRITE",
    "SELECT * FROM tracked",
    "INSERT INTO tracked VALUES (1)",
    "COMMIT",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    "ROLLBACK",
    "SET SESSION TRANSACTION READ ONLY",
    "SELECT 1",
    "SET SESSION TRANSACTION READ WRITE",
    "CREATE TEMPORARY TABLE temporary_one (a INT)",
    "SET autocommit = OFF",
];
