use mynah_testkit::servers::RealServer;

use super::Side;
use crate::asked::Asked;

/// Result sets of COM_QUERY, and the same rows from prepared statements; OKs and errors.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let mut plan = Vec::new();
    plan.extend(side.both(
        "query.c",
        "query",
        "a result set, one without rows, and an OK",
        |a| a.with(SIMPLE),
    ));
    plan.extend(types(side));
    plan.extend(side.both(
        "query.c",
        "text-error-after-rows",
        "an error after the first row",
        |asked| asked.options(&["errors"]).with([ERROR_AFTER_ROWS]),
    ));
    plan.extend(side.both(
        "query.c",
        "text-many-columns",
        "252 columns and three rows",
        |asked| asked.with([many_columns()]),
    ));
    plan.extend([
        side.own(
            "query.c",
            "query-errors",
            "errors of four kinds, with their SQL states",
        )
        .options(&["errors"])
        .with(ERRORS),
        side.own(
            "query.c",
            "query-ok",
            "affected rows, last insert ids, info texts and warnings of OKs",
        )
        .before(["DROP TABLE IF EXISTS oks"])
        .with(OKS),
        side.own(
            "query.c",
            "query-found-rows",
            "affected rows when a client counts found rows",
        )
        .options(&["found-rows"])
        .before([
            "DROP TABLE IF EXISTS oks",
            "CREATE TABLE oks (a INT)",
            "INSERT INTO oks VALUES (1), (2)",
        ])
        .with(["UPDATE oks SET a = 1"]),
        side.own(
            "query.c",
            "text-many-rows",
            "300 rows: the sequence id wraps around",
        )
        .with([many_rows()]),
        side.own("query.c", "text-utf8", "names and values that aren't ASCII")
            .with(["SELECT 'zażółć 🐦' AS `имя`, _latin1 x'e9' AS `é`, _binary 'a\\0b' AS b"]),
    ]);
    let long = side.own(
        "query.c",
        "text-long-cells",
        "cells of 250, 251 and 65536 bytes",
    );
    if side.is(RealServer::MySql97) || side.is(RealServer::MariaDb1011) {
        plan.push(long.with(["SELECT REPEAT('a', 250), REPEAT('b', 251), REPEAT('c', 65536)"]));
    } else {
        plan.push(long.with(["SELECT REPEAT('a', 250), REPEAT('b', 251), REPEAT('c', 300)"]));
    }
    if side.is(RealServer::MySql97) {
        for (source, name) in [
            ("query.c", "text-without-metadata"),
            ("prepared.c", "binary-without-metadata"),
        ] {
            plan.push(
                side.own(
                    source,
                    name,
                    "resultset_metadata = NONE: rows without column definitions, then FULL again",
                )
                .options(&["optional-metadata"])
                .with(["SET resultset_metadata = NONE", "SELECT 1, 'two'", "DO 1"])
                .with(["SET resultset_metadata = FULL", "SELECT 1, 'two'"]),
            );
        }
    }
    plan
}

/// Every column type, with one table per family.
fn types(side: Side) -> Vec<Asked> {
    let mut plan = Vec::new();
    for Table {
        name,
        columns,
        rows,
    } in tables(side)
    {
        let mut before = vec![
            "SET sql_mode = '', time_zone = '+00:00', NAMES utf8mb4".to_owned(),
            format!("DROP TABLE IF EXISTS {name}"),
            format!("CREATE TABLE {name} ({columns}) DEFAULT CHARACTER SET utf8mb4"),
        ];
        before.extend(
            rows.into_iter()
                .map(|row| format!("INSERT INTO {name} VALUES ({row})")),
        );
        let select = format!("SELECT * FROM {name}");
        for (source, kind) in [("query.c", "text"), ("prepared.c", "binary")] {
            let both = side.both(
                source,
                &format!("{kind}-{name}"),
                &format!("{columns}; each with extreme values"),
                |a| a.with(["SET time_zone = '+00:00'", &select]),
            );
            let mut both = both.into_iter();
            plan.extend(
                both.next()
                    .map(|asked| asked.before(std::mem::take(&mut before))),
            );
            // The libraries differ in how columns and rows end, not in their content.
            plan.extend(
                both.next()
                    .filter(|_| matches!(name, "integers" | "temporal")),
            );
        }
    }
    for (source, kind) in [("query.c", "text"), ("prepared.c", "binary")] {
        plan.push(
            side.own(source, &format!("{kind}-expressions"), "types that only expressions have")
                .with(["SELECT 1, -1, 1.50, 1e0, NULL, TRUE, 'x', x'ff', b'1', DATE '2024-02-29', TIME '12:00:00', \
                        TIMESTAMP '2024-02-29 12:00:00.5', 18446744073709551615, @undefined, \
                        CAST(1 AS DECIMAL(10, 2)), INTERVAL(1, 2), CURRENT_USER()"]),
        );
    }
    plan
}

struct Table {
    name: &'static str,
    columns: &'static str,
    rows: Vec<&'static str>,
}

fn tables(side: Side) -> Vec<Table> {
    let table = |name, columns, rows: &[&'static str]| Table {
        name,
        columns,
        rows: rows.to_vec(),
    };
    let mut tables = vec![
        table("integers", INTEGERS, &INTEGER_ROWS),
        table(
            "numbers",
            "a DECIMAL(65, 30), b DECIMAL(5, 0) UNSIGNED, c FLOAT, d DOUBLE, e FLOAT(7, 3), f DOUBLE(10, 2)",
            &NUMBER_ROWS,
        ),
        table("temporal", TEMPORAL, &TEMPORAL_ROWS),
        table("texts", TEXTS, &TEXT_ROWS),
        table("blobs", BLOBS, &BLOB_ROWS),
    ];
    let spatial: &[&str] = if side.is(RealServer::MySql56) {
        &SPATIAL_ROWS_56
    } else {
        &SPATIAL_ROWS
    };
    tables.push(table(
        "geometries",
        "a GEOMETRY, b POINT, c LINESTRING, d POLYGON, e GEOMETRYCOLLECTION",
        spatial,
    ));
    if !side.is(RealServer::MySql56) {
        tables.push(table(
            "documents",
            "a JSON",
            &["'{\"a\": [1, 2.5, null, \"x\"]}'", "'[]'", "'null'", "NULL"],
        ));
    }
    match side.server {
        RealServer::MySql97 => {
            tables.push(table(
                "vectors",
                "a VECTOR(3), b VECTOR",
                &[
                    "STRING_TO_VECTOR('[1, -2.5, 3e10]'), STRING_TO_VECTOR('[0]')",
                    "NULL, NULL",
                ],
            ));
        }
        RealServer::MariaDb118 => {
            tables.push(table(
                "vectors",
                "a VECTOR(3), b VECTOR(1)",
                &[
                    "VEC_FromText('[1, -2.5, 3e10]'), VEC_FromText('[0]')",
                    "NULL, NULL",
                ],
            ));
        }
        _ => {}
    }
    if side.is_mariadb() {
        tables.push(table(
            "mariadb_types",
            "a UUID, b INET6, c INET4",
            &[
                "'123e4567-e89b-12d3-a456-426655440000', '2001:db8::1', '127.0.0.1'",
                "NULL, NULL, NULL",
            ],
        ));
    }
    tables
}

const INTEGERS: &str = "a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d SMALLINT UNSIGNED, e MEDIUMINT, \
    f MEDIUMINT UNSIGNED, g INT, h INT UNSIGNED, i BIGINT, j BIGINT UNSIGNED, k INT(6) ZEROFILL, l BOOLEAN, m BIT, \
    n BIT(64), o YEAR, p INT NOT NULL AUTO_INCREMENT PRIMARY KEY, q INT NOT NULL UNIQUE, r INT NOT NULL DEFAULT 5, KEY (a)";
const INTEGER_ROWS: [&str; 4] = [
    "-128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, 42, FALSE, b'0', 0, 1901, 1, 1, 1",
    "127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, \
     1234567, TRUE, b'1', 0xffffffffffffffff, 2155, 2, 2, 2",
    "0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 2, NULL, 0x0102030405060708, 0, 3, 3, 3",
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 4, 4, 4",
];

const NUMBER_ROWS: [&str; 5] = [
    "0, 0, 0, 0, 0, 0",
    "99999999999999999999999999999999999.999999999999999999999999999999, 99999, 3.4e38, 1.7976931348623157e308, 1234.567, 12345678.12",
    "-99999999999999999999999999999999999.999999999999999999999999999999, 1, -3.4e38, -1.7976931348623157e308, -0.001, -0.01",
    "1e-30, 12, 1.17549435e-38, 2.2250738585072014e-308, 1.5, 0.1",
    "NULL, NULL, NULL, NULL, NULL, NULL",
];

const TEMPORAL: &str = "a DATE, b TIME, c TIME(6), d DATETIME, e DATETIME(3), f DATETIME(6), g TIMESTAMP NULL, \
    h TIMESTAMP(6) NULL, i YEAR";
const TEMPORAL_ROWS: [&str; 6] = [
    "'2024-02-29', '12:34:56', '12:34:56.000001', '2024-02-29 12:34:56', '2024-02-29 12:34:56.789', \
     '2024-02-29 12:34:56.789012', '2024-02-29 12:34:56', '2024-02-29 12:34:56.789012', 2024",
    "'9999-12-31', '838:59:59', '838:59:58.999999', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999', \
     '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07', '2038-01-19 03:14:07.999999', 2155",
    "'1000-01-01', '-838:59:59', '-00:00:00.000001', '1000-01-01 00:00:00', '1000-01-01 00:00:00.000', \
     '1000-01-01 00:00:00.000001', '1970-01-01 00:00:01', '1970-01-01 00:00:01.000001', 1901",
    "'0000-00-00', '00:00:00', '00:00:00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', \
     '0000-00-00 00:00:00', '0000-00-00 00:00:00', 0",
    "'2024-00-00', '25:00:00', '-24:00:00', '2024-02-29 00:00:00', '2024-02-29 00:00:00.5', '2024-02-29 01:00:00', \
     '2024-02-29 00:00:00', '2024-02-29 00:00:00', 2000",
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
];

const TEXTS: &str = "a CHAR(10), b VARCHAR(300), c TINYTEXT, d TEXT, e MEDIUMTEXT, f LONGTEXT, \
    g ENUM('small', 'große', ''), h SET('x', 'y', 'z'), i CHAR(3) CHARACTER SET latin1, j CHAR(5) COLLATE utf8mb4_bin, \
    k VARCHAR(10) NOT NULL";
const TEXT_ROWS: [&str; 4] = [
    "'char', REPEAT('v', 300), REPEAT('t', 250), REPEAT('x', 251), 'mediumtext', 'longtext', 'große', 'x,z', 'é', 'bin', 'k'",
    "'', '', '', '', '', '', '', '', '', '', ''",
    "'🐦', 'żółw', 'a\\0b', 'tab\\t', 'line\\n', 'quote''', 'small', 'y', 'abc', 'é', '\\\\'",
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''",
];

const BLOBS: &str = "a BINARY(4), b VARBINARY(300), c TINYBLOB, d BLOB, e MEDIUMBLOB, f LONGBLOB";
const BLOB_ROWS: [&str; 3] = [
    "x'00ff', x'deadbeef', x'00', REPEAT(x'ff', 251), 'mediumblob', 'longblob'",
    "'', '', '', '', '', ''",
    "NULL, NULL, NULL, NULL, NULL, NULL",
];

const SPATIAL_ROWS: [&str; 2] = [
    "ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(-1.5 2.5)'), ST_GeomFromText('LINESTRING(0 0, 1 1)'), \
     ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4))')",
    "NULL, NULL, NULL, NULL, NULL",
];
const SPATIAL_ROWS_56: [&str; 2] = [
    "GeomFromText('POINT(1 2)'), GeomFromText('POINT(-1.5 2.5)'), GeomFromText('LINESTRING(0 0, 1 1)'), \
     GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))'), GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4))')",
    "NULL, NULL, NULL, NULL, NULL",
];

const SIMPLE: [&str; 3] = [
    "SELECT 1 AS one, 'two' AS two, NULL AS nothing",
    "SELECT 1 FROM DUAL WHERE FALSE",
    "DO 1",
];

const ERRORS: [&str; 4] = [
    "SELEKT 1",
    "SELECT * FROM nowhere.nothing",
    "SELECT nothing",
    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ours'",
];

/// Its second row has a subquery with two rows, which is an error.
const ERROR_AFTER_ROWS: &str = "SELECT STRAIGHT_JOIN t.y, (SELECT q.x FROM (SELECT 1 AS x UNION SELECT 2) q WHERE q.x >= t.y) \
    FROM (SELECT 2 AS y UNION ALL SELECT 1) t";

const OKS: [&str; 11] = [
    "CREATE TABLE oks (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, a TINYINT)",
    "INSERT INTO oks (a) VALUES (1), (2), (3)",
    "INSERT INTO oks VALUES (70000, 4)",
    "INSERT INTO oks VALUES (4294967296, 5)",
    "UPDATE oks SET a = 9 WHERE id < 3",
    "SELECT 1 + 'x'",
    "SHOW WARNINGS",
    "CREATE TABLE IF NOT EXISTS oks (id INT)",
    "ALTER TABLE oks ADD b INT",
    "INSERT INTO oks (a) SELECT 1 FROM oks x, oks y, oks z, oks w LIMIT 251",
    "DELETE FROM oks WHERE a = 1",
];

fn many_columns() -> String {
    let columns = |from: u32| {
        (from..from + 252)
            .map(|n| n.to_string())
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!(
        "SELECT {} UNION ALL SELECT {} UNION ALL SELECT {}",
        columns(0),
        columns(1000),
        columns(2000)
    )
}

fn many_rows() -> String {
    let digits = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
        UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    format!(
        "SELECT a.d * 100 + b.d * 10 + c.d AS n FROM {digits} a, {digits} b, {digits} c ORDER BY 1 LIMIT 300"
    )
}
