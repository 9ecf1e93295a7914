use mynah_testkit::servers::RealServer;

use super::Side;
use crate::asked::Asked;

/// The compressed protocol.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let mut plan = Vec::new();
    for algorithm in ["zlib", "zstd"] {
        if algorithm == "zstd" && !side.is(RealServer::MySql97) {
            continue;
        }
        plan.extend([
            side.own(
                "query.c",
                &format!("compressed-{algorithm}"),
                "short packets, not compressed, and longer ones",
            )
            .options(&[algorithm])
            .with(["SELECT 1", SHORT, LONG]),
            side.own(
                "query.c",
                &format!("compressed-{algorithm}-question"),
                "a long statement, compressed by the client",
            )
            .options(&[algorithm])
            .with([format!("SELECT LENGTH('{}')", "mynah ".repeat(500))]),
            side.own(
                "query.c",
                &format!("compressed-{algorithm}-error"),
                "an error",
            )
            .options(&[algorithm, "errors"])
            .with(["SELEKT"]),
            side.own(
                "query.c",
                &format!("compressed-{algorithm}-16m"),
                "a row of more than 16 MiB, in two packets",
            )
            .options(&[algorithm])
            .with(["SELECT REPEAT('mynah', 3355444)"]),
            side.own(
                "prepared.c",
                &format!("compressed-{algorithm}-prepared"),
                "a prepared statement",
            )
            .options(&[algorithm])
            .with([SHORT]),
        ]);
    }
    plan.extend([side
        .other(
            "query.c",
            "compressed-zlib",
            "short packets, not compressed, and longer ones",
        )
        .options(&["zlib"])
        .with(["SELECT 1", SHORT, LONG])]);
    plan
}

const SHORT: &str = "SELECT REPEAT('mynah', 100) AS a";
const LONG: &str =
    "SELECT REPEAT('x', 250), REPEAT('x', 251), REPEAT('x', 65535), REPEAT('x', 65536), 'end'";
