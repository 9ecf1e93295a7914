//! Statements that end before their answer: by KILL QUERY, by a client that leaves, by the end of the server.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::future::pending;
use std::time::Duration;

use mynah_classic::command::{
    ComProcessKill, ComStmtExecute, ComStmtFetch, CursorFlags, Parameters,
};
use mynah_client::{Address, Client, ComQuery, Command, Options, Part, x};
use mynah_server::{
    Backend, Column, Connection, Failure, Finished, KillRequest, Prepared, Results, Server,
    Statement, blocking, codes,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::yield_now;

/// Reports the statements that have begun, and those that have ended.
struct Waiting {
    connection: Connection,
    told: UnboundedSender<String>,
    /// Whether everybody may end everything.
    is_open: bool,
}

/// Tells when it is dropped.
struct Ended(UnboundedSender<String>, String);

impl Drop for Ended {
    fn drop(&mut self) {
        let _test_over = self.0.send(format!("ended {}", self.1));
    }
}

impl Waiting {
    fn begin(&self, what: &str) -> Ended {
        self.told.send(format!("begun {what}")).unwrap();
        Ended(self.told.clone(), what.to_owned())
    }
}

impl Backend for Waiting {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        let text = String::from_utf8_lossy(&statement.text).into_owned();
        match &text[..] {
            "wait" => {
                let _ended = self.begin("wait");
                pending().await
            }
            "block" => {
                let (ended, cancellation) = (self.begin("block"), results.cancellation());
                blocking(move || {
                    let _ended = ended;
                    while !cancellation.is_cancelled() {
                        std::thread::yield_now();
                    }
                })
                .await?;
                Ok(results.ok())
            }
            "rows" => {
                let _ended = self.begin("rows");
                let mut rows = results.columns([Column::text("x")]);
                for _ in 0..3 {
                    rows.row(["x".repeat(64 * 1024)]).await?;
                }
                pending().await
            }
            "id" => {
                let mut rows = results.columns([Column::integer("id")]);
                rows.row([i64::from(self.connection.id())]).await?;
                Ok(rows.finish())
            }
            "later" => {
                let mut rows = results.columns([Column::text("x")]);
                for _ in 0..5 {
                    rows.row(["x".repeat(64 * 1024)]).await?;
                    yield_now().await;
                    yield_now().await;
                }
                Ok(rows.finish())
            }
            _ => {
                yield_now().await;
                Ok(results.ok())
            }
        }
    }

    async fn prepare(&self, statement: &Statement) -> Result<Prepared, Failure> {
        match &statement.text[..] {
            b"wait" => {
                let _ended = self.begin("prepare");
                pending().await
            }
            _ => Ok(Prepared::default()),
        }
    }

    async fn ping(&self) -> Result<(), Failure> {
        let _ended = self.begin("ping");
        pending().await
    }

    async fn kill(&self, request: &KillRequest) -> Result<(), Failure> {
        match self.is_open || request.target.is_none() || request.is_of_same_user() {
            true => Ok(()),
            false => Err(request.denied()),
        }
    }
}

struct Test {
    server: Server,
    told: UnboundedReceiver<String>,
}

impl Test {
    fn start(is_open: bool) -> Self {
        let (telling, told) = unbounded_channel();
        let server = Server::on_port(0).x_port(0).workers(1);
        let server = server.serve(move |connection| Waiting {
            connection,
            told: telling.clone(),
            is_open,
        });
        Self {
            server: server.unwrap(),
            told,
        }
    }

    async fn connect(&self, user: &str) -> (Client, u32) {
        let address = Address::Tcp(self.server.tcp_address().unwrap());
        let mut client = Client::connect(&address, Options::new(user, ""))
            .await
            .unwrap();
        let rows = client.query("id").await.unwrap().rows().await.unwrap();
        let id = rows.first().unwrap().text(0).unwrap().parse().unwrap();
        (client, id)
    }

    async fn told(&mut self) -> String {
        self.told.recv().await.unwrap()
    }
}

/// The number of the error that a statement came to; `None` for an OK.
async fn run(client: &mut Client, text: impl Into<String>) -> Option<u16> {
    let answer = match client.query(text.into()).await {
        Ok(mut answer) => answer.rows().await.map(drop),
        Err(error) => Err(error),
    };
    answer.err().map(|error| error.code().unwrap())
}

const INTERRUPTED: Option<u16> = Some(codes::ER_QUERY_INTERRUPTED);

#[tokio::test]
async fn kill_query_ends_what_a_backend_waits_for() {
    let mut test = Test::start(false);
    let ((mut one, id), (mut other, _)) = (test.connect("ada").await, test.connect("ada").await);
    for what in ["wait", "block", "rows"] {
        let killing = async {
            assert_eq!(test.told().await, format!("begun {what}"));
            assert_eq!(run(&mut other, format!("KILL QUERY {id}")).await, None);
            assert_eq!(test.told().await, format!("ended {what}"));
        };
        let (killed, ()) = tokio::join!(run(&mut one, what), killing);
        assert_eq!(killed, INTERRUPTED, "{what}");
        // The connection is as before, and a request that came too late counts for nothing.
        assert_eq!(run(&mut other, format!("KILL QUERY {id}")).await, None);
        assert_eq!(run(&mut one, "ok").await, None, "{what}");
    }
}

#[tokio::test]
async fn kill_query_ends_commands_and_preparations_too() {
    let mut test = Test::start(false);
    let ((mut one, id), (mut other, _)) = (test.connect("ada").await, test.connect("ada").await);
    for what in ["prepare", "ping"] {
        let killing = async {
            assert_eq!(test.told().await, format!("begun {what}"));
            assert_eq!(run(&mut other, format!("KILL QUERY {id}")).await, None);
            assert_eq!(test.told().await, format!("ended {what}"));
        };
        let ending = async {
            let ended = match what {
                "ping" => one.ping().await,
                _ => one.prepare("wait").await.map(drop),
            };
            ended.err().and_then(|error| error.code())
        };
        let (killed, ()) = tokio::join!(ending, killing);
        assert_eq!(killed, INTERRUPTED, "{what}");
        assert_eq!(run(&mut one, "ok").await, None, "{what}");
    }
}

#[tokio::test]
async fn kill_query_ends_a_statement_of_the_x_protocol() {
    let mut test = Test::start(true);
    let address = test.server.addresses().get(1).unwrap().clone();
    let mut one = x::Client::connect(&address, x::Options::new("ada", ""))
        .await
        .unwrap();
    let id = one.query("id").await.unwrap().rows().await.unwrap();
    assert_eq!(id.len(), 1);
    let (mut other, other_id) = test.connect("ada").await;
    let killing = async {
        assert_eq!(test.told().await, "begun wait");
        let id = other_id - 1;
        assert_eq!(run(&mut other, format!("KILL QUERY {id}")).await, None);
        assert_eq!(test.told().await, "ended wait");
    };
    let ending = async {
        let failed = match one.query("wait").await {
            Ok(mut answer) => answer.rows().await.err(),
            Err(error) => Some(error),
        };
        failed.and_then(|error| error.code())
    };
    let (killed, ()) = tokio::join!(ending, killing);
    assert_eq!(killed, INTERRUPTED);
    assert!(one.query("ok").await.is_ok());
}

#[tokio::test]
async fn a_killed_connection_and_a_client_that_leaves_end_their_statements() {
    let mut test = Test::start(false);
    for what in ["wait", "block", "rows"] {
        let ((mut one, id), (mut other, _)) =
            (test.connect("ada").await, test.connect("ada").await);
        one.send(Command::Query(ComQuery {
            query: what.into(),
            ..Default::default()
        }))
        .await
        .unwrap();
        assert_eq!(test.told().await, format!("begun {what}"));
        let kill = ComProcessKill { connection_id: id };
        other.send(Command::ProcessKill(kill)).await.unwrap();
        assert_eq!(test.told().await, format!("ended {what}"));
        let (mut leaving, _) = test.connect("ada").await;
        leaving
            .send(Command::Query(ComQuery {
                query: what.into(),
                ..Default::default()
            }))
            .await
            .unwrap();
        assert_eq!(test.told().await, format!("begun {what}"));
        drop(leaving);
        assert_eq!(test.told().await, format!("ended {what}"));
    }
}

#[tokio::test]
async fn only_connections_of_the_same_user_can_be_ended_by_default() {
    struct Default;
    impl Backend for Default {
        async fn query(&self, _: &Statement, results: Results) -> Result<Finished, Failure> {
            Ok(results.ok())
        }
    }
    let server = Server::on_port(0).workers(1).serve(|_| Default).unwrap();
    let address = Address::Tcp(server.tcp_address().unwrap());
    let connect = async |user: &str| {
        Client::connect(&address, Options::new(user, ""))
            .await
            .unwrap()
    };
    let (mut ada, mut bert) = (connect("ada").await, connect("bert").await);
    let _second_of_ada = connect("ada").await;
    let denied = Some(codes::ER_KILL_DENIED_ERROR);
    assert_eq!(run(&mut bert, "kill 1").await, denied);
    assert_eq!(run(&mut bert, "kill query 1").await, denied);
    let missing = Some(codes::ER_NO_SUCH_THREAD);
    assert_eq!(run(&mut bert, "kill 77").await, missing);
    assert_eq!(run(&mut ada, "kill query 3").await, None);
    assert_eq!(run(&mut ada, "kill 3").await, None);
    assert_eq!(run(&mut ada, "ok").await, None);
}

#[tokio::test]
async fn a_backend_can_let_a_user_end_connections_of_others() {
    let test = Test::start(true);
    let ((mut ada, id), (mut bert, _)) = (test.connect("ada").await, test.connect("bert").await);
    assert_eq!(run(&mut bert, format!("kill query {id}")).await, None);
    assert_eq!(run(&mut bert, format!("kill {id}")).await, None);
    assert!(ada.query("ok").await.is_err());
}

fn runtime() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

#[test]
fn a_shutdown_tells_clients_that_wait_and_waits_for_work_that_blocks() {
    let runtime = runtime();
    let mut test = Test::start(false);
    let running = runtime.block_on(async {
        let ((one, _), (other, _)) = (test.connect("ada").await, test.connect("ada").await);
        let mut running = Vec::new();
        for (mut client, what) in [(one, "wait"), (other, "block")] {
            let query = ComQuery {
                query: what.into(),
                ..Default::default()
            };
            client.send(Command::Query(query)).await.unwrap();
            assert_eq!(test.told().await, format!("begun {what}"));
            running.push(client);
        }
        running
    });
    let Test { server, mut told } = test;
    assert!(server.shut_down(Duration::from_secs(60)));
    // All is over when the server says so.
    let mut ended = [told.try_recv().unwrap(), told.try_recv().unwrap()];
    ended.sort();
    assert_eq!(ended, ["ended block", "ended wait"]);
    runtime.block_on(async {
        for mut client in running {
            let (part, _) = client.next().await.unwrap().unwrap();
            assert_eq!(part, Part::Err);
        }
    });
}

#[tokio::test]
async fn a_request_to_end_the_statement_before_does_not_end_a_fetch() {
    let test = Test::start(false);
    let (mut one, id) = test.connect("ada").await;
    let (mut other, _) = test.connect("ada").await;
    let prepared = one.prepare("later").await.unwrap();
    let execute = ComStmtExecute::new(
        prepared.id,
        CursorFlags::READ_ONLY,
        &Parameters::new(&[]),
        one.capabilities(),
        0,
    )
    .unwrap();
    one.send(Command::StmtExecute(execute)).await.unwrap();
    while one.next().await.unwrap().is_some() {}
    assert_eq!(run(&mut other, format!("kill query {id}")).await, None);
    let fetch = ComStmtFetch {
        statement_id: prepared.id,
        num_rows: 10,
    };
    one.send(Command::StmtFetch(fetch)).await.unwrap();
    let mut parts = Vec::new();
    while let Some((part, _)) = one.next().await.unwrap() {
        parts.push(part);
    }
    let rows = parts.iter().filter(|part| **part == Part::BinaryRow);
    assert_eq!(rows.count(), 5, "{parts:?}");
}
