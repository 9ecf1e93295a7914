//! Many servers in one process: what one does, or what it waits for, concerns no other.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use mynah::expect::Call;
use mynah::matchers::query;
use mynah::{Mock, MockServer, Rows, ok, rows};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A test whose servers wait for each other fails after this.
const LONG: Duration = Duration::from_secs(60);

async fn connect(server: &MockServer) -> Conn {
    let opts = Opts::from_url(&server.url("mysql")).unwrap();
    let conn = timeout(LONG, Conn::new(opts)).await;
    conn.expect("the server is held up").unwrap()
}

async fn name(conn: &mut Conn) -> String {
    let name = timeout(LONG, conn.query_first("select name from t")).await;
    name.expect("the server is held up").unwrap().unwrap()
}

/// Sends a statement on a connection of its own.
async fn send(server: &MockServer, statement: &'static str) -> JoinHandle<Result<(), String>> {
    let mut conn = connect(server).await;
    tokio::spawn(async move {
        let answered = conn.query_drop(statement).await;
        answered.map_err(|error| error.to_string())
    })
}

fn named(name: &str) -> Rows {
    rows![("name" => VarString); [name]]
}

fn start(name: &str) -> MockServer {
    let server = MockServer::start_blocking();
    Mock::given(query("select name from t"))
        .respond_with(named(name))
        .mount(&server);
    server
}

/// So many servers that some of them share a thread.
fn start_more_than_threads() -> Vec<MockServer> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    (0..=2 * threads)
        .map(|number| start(&format!("server {number}")))
        .collect()
}

#[tokio::test]
async fn each_server_answers_by_its_own_mocks_and_counts_for_itself() {
    let servers = start_more_than_threads();
    let mut conns = Vec::new();
    for server in &servers {
        conns.push(connect(server).await);
    }
    for (number, conn) in conns.iter_mut().enumerate() {
        assert_eq!(name(conn).await, format!("server {number}"));
    }
    assert_eq!(name(&mut conns[0]).await, "server 0");
    for (number, server) in servers.iter().enumerate() {
        let names = server.statements();
        let names = names
            .iter()
            .filter(|entry| entry.call.statement.text().contains("name"));
        assert_eq!(names.count(), if number == 0 { 2 } else { 1 });
        assert_eq!(server.server().connections().list().len(), 1);
        assert_eq!(server.server().connections().list()[0].id, 1);
    }
}

#[tokio::test]
async fn functions_and_futures_that_block_hold_up_no_connection() {
    let servers = start_more_than_threads();
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let block = move || {
        let _dropped = released.lock().unwrap().recv();
        ok()
    };
    let mut blocked = Vec::new();
    for (number, server) in servers.iter().enumerate() {
        let (block, mock) = (block.clone(), Mock::given(query("select block from t")));
        match number % 2 {
            0 => mock.respond_with(move |_: &Call| block()),
            _ => mock.respond_with_async(move |_| {
                let block = block.clone();
                async move { block() }
            }),
        }
        .mount(server);
        blocked.push(send(server, "select block from t").await);
    }
    for server in &servers {
        let came = server.wait_for(1, query("select block from t"), LONG).await;
        came.unwrap();
    }
    for (number, server) in servers.iter().enumerate() {
        let mut conn = connect(server).await;
        assert_eq!(name(&mut conn).await, format!("server {number}"));
    }
    assert_eq!(name(&mut connect(&start("late")).await).await, "late");
    assert!(blocked.iter().all(|answer| !answer.is_finished()));
    drop(release);
    for answer in blocked {
        answer.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn tasks_that_a_future_spawns_hold_up_no_connection() {
    let servers = start_more_than_threads();
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    for server in &servers {
        let released = Arc::clone(&released);
        Mock::given(query("select spawn from t"))
            .respond_with_async(move |_| {
                let released = Arc::clone(&released);
                async move {
                    drop(tokio::spawn(async move {
                        let _dropped = released.lock().unwrap().recv();
                    }));
                    ok()
                }
            })
            .mount(server);
        let answer = send(server, "select spawn from t").await;
        let answer = timeout(LONG, answer).await.expect("the server is held up");
        answer.unwrap().unwrap();
    }
    for (number, server) in servers.iter().enumerate() {
        assert_eq!(
            name(&mut connect(server).await).await,
            format!("server {number}")
        );
    }
    drop(release);
}

#[tokio::test]
async fn a_future_that_panics_fails_its_statement_alone() {
    let servers = start_more_than_threads();
    let mut conns = Vec::new();
    for server in &servers {
        Mock::given(query("select panic from t"))
            .respond_with_async(|_| async {
                tokio::task::yield_now().await;
                if true {
                    panic!("on purpose");
                }
                ok()
            })
            .mount(server);
        let mut conn = connect(server).await;
        let failed = conn.query_drop("select panic from t").await.unwrap_err();
        let text = failed.to_string();
        assert!(
            text.contains("the responder panicked: on purpose"),
            "{text}"
        );
        conns.push(conn);
        server.reset();
    }
    for (server, conn) in servers.iter().zip(&mut conns) {
        Mock::given(query("select name from t"))
            .respond_with(named("still here"))
            .mount(server);
        assert_eq!(name(conn).await, "still here");
    }
}

/// A future that is dropped sends nothing.
#[tokio::test]
async fn a_server_that_is_dropped_ends_its_clients_and_futures_and_no_others() {
    let mut servers = start_more_than_threads();
    let mut others = Vec::new();
    let mut dropped = Vec::new();
    let (sender, ended) = mpsc::channel::<()>();
    for (number, server) in servers.drain(..).enumerate() {
        if number % 2 == 0 {
            others.push((number, connect(&server).await, server));
            continue;
        }
        let sender = sender.clone();
        Mock::given(query("select forever from t"))
            .respond_with_async(move |_| {
                let sender = sender.clone();
                async move {
                    std::future::pending::<()>().await;
                    sender.send(()).unwrap();
                    ok()
                }
            })
            .mount(&server);
        Mock::given(query("select delayed from t"))
            .respond_with(ok().delay(LONG * 60))
            .mount(&server);
        let delayed = send(&server, "select delayed from t").await;
        let forever = send(&server, "select forever from t").await;
        let of_t = || mynah::matchers::regex("from t");
        server.wait_for(2, of_t(), LONG).await.unwrap();
        dropped.push((server, delayed, forever));
    }
    drop(sender);
    for (server, delayed, forever) in dropped {
        drop(server);
        for answer in [delayed, forever] {
            let ended = timeout(LONG, answer).await.expect("the client is kept");
            ended.unwrap().unwrap_err();
        }
    }
    let ended = tokio::task::spawn_blocking(move || ended.recv_timeout(LONG));
    assert_eq!(
        ended.await.unwrap(),
        Err(mpsc::RecvTimeoutError::Disconnected)
    );
    for (number, mut conn, _server) in others {
        assert_eq!(name(&mut conn).await, format!("server {number}"));
    }
}

#[tokio::test]
async fn a_task_of_a_function_that_blocks_stops_no_timer_of_another() {
    let server = MockServer::start().await;
    let (go, wait) = mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    Mock::given(query("select blocking from t"))
        .respond_with_async(move |_| {
            let wait = Arc::clone(&wait);
            async move {
                // Until the end of the test, or of its time.
                drop(tokio::spawn(async move {
                    let _over = wait.lock().unwrap().recv_timeout(LONG);
                }));
                ok()
            }
        })
        .mount(&server);
    Mock::given(query("select delayed from t"))
        .respond_with_async(|_| async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            ok()
        })
        .mount(&server);
    send(&server, "select blocking from t")
        .await
        .await
        .unwrap()
        .unwrap();
    let delayed = send(&server, "select delayed from t").await;
    let answered = timeout(LONG / 2, delayed).await;
    answered.expect("the timer is held up").unwrap().unwrap();
    drop(go);
}

#[cfg(feature = "javascript")]
#[tokio::test]
async fn a_script_that_does_not_end_holds_up_no_other_server() {
    let script = r#"({stmts: function (stmt) {
        if (stmt === "loop") while (mysqld.global.stop !== true);
        return {ok: {}};
    }})"#;
    let looping = MockServer::builder()
        .inline_script("loop.js", script)
        .options(|options| options.statement_budget(LONG * 60))
        .start()
        .await;
    let servers = start_more_than_threads();
    let answer = send(&looping, "loop").await;
    let came = looping.wait_for(1, query("loop"), LONG).await;
    came.unwrap();
    for (number, server) in servers.iter().enumerate() {
        let mut conn = connect(server).await;
        assert_eq!(name(&mut conn).await, format!("server {number}"));
    }
    assert!(!answer.is_finished());
    looping.server().globals().set("stop", "true").unwrap();
    answer.await.unwrap().unwrap();
}
