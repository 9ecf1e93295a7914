//! The client's side against real servers: logs in by each method that they offer, over each
//! channel, and runs commands. A server that can't be had is skipped, and said so.
//!
//! `cargo test -p mynah-session --test real_servers -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod blocking;

use blocking::{Channel, Connection};
use mynah_classic::command::{
    ComFieldList, ComInitDb, ComPing, ComQuery, ComQuit, ComResetConnection, ComStatistics,
    ComStmtPrepare, Command,
};
use mynah_session::classic::Part;
use mynah_testkit::servers::{PASSWORD, RealServer, SCHEMA, Server};

fn each_server(test: impl Fn(&Server)) {
    for kind in RealServer::ALL {
        match Server::start(kind) {
            Ok(server) => test(&server),
            Err(unavailable) => println!("{kind}: skipped: {unavailable}"),
        }
    }
}

#[test]
#[ignore = "fetches and starts real servers"]
fn the_client_logs_in_by_every_method_over_every_channel() {
    each_server(|server| {
        let kind = server.kind();
        for account in kind.accounts() {
            for channel in [Channel::Plain, Channel::Tls, Channel::Socket] {
                let name = format!("{kind} {} over {channel:?}", account.plugin);
                if channel == Channel::Tls && !offers_tls(kind) {
                    println!("{name}: skipped: {kind} offers no TLS that is still spoken");
                    continue;
                }
                // A server that keeps hashes of passwords forgets them, so that the first login
                // is a full one and the second is quick.
                let mut client = Connection::log_in(server, Channel::Plain, "nobody", "").unwrap();
                client.query("FLUSH PRIVILEGES");
                for login in ["first", "second"] {
                    let connected =
                        Connection::log_in(server, channel, account.user, account.password);
                    if account.plugin == "mysql_old_password" {
                        let error = connected.err().map(|error| error.to_string());
                        assert_eq!(error.as_deref(), Some("the login failed"), "{name}");
                        continue;
                    }
                    let mut connected =
                        connected.unwrap_or_else(|error| panic!("{name}, {login}: {error:?}"));
                    assert_eq!(connected.query("SELECT 1"), 1, "{name}");
                    println!("{name}, {login}: passed");
                }
                if !account.password.is_empty() && account.plugin != "mysql_old_password" {
                    let refused = Connection::log_in(server, channel, account.user, "guess");
                    let error = refused.err().expect("a wrong password is refused");
                    assert!(error.to_string().contains("1045"), "{name}: {error}");
                }
            }
        }
    });
}

/// 5.6 knows TLS 1.0 only, which OpenSSL has given up.
fn offers_tls(kind: RealServer) -> bool {
    kind != RealServer::MySql56
}

#[test]
#[ignore = "fetches and starts real servers"]
fn the_client_runs_commands_one_after_the_other() {
    each_server(|server| {
        let (user, password) = match server.kind() {
            RealServer::MySql97 => ("sha2", PASSWORD),
            _ => ("native", PASSWORD),
        };
        let mut c = Connection::log_in(server, Channel::Plain, user, password).unwrap();
        let kind = server.kind();
        let ok = [Part::Ok];
        let schema = Command::InitDb(ComInitDb {
            schema_name: SCHEMA.into(),
        });
        assert_eq!(c.parts(schema), ok, "{kind}");
        assert_eq!(c.parts(Command::Ping(ComPing)), ok, "{kind}");
        assert_eq!(
            c.parts(Command::Statistics(ComStatistics)),
            [Part::Statistics],
            "{kind}"
        );
        c.query("CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 'x' AS b");
        let fields = Command::FieldList(ComFieldList {
            table: "v".into(),
            wildcard: "%".into(),
        });
        let fields = c.parts(fields);
        assert_eq!(fields.first(), Some(&Part::ColumnDefinition), "{kind}");
        assert_eq!(fields.last(), Some(&Part::ColumnsEnd), "{kind}");
        assert_eq!(c.query("SELECT a, b FROM v UNION ALL SELECT 2, NULL"), 2);
        assert_eq!(c.query("SELECT 1; SELECT 2 UNION SELECT 3; DO 1"), 3);
        assert_eq!(c.parts(query("SELECT nonsense")), [Part::Err], "{kind}");
        let large = format!("SELECT LENGTH('{}')", "x".repeat(3 << 20));
        assert_eq!(c.query(&large), 1, "{kind}: a large statement");
        let prepare = Command::StmtPrepare(ComStmtPrepare {
            query: "SELECT ?, a FROM v".into(),
        });
        let prepared = c.parts(prepare);
        assert_eq!(prepared[..2], [Part::Prepared, Part::Parameter], "{kind}");
        let infile = "LOAD DATA LOCAL INFILE 'any' INTO TABLE loaded (a)";
        c.query("CREATE TEMPORARY TABLE loaded (a TEXT)");
        c.file = b"one\ntwo\nthree\n".to_vec();
        assert_eq!(
            c.parts(query(infile)),
            [Part::LocalInfile, Part::Ok],
            "{kind}"
        );
        assert_eq!(c.query("SELECT a FROM loaded"), 3, "{kind}");
        if kind != RealServer::MySql56 {
            assert_eq!(c.parts(Command::ResetConnection(ComResetConnection)), ok);
        }
        assert!(c.parts(Command::Quit(ComQuit)).is_empty(), "{kind}");
    });
}

fn query(text: &str) -> Command {
    Command::Query(ComQuery::new(text.to_owned()))
}
