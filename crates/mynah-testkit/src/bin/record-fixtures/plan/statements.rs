use mynah_testkit::servers::RealServer;

use super::Side;
use crate::asked::Asked;

/// Prepared statements.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let own = |name: &str, what: &str| side.own("prepared.c", name, what);
    let mut plan = Vec::new();
    plan.extend(side.both(
        "parameters.c",
        "statement-parameters",
        "a parameter of every type; again without the types; all NULL; all of another type",
        |asked| asked,
    ));
    plan.extend(side.both(
        "prepared.c",
        "statement-prepare",
        "statements with columns and without, each executed twice, and one that can't be prepared",
        |asked| {
            asked.options(&["again", "errors"]).with([
                "SELECT 1 AS one, 'two' AS two",
                "DO 1",
                "SELECT 1 FROM DUAL WHERE FALSE",
                "SELEKT ?",
            ])
        },
    ));
    plan.extend(side.both(
        "prepared.c",
        "statement-cursor",
        "a cursor, fetched two rows at a time",
        |asked| asked.options(&["cursor=2"]).with([FIVE]),
    ));
    plan.extend(side.both(
        "call.c",
        "statement-call",
        "IN, INOUT and OUT parameters after two results",
        |asked| asked.with(["in_and_out"]),
    ));
    if let Some(call) = plan.iter_mut().find(|asked| asked.name == "statement-call") {
        *call = call
            .clone()
            .before(["DROP PROCEDURE IF EXISTS in_and_out", IN_AND_OUT]);
    }
    plan.extend([
        side.own(
            "long_data.c",
            "statement-long-data",
            "COM_STMT_SEND_LONG_DATA in two pieces; again, with COM_STMT_RESET before",
        ),
        own("statement-reset", "COM_STMT_RESET between two executions")
            .options(&["reset", "again"])
            .with([FIVE]),
        own(
            "statement-cursor-reset",
            "a cursor closed by COM_STMT_RESET",
        )
        .options(&["cursor=2", "reset"])
        .with([FIVE]),
        own(
            "statement-cursor-without-rows",
            "a cursor without rows, and one for a statement without columns",
        )
        .options(&["cursor=2"])
        .with(["SELECT 1 FROM DUAL WHERE FALSE", "DO 1"]),
        own(
            "statement-errors",
            "an error on execution, before and after the first row",
        )
        .options(&["errors"])
        .with([
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ours'",
            ERROR_AFTER_ROWS,
        ]),
        side.raw(
            "statement-unknown",
            "COM_STMT_EXECUTE, FETCH, RESET of a statement there isn't, CLOSE of one, \
                  and a COM_STMT_EXECUTE that ends early",
        )
        .with([
            "170900000000010000000001",
            "1c0900000001000000",
            "1a09000000",
            "1709",
        ]),
        side.raw(
            "statement-close-unknown",
            "COM_STMT_CLOSE and COM_STMT_SEND_LONG_DATA of a statement there isn't",
        )
        .options(&["no-reply"])
        .with(["1909000000", "180900000000006162"]),
    ]);
    if side.is_mariadb() {
        plan.extend(mariadb(side));
    }
    if side.is(RealServer::MySql97) {
        plan.push(
            side.own("attributes.c", "query-attributes", "query attributes with COM_QUERY and COM_STMT_EXECUTE, and without")
                .before(["INSTALL COMPONENT 'file://component_query_attributes'"])
                .with([
                    "SELECT mysql_query_attribute_string('text'), mysql_query_attribute_string('number')",
                    "SELECT ?, mysql_query_attribute_string('text'), mysql_query_attribute_string('nothing')",
                ]),
        );
    }
    plan
}

fn mariadb(side: Side) -> Vec<Asked> {
    let table = [
        "DROP TABLE IF EXISTS bulk",
        "CREATE TABLE bulk (id INT PRIMARY KEY, name VARCHAR(20) DEFAULT 'default')",
    ];
    let bulk = |name: &str, what: &str| side.own("bulk.c", name, what).before(table);
    let mut plan = vec![
        bulk(
            "bulk-execute",
            "COM_STMT_BULK_EXECUTE with every indicator, again without types",
        ),
        bulk(
            "bulk-execute-error",
            "COM_STMT_BULK_EXECUTE, the second with a duplicate key",
        )
        .options(&["errors"]),
        side.raw(
            "prepare-and-execute",
            "COM_STMT_EXECUTE of the last prepared statement by the id -1",
        )
        .with(["1673656c6563742031", "17ffffffff0001000000"]),
    ];
    if side.is(RealServer::MariaDb118) {
        // Requests unit results: flag 64, with 128 for types. Two rows (1, 'a'), (2, NULL).
        plan.push(
            side.raw("bulk-execute-unit-results", "COM_STMT_BULK_EXECUTE that answers with a result per row")
                .options(&["flags=2088a20c", "extended=3d"])
                .before(["DROP TABLE IF EXISTS units", "CREATE TABLE units (id INT AUTO_INCREMENT PRIMARY KEY, n INT, name VARCHAR(9))"])
                .with([
                    // INSERT INTO units (n, name) VALUES (?, ?)
                    "16494e5345525420494e544f20756e69747320286e2c206e616d65292056414c55455320283f2c203f29",
                    "fa01000000c0000300fd000001000000000161000200000001",
                ]),
        );
    }
    plan
}

const FIVE: &str =
    "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5";

const IN_AND_OUT: &str = "CREATE PROCEDURE in_and_out(IN a INT, INOUT b INT, OUT c INT) \
    BEGIN SELECT a, b; SELECT 'second' AS result; SET b = a + b, c = 3; END";

const ERROR_AFTER_ROWS: &str = "SELECT STRAIGHT_JOIN t.y, (SELECT q.x FROM (SELECT 1 AS x UNION SELECT 2) q WHERE q.x >= t.y) \
    FROM (SELECT 2 AS y UNION ALL SELECT 1) t";
