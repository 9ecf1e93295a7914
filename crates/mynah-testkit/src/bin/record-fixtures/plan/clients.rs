use mynah_testkit::servers::RealServer;

use super::Side;
use crate::{asked::Asked, client::Client};

/// Logins, statements and prepared statements of other clients.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let asks = ["SELECT 1 AS one, 'two' AS two, NULL AS nothing"];
    let client = |name: &str, what: &str, client| {
        Asked::new(format!("client-{name}"), what, client).with(asks)
    };
    let account = if side.is(RealServer::MySql97) {
        "sha2"
    } else {
        "native"
    };
    let mut plan = vec![
        client("mysql-cli", "a statement", Client::Cli(RealServer::MySql97)),
        client(
            "mariadb-cli",
            "a statement",
            Client::Cli(RealServer::MariaDb1011),
        ),
        client(
            "pymysql",
            "a statement",
            Client::Python("pymysql_queries.py"),
        )
        .user(account),
        client(
            "mysql-connector-python",
            "a statement",
            Client::Python("connector_python.py"),
        ),
        client(
            "mysql-connector-python-prepared",
            "a statement, prepared",
            Client::Python("connector_python.py"),
        )
        .options(&["prepared"]),
        client(
            "npm-mysql2",
            "a statement, and one prepared",
            Client::Node("node_mysql2.js"),
        )
        .user(account),
        client(
            "npm-mysql2-compressed",
            "a statement, and one prepared",
            Client::Node("node_mysql2.js"),
        )
        .options(&["zlib"])
        .user(account),
        client(
            "npm-mariadb",
            "a statement, and one prepared",
            Client::Node("node_mariadb.js"),
        )
        .user(account),
    ];
    if !side.is(RealServer::MySql97) {
        plan.push(client("npm-mysql", "a statement", Client::Node("node_mysql.js")).user(account));
    }
    if side.is_mariadb() {
        plan.push(
            client(
                "npm-mariadb-batch",
                "a statement, one prepared, and a batch",
                Client::Node("node_mariadb.js"),
            )
            .options(&["batch"])
            .before([
                "DROP TABLE IF EXISTS bulk",
                "CREATE TABLE bulk (id INT PRIMARY KEY, name VARCHAR(20))",
            ])
            .user(account),
        );
    }
    plan
}
