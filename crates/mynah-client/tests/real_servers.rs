//! The client of the classic protocol and column definitions that real servers leave out. The servers are downloaded and
//! started, so these tests run on request only: `cargo test -p mynah-client -- --ignored`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use mynah_client::{Address, Capabilities, Client, Error, Options, Prepared, Value};
use mynah_testkit::servers::{PASSWORD, RealServer, SCHEMA, Server};

/// Starts a server; if it isn't available here, prints why.
fn start(kind: RealServer) -> Option<Server> {
    Server::start(kind)
        .inspect_err(|reason| println!("{kind}: skipped: {reason}"))
        .ok()
}

async fn connect(server: &Server, capability: Capabilities) -> Client {
    let user = server.kind().accounts()[0].user;
    let options = Options::new(user, PASSWORD)
        .schema(SCHEMA)
        .capabilities(capability);
    let address = Address::Tcp(server.address());
    let client = Client::connect(&address, options).await.unwrap();
    assert!(client.capabilities().contains(capability));
    client
}

async fn run(client: &mut Client, statements: &[&'static str]) {
    for statement in statements {
        client.query(*statement).await.unwrap();
    }
}

/// The columns' names and the rows of an execution, in one text.
async fn execute(client: &mut Client, prepared: &Prepared, params: &[Value<'_>]) -> String {
    let mut answer = client.execute(prepared, params).await.unwrap();
    let mut all = Vec::new();
    loop {
        let names = answer.columns().iter().map(|column| column.names.parts());
        let names: Vec<_> = names
            .map(|names| String::from_utf8_lossy(names.name).into_owned())
            .collect();
        all.push(names.join(","));
        for row in answer.rows().await.unwrap() {
            let cells = (0..row.cells().len()).map(|index| row.text(index).unwrap_or("NULL"));
            all.push(cells.collect::<Vec<_>>().join(","));
        }
        if !answer.next_result().await.unwrap() {
            return all.join(" ");
        }
    }
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn mysql_leaves_out_columns_if_a_session_asks_for_that() {
    let Some(server) = start(RealServer::MySql97) else {
        return;
    };
    let mut client = connect(&server, Capabilities::OPTIONAL_RESULTSET_METADATA).await;
    run(&mut client, &["set resultset_metadata = none"]).await;
    let statement = "select 1, 'x' union select 2, null";
    let mut answer = client.query(statement).await.unwrap();
    assert!(answer.columns().is_empty());
    let rows = answer.rows().await.unwrap();
    let cells: Vec<_> = rows.iter().map(|row| (row.text(0), row.text(1))).collect();
    assert_eq!(cells, [(Some("1"), Some("x")), (Some("2"), None)]);
    assert!(!answer.next_result().await.unwrap());
    let prepared = client.prepare(statement).await.unwrap();
    let mut answer = client.execute(&prepared, &[]).await.unwrap();
    assert!(matches!(answer.row().await, Err(Error::NoColumns)));
    run(&mut client, &["set resultset_metadata = full"]).await;
    assert_eq!(execute(&mut client, &prepared, &[]).await, "1,x 1,x 2,NULL");
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn mariadb_sends_columns_again_only_when_they_have_changed() {
    let Some(server) = start(RealServer::MariaDb118) else {
        return;
    };
    let mut client = connect(&server, Capabilities::MARIADB_CACHE_METADATA).await;
    run(
        &mut client,
        &[
            "create table t (a int, b varchar(5))",
            "insert into t values (1, 'x'), (2, null)",
            "create procedure p(in n int) begin select n; select a, n from t; end",
        ],
    )
    .await;
    let all = client.prepare("select * from t where a > ?").await.unwrap();
    let call = client.prepare("call p(?)").await.unwrap();
    for round in 0..3 {
        let rows = execute(&mut client, &all, &[Value::Int(0)]).await;
        assert_eq!(rows, "a,b 1,x 2,NULL", "{round}");
        let results = execute(&mut client, &call, &[Value::Int(7)]).await;
        assert_eq!(results, "n 7 a,n 1,7 2,7 ", "{round}");
    }
    run(
        &mut client,
        &["alter table t add c double default 1.5, modify a bigint"],
    )
    .await;
    for round in 0..3 {
        let rows = execute(&mut client, &all, &[Value::Int(0)]).await;
        assert_eq!(rows, "a,b,c 1,x,1.5 2,NULL,1.5", "{round}");
    }
    client.close_statement(all).await.unwrap();
    client.reset().await.unwrap();
    let again = client.prepare("select b from t").await.unwrap();
    for _ in 0..2 {
        assert_eq!(execute(&mut client, &again, &[]).await, "b x NULL");
    }
}
