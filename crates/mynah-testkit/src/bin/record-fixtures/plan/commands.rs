use mynah_testkit::servers::RealServer;

use super::{Side, behind};
use crate::{
    asked::Asked,
    client::{Client, LIBMARIADB},
};

/// Commands other than statements.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let own = |name: &str, what: &str| side.own("commands.c", name, what);
    // Oracle's library no longer supports these.
    let old = |name: &str, what: &str| {
        Asked::new(name, what, Client::C(LIBMARIADB, "commands.c")).options(&["errors"])
    };
    let table = ["DROP TABLE IF EXISTS listed", LISTED];
    let mut plan = vec![
        own("ping", "COM_PING").with(["ping"]),
        own("init-db", "COM_INIT_DB, once for a schema there isn't")
            .without_schema()
            .options(&["errors"])
            .with(["init-db=test", "init-db=nowhere"]),
        own("statistics", "COM_STATISTICS").with(["statistics"]),
        own("debug", "COM_DEBUG").with(["debug"]),
        own("set-option", "COM_SET_OPTION, on and off").with(["set-option=on", "set-option=off"]),
        own("reset-connection", "COM_RESET_CONNECTION")
            .options(&["errors"])
            .with(["reset-connection"]),
        change(
            side,
            "change-user",
            "COM_CHANGE_USER to an account without a password, with a schema and without",
        )
        .with(["change-user=nobody//test", "ping", "change-user=nobody//"]),
        old("process-info", "COM_PROCESS_INFO").with(["process-info"]),
        side.raw(
            "process-kill",
            "COM_PROCESS_KILL of a connection there isn't, then of its own",
        )
        .with(["0c00286bee", "0c{id}"]),
        old("refresh", "COM_REFRESH of logs and of status").with(["refresh=2", "refresh=16"]),
        side.raw(
            "commands-refused",
            "COM_SLEEP, COM_CREATE_DB, COM_DROP_DB, COM_CONNECT, COM_TIME, \
                  COM_DELAYED_INSERT, COM_DAEMON, and a command there isn't",
        )
        .with(["00", "0578", "0678", "0b", "0f", "10", "1d", "99"]),
        side.raw("command-empty", "a packet without a command")
            .options(&["no-reply"])
            .with([""]),
        side.raw("command-clone", "COM_CLONE").with(["20"]),
        side.raw(
            "set-option-unknown",
            "COM_SET_OPTION of an option there isn't",
        )
        .with(["1b0200"]),
        side.raw("init-db-empty", "COM_INIT_DB without a schema")
            .with(["02"]),
    ];
    plan.extend(side.both(
        "commands.c",
        "field-list",
        "COM_FIELD_LIST, all fields, some, and of no table",
        |asked| {
            asked.options(&["errors"]).with([
                "field-list=listed",
                "field-list=listed/a%",
                "field-list=nothing",
            ])
        },
    ));
    if let Some(first) = plan.iter_mut().find(|asked| asked.name == "field-list") {
        *first = first.clone().before(table);
    }
    plan.extend(change_user(side));
    plan
}

const LISTED: &str = "CREATE TABLE listed (a INT DEFAULT 5, ab VARCHAR(9) DEFAULT 'nine', b DATETIME NULL, c INT NOT NULL)";

/// Oracle's library names caching_sha2_password in COM_CHANGE_USER, which MySQL 5.6 answers with an ERR.
fn change(side: Side, name: &str, what: &str) -> Asked {
    let library = if side.is(RealServer::MySql56) {
        LIBMARIADB
    } else {
        side.own
    };
    Asked::new(name, what, Client::C(library, "commands.c"))
}

/// COM_CHANGE_USER with each method of a server.
fn change_user(side: Side) -> Vec<Asked> {
    let to = |name: &str, user: &str| {
        change(
            side,
            &format!("change-user-{name}"),
            &format!("COM_CHANGE_USER to the user {user}"),
        )
        .with([
            format!("change-user={user}/throw-away/test"),
            "ping".to_owned(),
        ])
    };
    let refused = |user: &str| {
        change(
            side,
            "change-user-refused",
            "COM_CHANGE_USER with another password, then a command",
        )
        .options(&["errors", "get-key"])
        .with([
            format!("change-user={user}/not this one/test"),
            "ping".to_owned(),
        ])
    };
    match side.server {
        RealServer::MySql97 => vec![
            to("caching-sha2-full", "sha2")
                .options(&["get-key"])
                .before(["FLUSH PRIVILEGES"]),
            to("caching-sha2-fast", "sha2").options(&["get-key"]),
            to("sha256", "sha256").options(&["get-key"]),
            refused("sha2"),
        ],
        RealServer::MySql56 => vec![
            to("native", "native"),
            refused("native"),
            side.own(
                "commands.c",
                "change-user-unknown-method",
                "COM_CHANGE_USER with a method the server hasn't got",
            )
            .options(&["errors"])
            .with(["change-user=nobody//test"]),
        ],
        _ => vec![
            to("native", "native"),
            to("ed25519", "ed25519"),
            refused("native"),
        ],
    }
}

/// Commands that stop the server.
pub(crate) fn end(side: Side) -> Vec<Asked> {
    if side.is(RealServer::MySql97) {
        return vec![
            side.raw("shutdown", "COM_SHUTDOWN, which is no command any more")
                .with(["08"]),
            behind::end(side),
            side.own("query.c", "shutdown-statement", "SHUTDOWN")
                .with(["SHUTDOWN"]),
        ];
    }
    vec![side.raw("shutdown", "COM_SHUTDOWN").with(["0800"])]
}
