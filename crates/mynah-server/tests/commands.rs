//! Commands other than statements, with `mynah-client`: what a backend is asked, and the answers by default.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex};

use mynah_classic::command::{
    BulkFlags, BulkParameters, BulkValue, ComCreateDb, ComDebug, ComDropDb, ComPing,
    ComProcessInfo, ComProcessKill, ComRefresh, ComSetOption, ComShutdown, ComStatistics,
    ComStmtBulkExecute, CommandCode, ParameterFlags, ParameterType, ParameterTypes, RefreshFlags,
    ShutdownLevel,
};
use mynah_classic::response::{ErrPacket, StatisticsResponse};
use mynah_client::{Address, Capabilities, Client, Command, Error, Options, Part, Value, x};
use mynah_server::{
    Account, Backend, BulkExecution, Column, ColumnType, Connection, Failure, Finished, Kill,
    KillRequest, Login, Prepared, Process, Results, Server, Statement, Statistics, codes,
};
use mynah_wire::Message;

/// Answers OK to every statement, and has a default for all else.
struct Plain;

impl Backend for Plain {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        match &statement.text[..] {
            b"kill 77 now" => Ok(results.kill(Kill::connection(77))),
            _ => Ok(results.ok()),
        }
    }
}

/// Notes what it is asked, and refuses some of it.
struct Noting {
    asked: Arc<Mutex<Vec<String>>>,
    connection: Connection,
}

impl Noting {
    fn note(&self, what: impl Into<String>) {
        self.asked.lock().unwrap().push(what.into());
    }
}

fn no(what: &'static str) -> Failure {
    Failure::general(codes::ER_ACCESS_DENIED_ERROR, what)
}

impl Backend for Noting {
    async fn authenticate(&self, login: &Login) -> Result<Account, Failure> {
        self.note(format!("log in {:?}", login.username));
        Ok(Account::default())
    }

    async fn change_user(&self, login: &Login) -> Result<Account, Failure> {
        self.note(format!("change user {:?}", login.username));
        Ok(Account::default())
    }

    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        self.note(format!("query {:?}", statement.text));
        let login = self.connection.login().unwrap();
        let mut rows =
            results.columns(["user", "peer", "collation", "packet", "attribute"].map(Column::text));
        let attribute = login.attributes.iter().flatten().next();
        rows.row([
            String::from_utf8_lossy(&login.username).into_owned(),
            login.peer.unwrap().ip().to_string(),
            login.collation.to_string(),
            login.max_packet_size.to_string(),
            attribute.map_or("none".to_owned(), |(name, _)| {
                String::from_utf8_lossy(&name).into_owned()
            }),
        ])
        .await?;
        Ok(rows.finish())
    }

    async fn prepare(&self, statement: &Statement) -> Result<Prepared, Failure> {
        self.note(format!("prepare {}", statement.statement_id.unwrap()));
        match &statement.text[..] {
            b"bad" => Err(no("prepare")),
            _ => Ok(Prepared::default()),
        }
    }

    async fn execute(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        self.note(format!("execute {}", statement.statement_id.unwrap()));
        Ok(results.ok())
    }

    async fn execute_bulk(
        &self,
        bulk: &BulkExecution,
        results: Results,
    ) -> Result<Option<Finished>, Failure> {
        if bulk.statement.text != "whole ?" {
            return Ok(None);
        }
        let mut sum = 0;
        for row in bulk.rows() {
            let row = row?;
            sum += row.first().unwrap().value().as_i64().unwrap();
        }
        let id = bulk.statement.statement_id.unwrap();
        self.note(format!("bulk {id}, in all {sum}"));
        Ok(Some(results.affected_rows(sum.unsigned_abs())))
    }

    async fn close(&self, statement_id: u32) {
        tokio::task::yield_now().await;
        self.note(format!("close {statement_id}"));
    }

    async fn reset(&self) {
        tokio::task::yield_now().await;
        self.note("reset");
    }

    async fn ping(&self) -> Result<(), Failure> {
        self.note("ping");
        Err(no("ping"))
    }

    async fn statistics(&self, counted: Statistics) -> Statistics {
        Statistics {
            open_tables: 12,
            ..counted
        }
    }

    async fn processes(&self, mut open: Vec<Process>) -> Result<Vec<Process>, Failure> {
        open.retain(|process| process.id == self.connection.id());
        Ok(open)
    }

    async fn kill(&self, request: &KillRequest) -> Result<(), Failure> {
        self.note(format!("kill {}", request.kill.connection_id));
        Err(no("kill"))
    }

    async fn set_option(&self, multi_statements: bool) -> Result<(), Failure> {
        self.note(format!("multi statements {multi_statements}"));
        match multi_statements {
            true => Ok(()),
            false => Err(no("set option")),
        }
    }

    async fn create_db(&self, schema: &str) -> Result<(), Failure> {
        self.note(format!("create {schema}"));
        Ok(())
    }

    async fn drop_db(&self, schema: &str) -> Result<(), Failure> {
        self.note(format!("drop {schema}"));
        Err(no("drop"))
    }

    async fn shutdown(&self) -> Result<(), Failure> {
        self.note("shutdown");
        Ok(())
    }

    async fn command(
        &self,
        command: &Command,
        results: Results,
    ) -> Result<Option<Finished>, Failure> {
        let Command::Other { code, payload } = command else {
            return Ok(None);
        };
        self.note(format!("{} {payload:?}", code.0));
        Ok(Some(results.ok()))
    }
}

fn plain() -> Server {
    let server = Server::on_port(0).x_port(0).workers(1);
    server.serve(|_| Plain).unwrap()
}

fn noting() -> (Server, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&asked);
    let server = Server::on_port(0).x_port(0).workers(1);
    let server = server.serve(move |connection| Noting {
        asked: Arc::clone(&shared),
        connection,
    });
    (server.unwrap(), asked)
}

fn take(asked: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut asked.lock().unwrap())
}

async fn connect(server: &Server) -> Client {
    let address = Address::Tcp(server.tcp_address().unwrap());
    Client::connect(&address, Options::new("ada", ""))
        .await
        .unwrap()
}

async fn connect_by_x(server: &Server) -> x::Client {
    let address = server.addresses().get(1).unwrap();
    x::Client::connect(address, x::Options::new("ada", ""))
        .await
        .unwrap()
}

/// The kinds of the messages of an answer, with the code of an error.
async fn answer(client: &mut Client, command: Command) -> Vec<(Part, u16)> {
    client.send(command).await.unwrap();
    let mut parts = Vec::new();
    while let Some((part, payload)) = client.next().await.unwrap() {
        let code = match part {
            Part::Err => {
                ErrPacket::from_payload(&payload, Capabilities::PROTOCOL_41)
                    .unwrap()
                    .error_code
            }
            _ => 0,
        };
        parts.push((part, code));
    }
    parts
}

fn set_option(option_operation: u16) -> Command {
    Command::SetOption(ComSetOption { option_operation })
}

fn other(code: u8) -> Command {
    Command::Other {
        code: CommandCode(code),
        payload: "abc".into(),
    }
}

fn create() -> Command {
    Command::CreateDb(ComCreateDb {
        schema_name: "zoo".into(),
    })
}

fn drop_zoo() -> Command {
    Command::DropDb(ComDropDb {
        schema_name: "zoo".into(),
    })
}

fn shutdown() -> Command {
    Command::Shutdown(ComShutdown {
        shutdown_level: Some(ShutdownLevel(0)),
    })
}

fn refresh() -> Command {
    Command::Refresh(ComRefresh {
        sub_command: RefreshFlags::empty(),
    })
}

fn kill(connection_id: u32) -> Command {
    Command::ProcessKill(ComProcessKill { connection_id })
}

#[tokio::test]
async fn a_backend_without_hooks_answers_as_mysql_9_7() {
    let server = plain();
    let mut client = connect(&server).await;
    let unknown = [(Part::Err, codes::ER_UNKNOWN_COM_ERROR)];
    for command in [
        create(),
        drop_zoo(),
        shutdown(),
        refresh(),
        set_option(5),
        other(99),
    ] {
        let name = format!("{command:?}");
        assert_eq!(answer(&mut client, command).await, unknown, "{name}");
    }
    let ok = |command: Command| (format!("{command:?}"), command);
    for (name, command) in [
        Command::Ping(ComPing),
        Command::Debug(ComDebug),
        set_option(0),
    ]
    .map(ok)
    {
        let answer = answer(&mut client, command).await;
        assert!(matches!(answer[..], [(Part::Ok, 0)]), "{name}: {answer:?}");
    }
    let missing = [(Part::Err, codes::ER_NO_SUCH_THREAD)];
    assert_eq!(answer(&mut client, kill(77)).await, missing);
    let text = |text: &'static str| {
        Command::Query(mynah_client::ComQuery {
            query: text.into(),
            ..Default::default()
        })
    };
    assert_eq!(answer(&mut client, text("KILL 77")).await, missing);
    assert_eq!(answer(&mut client, text("kill query 77;")).await, missing);
    assert_eq!(answer(&mut client, text("kill 77 now")).await, missing);
    let mut x = connect_by_x(&server).await;
    assert_eq!(
        x.query("kill connection 77")
            .await
            .err()
            .and_then(|error| error.code()),
        Some(codes::ER_NO_SUCH_THREAD)
    );
}

#[tokio::test]
async fn a_kill_as_text_ends_the_other_connection() {
    let server = plain();
    let (mut one, mut other) = (connect(&server).await, connect(&server).await);
    let id = one
        .query("select connection_id()")
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    let id = id.first().unwrap().text(0).unwrap().to_owned();
    other
        .query(format!("KILL {id}"))
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    assert!(matches!(
        one.ping().await,
        Err(Error::Closed | Error::Io(_) | Error::Session(_))
    ));
}

#[tokio::test]
async fn a_backend_answers_each_command_by_its_hook() {
    let (server, asked) = noting();
    let mut client = connect(&server).await;
    assert_eq!(take(&asked), ["log in b\"ada\""]);
    let denied = [(Part::Err, codes::ER_ACCESS_DENIED_ERROR)];
    let ok = [(Part::Ok, 0)];
    assert_eq!(answer(&mut client, Command::Ping(ComPing)).await, denied);
    assert_eq!(answer(&mut client, create()).await, ok);
    assert_eq!(answer(&mut client, drop_zoo()).await, denied);
    assert_eq!(answer(&mut client, shutdown()).await, ok);
    assert_eq!(answer(&mut client, kill(77)).await, denied);
    assert_eq!(answer(&mut client, set_option(1)).await, denied);
    let on = answer(&mut client, set_option(0)).await;
    assert!(matches!(on[..], [(Part::Ok, 0)]), "{on:?}");
    assert_eq!(
        take(&asked),
        [
            "ping",
            "create zoo",
            "drop zoo",
            "shutdown",
            "kill 77",
            "multi statements false",
            "multi statements true"
        ]
    );
    assert_eq!(answer(&mut client, other(99)).await, ok);
    assert_eq!(take(&asked), ["99 b\"abc\""]);
    // A second connection isn't shown.
    let _other = connect(&server).await;
    let rows = answer(&mut client, Command::ProcessInfo(ComProcessInfo)).await;
    assert_eq!(
        rows.iter()
            .filter(|(part, _)| *part == Part::TextRow)
            .count(),
        1
    );
    client
        .send(Command::Statistics(ComStatistics))
        .await
        .unwrap();
    let (_, payload) = client.next().await.unwrap().unwrap();
    let text = StatisticsResponse::from_payload(&payload, ())
        .unwrap()
        .statistics;
    let text = String::from_utf8_lossy(&text);
    assert!(text.contains("Open tables: 12  "), "{text}");
}

#[tokio::test]
async fn a_backend_knows_its_prepared_statements_by_their_ids() {
    let (server, asked) = noting();
    let mut client = connect(&server).await;
    let one = client.prepare("one").await.unwrap();
    let two = client.prepare("two ?").await.unwrap();
    assert!(client.prepare("bad").await.is_err());
    client
        .execute(&two, &[Value::Int(1)])
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    client
        .execute(&one, &[])
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    client.close_statement(one).await.unwrap();
    client.reset().await.unwrap();
    let _three = client.prepare("three").await.unwrap();
    client.change_user("bert", "", "").await.unwrap();
    assert_eq!(
        take(&asked),
        [
            "log in b\"ada\"",
            "prepare 1",
            "prepare 2",
            "prepare 3",
            "execute 2",
            "execute 1",
            "close 1",
            "close 2",
            "reset",
            "prepare 1",
            "close 1",
            "change user b\"bert\""
        ]
    );
}

#[tokio::test]
async fn a_bulk_execution_is_answered_as_a_whole_or_row_by_row() {
    let (server, asked) = noting();
    let mut client = connect(&server).await;
    let whole = client.prepare("whole ?").await.unwrap();
    let by_rows = client.prepare("by rows ?").await.unwrap();
    let types = || {
        ParameterTypes::new(&[ParameterType {
            column_type: ColumnType::TINY,
            flags: ParameterFlags::empty(),
            name: bytes::Bytes::new(),
        }])
    };
    let bulk = |id, values: &[&'static [u8]]| {
        let values: Vec<_> = values
            .iter()
            .map(|value| BulkValue::Value(bytes::Bytes::from_static(value)))
            .collect();
        let parameters = BulkParameters::new(Some(types()), &values);
        let bulk = ComStmtBulkExecute::new(id, BulkFlags::empty(), &parameters);
        Command::StmtBulkExecute(bulk.unwrap())
    };
    take(&asked);
    let ok = [(Part::Ok, 0)];
    let values: [&[u8]; 3] = [b"\x01", b"\x02", b"\x03"];
    assert_eq!(answer(&mut client, bulk(whole.id, &values)).await, ok);
    assert_eq!(take(&asked), ["bulk 1, in all 6"]);
    assert_eq!(answer(&mut client, bulk(by_rows.id, &values)).await, ok);
    assert_eq!(take(&asked), ["execute 2", "execute 2", "execute 2"]);
    // A row that can't be read.
    let error = answer(&mut client, bulk(whole.id, &[b"\x01", b""])).await;
    assert_eq!(error, [(Part::Err, codes::ER_MALFORMED_PACKET)]);
    assert_eq!(take(&asked), [""; 0]);
}

#[tokio::test]
async fn statements_and_commands_of_the_x_protocol_go_to_the_same_hooks() {
    let (server, asked) = noting();
    let mut client = connect_by_x(&server).await;
    let one = client.prepare("one").await.unwrap();
    client
        .execute(&one, &[])
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    client.close_statement(one).await.unwrap();
    assert_eq!(
        take(&asked),
        ["log in b\"ada\"", "prepare 1", "execute 1", "close 1"]
    );
    let denied = client
        .query("kill 77")
        .await
        .err()
        .and_then(|error| error.code());
    assert_eq!(denied, Some(codes::ER_ACCESS_DENIED_ERROR));
    let denied = client.ping().await.err().and_then(|error| error.code());
    assert_eq!(denied, Some(codes::ER_ACCESS_DENIED_ERROR));
    assert_eq!(take(&asked), ["kill 77", "ping"]);
}

#[tokio::test]
async fn a_connection_says_who_its_client_is() {
    let (server, _) = noting();
    let mut client = connect(&server).await;
    let said = async |client: &mut Client| {
        let rows = client.query("who").await.unwrap().rows().await.unwrap();
        let row = rows.first().unwrap();
        [0, 1, 2, 3, 4].map(|index| row.text(index).unwrap().to_owned())
    };
    let [user, peer, collation, packet, attribute] = said(&mut client).await;
    assert_eq!([&user[..], &peer], ["ada", "127.0.0.1"]);
    assert_ne!(collation, "0");
    assert_ne!(packet, "0");
    assert_eq!(attribute, "none");
    client.change_user("bert", "", "").await.unwrap();
    let [user, _, _, after, _] = said(&mut client).await;
    assert_eq!((&user[..], after), ("bert", packet));
}
