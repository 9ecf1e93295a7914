//! `--compare-with` with real servers, which are downloaded and started, so these tests run on request only.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;

use mynah_client::{Address, Capabilities, Client, Options, TlsClient, TlsClientOptions, Value, x};
use mynah_testkit::servers::{PASSWORD, RealServer, SCHEMA, Server};
use support::Proxy;

/// Starts servers; if one isn't available here, prints why.
fn start<const N: usize>(kinds: [RealServer; N]) -> Option<Vec<Server>> {
    let servers = kinds.into_iter().map(|kind| {
        Server::start(kind)
            .inspect_err(|reason| println!("{kind}: skipped: {reason}"))
            .ok()
    });
    servers.collect()
}

/// A proxy in front of the first server that compares it with the second one.
fn proxy(
    first: SocketAddr,
    second: SocketAddr,
    user: &str,
    more: &[&str],
) -> (Proxy, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, PASSWORD).unwrap();
    let with = format!("--compare-with={second}");
    let user = format!("--compare-with-user={user}");
    let password = format!("--compare-with-password-file={}", file.display());
    let args = [&["--trace=off", &with, &user, &password], more].concat();
    (Proxy::start(&[first.port()], &args), folder)
}

const SETUP: &[&str] = &[
    "create table t (id int primary key auto_increment, name varchar(20) not null, price decimal(8,2))",
    "insert into t (name, price) values ('owl', 12.50), ('emu', null), ('\u{e4}gypter', 3)",
    "start transaction",
    "update t set price = price + 1 where id < 3",
    "commit",
    "set @n = 7",
];

/// What both servers answer in the same way but for definitions of columns.
async fn use_classic(port: u16, user: &str) {
    let options = Options::new(user, PASSWORD)
        .schema(SCHEMA)
        .capabilities(Capabilities::QUERY_ATTRIBUTES | Capabilities::FOUND_ROWS);
    let address = Address::Tcp(([127, 0, 0, 1], port).into());
    let mut client = Client::connect(&address, options).await.unwrap();
    for statement in SETUP {
        client
            .query(*statement)
            .await
            .unwrap()
            .rows()
            .await
            .unwrap();
    }
    for statement in ["select id, name, price from t order by id", "select @n"] {
        client.query(statement).await.unwrap().rows().await.unwrap();
    }
    client
        .query("insert into t (id) values (1)")
        .await
        .unwrap_err();
    client.query("select nothing from t").await.unwrap_err();
    // An id of a prepared statement is another one on each connection with other statements.
    for (number, statement) in [
        "select name from t where id = ?",
        "select id from t where name = ?",
    ]
    .into_iter()
    .enumerate()
    {
        let prepared = client.prepare(statement).await.unwrap();
        let value = [Value::Int(2), Value::Bytes(b"owl")];
        let mut answer = client
            .execute(&prepared, &value[number..=number])
            .await
            .unwrap();
        assert_eq!(answer.rows().await.unwrap().len(), 1);
        client.close_statement(prepared).await.unwrap();
    }
    client.reset().await.unwrap();
    client
        .query("select count(*) from t")
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    client.query("drop table t").await.unwrap();
    client.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "fetches and starts real servers"]
async fn two_servers_of_one_version_answer_in_the_same_way() {
    let Some(servers) = start([RealServer::MySql97, RealServer::MySql97]) else {
        return;
    };
    let user = servers[0].kind().accounts()[0].user;
    let (proxy, _folder) = proxy(servers[0].address(), servers[1].address(), user, &[]);
    use_classic(proxy.ports[0], user).await;
    let (code, said) = proxy.end_with_status();
    println!("{said}");
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("16 answers compared: 0 differences"),
        "{said}"
    );
    assert!(!said.contains("not compared"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "fetches and starts real servers"]
async fn mysql_and_mariadb_give_the_same_rows_with_other_definitions() {
    let Some(servers) = start([RealServer::MySql97, RealServer::MariaDb118]) else {
        return;
    };
    let users = [0, 1].map(|index| servers[index].kind().accounts()[0].user);
    let (proxy, _folder) = proxy(servers[0].address(), servers[1].address(), users[1], &[]);
    use_classic(proxy.ports[0], users[0]).await;
    let (code, said) = proxy.end_with_status();
    println!("{said}");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("16 answers compared"), "{said}");
    assert!(!said.contains("not compared"), "{said}");
    assert!(!said.contains("  row "), "{said}");
    assert!(!said.contains("number of rows"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "fetches and starts real servers"]
async fn the_x_protocol_of_two_servers_is_compared() {
    let Some(servers) = start([RealServer::MySql97, RealServer::MySql97]) else {
        return;
    };
    let [first, second] = [0, 1].map(|index| servers[index].x_address().unwrap());
    let (proxy, _folder) = proxy(first, second, "sha2", &["--protocol=x"]);
    // Under TLS, an account of any method can log in.
    let tls = TlsClient::new(TlsClientOptions::default()).unwrap();
    let options = x::Options::new("sha2", PASSWORD).schema(SCHEMA).tls(tls);
    let address = Address::Tcp(([127, 0, 0, 1], proxy.ports[0]).into());
    let mut client = x::Client::connect(&address, options).await.unwrap();
    for statement in SETUP {
        client
            .query(*statement)
            .await
            .unwrap()
            .rows()
            .await
            .unwrap();
    }
    let select = "select id, name, price from t where id > ? order by id";
    let prepared = client.prepare(select).await.unwrap();
    let mut answer = client.execute(&prepared, &[Value::Int(1)]).await.unwrap();
    assert_eq!(answer.rows().await.unwrap().len(), 2);
    client.query("select nothing from t").await.unwrap_err();
    client
        .query("select @@port")
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    println!("{said}");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("9 answers compared: 1 differences"), "{said}");
    assert!(
        said.contains("differs: setup: select @@port, time 1\n  row 1"),
        "{said}"
    );
    assert!(!said.contains("not compared"), "{said}");
}
