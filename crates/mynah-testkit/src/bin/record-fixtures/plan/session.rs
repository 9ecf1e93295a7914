use mynah_testkit::servers::RealServer;

use super::Side;
use crate::asked::Asked;

/// Several results at once, LOCAL INFILE, and the server's reports of session state.
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
    if matches!(side.server, RealServer::MySql97 | RealServer::MariaDb1011) {
        let what = "what commands say of the session after statements that change it";
        plan.push(side.raw("session-state", what).with(SESSION_STATE));
    }
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

/// COM_PING, COM_INIT_DB, COM_SET_OPTION, COM_DEBUG and COM_RESET_CONNECTION between statements:
/// SELECT 1, SET autocommit, BEGIN, COMMIT, START TRANSACTION READ ONLY, COMMIT AND CHAIN,
/// ROLLBACK, SET sql_mode, SET NAMES and USE, also of a missing schema.
const SESSION_STATE: [&str; 46] = [
    "0e",
    "0274657374",
    "1b0000",
    "0d",
    "0353454c4543542031",
    "03534554206175746f636f6d6d6974203d2030",
    "0e",
    "0274657374",
    "1b0100",
    "0d",
    "0353454c4543542031",
    "03424547494e",
    "0e",
    "0274657374",
    "1b0000",
    "0d",
    "0353454c4543542031",
    "03434f4d4d4954",
    "0e",
    "035354415254205452414e53414354494f4e2052454144204f4e4c59",
    "0e",
    "03434f4d4d495420414e4420434841494e",
    "0e",
    "03534554206175746f636f6d6d6974203d2031",
    "0e",
    "03524f4c4c4241434b",
    "0e",
    "035345542073716c5f6d6f6465203d20274e4f5f4241434b534c4153485f4553434150455327",
    "0e",
    "03424547494e",
    "0e",
    "1f",
    "0e",
    "03534554204e414d4553206b6c696e676f6e",
    "0e",
    "03534554204e414d4553206c6174696e3120434f4c4c41544520757466386d62345f62696e",
    "03534554204e414d455320757466386d623420434f4c4c415445206e6f7065",
    "03534554204e414d45532075637332",
    "03534554206368617261637465725f7365745f636c69656e74203d204e554c4c",
    "0353455420636f6c6c6174696f6e5f636f6e6e656374696f6e203d206e6f7065",
    "03534554206175746f636f6d6d6974203d2032",
    "03534554206175746f636f6d6d6974203d20302c204e414d4553206b6c696e676f6e",
    "0e",
    "03555345206e6f7768657265",
    "035553452074657374",
    "02",
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
