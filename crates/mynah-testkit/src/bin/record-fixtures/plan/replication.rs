use mynah_testkit::servers::RealServer;

use super::Side;
use crate::{
    asked::{Asked, Which},
    client::Client,
};

/// Replicas: COM_REGISTER_SLAVE, COM_BINLOG_DUMP and COM_BINLOG_DUMP_GTID.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let empty = if side.is(RealServer::MySql97) {
        "RESET BINARY LOGS AND GTIDS"
    } else {
        "RESET MASTER"
    };
    let mut plan = vec![
        side.own(
            "binlog.c",
            "binlog-dump",
            "COM_BINLOG_DUMP of a log with a table and two rows, to its end",
        )
        .before([empty])
        .before(LOGGED)
        .with(["binlog.000001"]),
        side.own(
            "binlog.c",
            "binlog-dump-missing",
            "COM_BINLOG_DUMP of a log there isn't",
        )
        .with(["binlog.999999"]),
    ];
    if let Some(missing) = plan.pop() {
        // MariaDB's library doesn't report the error.
        plan.push(if side.is_mariadb() {
            missing
        } else {
            missing.fails()
        });
    }
    let by_gtid = if side.is_mariadb() {
        "COM_BINLOG_DUMP without a name after @slave_connect_state was set, to the end of the log"
    } else {
        "COM_BINLOG_DUMP_GTID, to the end of the log"
    };
    plan.push(
        side.own("binlog.c", "binlog-dump-gtid", by_gtid)
            .options(&["gtid"])
            .with([""]),
    );
    let python = |name: &str, what: &str| Asked::new(name, what, Client::Python("replication.py"));
    plan.push(
        python(
            "register-slave",
            "COM_REGISTER_SLAVE, then COM_BINLOG_DUMP to the end of the log",
        )
        .connection(Which::With(0x15)),
    );
    if side.is(RealServer::MySql97) {
        plan.push(
            python(
                "register-slave-gtid",
                "COM_REGISTER_SLAVE, then COM_BINLOG_DUMP_GTID with a set of GTIDs",
            )
            .options(&["gtid"])
            .connection(Which::With(0x15)),
        );
    }
    plan
}

const LOGGED: [&str; 4] = [
    "DROP TABLE IF EXISTS logged",
    "CREATE TABLE logged (a INT, b VARCHAR(9))",
    "INSERT INTO logged VALUES (1, 'one'), (2, NULL)",
    "DROP TABLE logged",
];
