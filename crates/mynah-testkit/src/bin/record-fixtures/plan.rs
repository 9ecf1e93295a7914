use mynah_testkit::servers::RealServer;

use crate::{
    asked::Asked,
    client::{Client, LIBMARIADB, LIBMYSQLCLIENT, Library},
};

/// All fixtures of a server, in the order in which they are recorded.
pub(crate) fn of(server: RealServer) -> Vec<Asked> {
    let own = if server.product() == "MySQL" {
        LIBMYSQLCLIENT
    } else {
        LIBMARIADB
    };
    let mut plan = first(own);
    plan.extend(other_library(if own == LIBMARIADB {
        LIBMYSQLCLIENT
    } else {
        LIBMARIADB
    }));
    plan
}

/// Login and the simplest commands.
fn first(library: Library) -> Vec<Asked> {
    let query = |name, what| Asked::new(name, what, Client::C(library, "query.c"));
    let commands = |name, what| Asked::new(name, what, Client::C(library, "commands.c"));
    vec![
        query("login", "nothing after the login"),
        query("login-without-schema", "nothing after the login").without_schema(),
        query(
            "login-attributes",
            "two connection attributes more than the library's own",
        )
        .options(&["attributes"]),
        query("query", "a result set, one without rows, and an OK").with(&SIMPLE),
        query(
            "query-errors",
            "errors of four kinds, with their SQL states",
        )
        .options(&["errors"])
        .with(&ERRORS),
        commands("ping", "COM_PING").with(&["ping"]),
        commands("init-db", "COM_INIT_DB, once for a schema there isn't")
            .without_schema()
            .options(&["errors"])
            .with(&["init-db=test", "init-db=nowhere"]),
        commands("reset-connection", "COM_RESET_CONNECTION").with(&["reset-connection"]),
    ]
}

/// The same with or without DEPRECATE_EOF, as the library of the other product has it.
fn other_library(library: Library) -> Vec<Asked> {
    let (login, name) = match library {
        LIBMYSQLCLIENT => ("login-libmysqlclient", "query-libmysqlclient"),
        _ => ("login-libmariadb", "query-libmariadb"),
    };
    let query = |name, what| Asked::new(name, what, Client::C(library, "query.c"));
    vec![
        query(login, "nothing after the login"),
        query(name, "a result set, one without rows, and an OK").with(&SIMPLE),
    ]
}

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
