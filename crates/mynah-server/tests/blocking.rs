//! Backends that block.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mynah_classic::command::{ComStmtExecute, CursorFlags, Parameters};
use mynah_classic::response::ErrPacket;
use mynah_client::{Address, Client, Command, Options, Part, Prepared};
use mynah_server::{
    Backend, Builder, Column, Failure, Finished, Results, Server, Statement, blocking, codes,
};
use mynah_wire::Message;

/// `wait` blocks until another client says `go`.
struct Waiting {
    go: Sender<()>,
    wait: Arc<Mutex<Receiver<()>>>,
}

impl Backend for Waiting {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        match &statement.text[..] {
            b"wait" => {
                let wait = Arc::clone(&self.wait);
                blocking(move || wait.lock().unwrap().recv().unwrap()).await?;
            }
            b"go" => self.go.send(()).unwrap(),
            b"panic" => blocking(|| panic!("a backend's fault")).await?,
            b"short" => {
                let rows = results.columns([Column::integer("n")]);
                return Ok(rows.finish());
            }
            b"wide" => {
                return blocking(move || {
                    let mut rows = results.columns([Column::text("x")]);
                    let wide = "x".repeat(64 * 1024);
                    for _ in 0..10 {
                        rows.row_blocking([&wide[..]])?;
                    }
                    Ok(rows.finish())
                })
                .await?;
            }
            _ => {
                return blocking(move || {
                    let mut rows = results.columns([Column::integer("n")]);
                    for n in 0..100_000 {
                        rows.row_blocking([n])?;
                    }
                    Ok(rows.finish())
                })
                .await?;
            }
        }
        Ok(results.ok())
    }
}

fn serve() -> Server {
    serve_with(|server| server)
}

fn serve_with(options: impl Fn(Builder) -> Builder) -> Server {
    let (go, wait) = channel();
    let wait = Arc::new(Mutex::new(wait));
    let backend = move |_connection| Waiting {
        go: go.clone(),
        wait: Arc::clone(&wait),
    };
    options(Server::on_port(0).workers(1))
        .serve(backend)
        .unwrap()
}

async fn connect(server: &Server) -> Client {
    let address = Address::Tcp(server.tcp_address().unwrap());
    let connected = Client::connect(&address, Options::new("ada", "")).await;
    connected.unwrap()
}

async fn run(client: &mut Client, text: &'static str) -> Result<usize, mynah_client::Error> {
    let rows = client.query(text).await?.rows().await?;
    Ok(rows.len())
}

#[tokio::test]
async fn a_thread_serves_others_while_a_backend_blocks() {
    let server = serve();
    let (mut one, mut other) = (connect(&server).await, connect(&server).await);
    let (waited, gone) = tokio::join!(run(&mut one, "wait"), run(&mut other, "go"));
    assert_eq!((waited.unwrap(), gone.unwrap()), (0, 0));
}

#[tokio::test]
async fn rows_are_written_from_a_thread_that_blocks() {
    let server = serve();
    let mut client = connect(&server).await;
    assert_eq!(run(&mut client, "rows").await.unwrap(), 100_000);
    // A client that reads nothing blocks only its own work.
    let mut idle = connect(&server).await;
    let _unread = idle.query("rows").await.unwrap();
    assert_eq!(run(&mut client, "rows").await.unwrap(), 100_000);
}

/// Executes a statement with a cursor; the number of the error that it comes to.
async fn open_cursor(client: &mut Client, prepared: &Prepared) -> Option<u16> {
    let (flags, parameters) = (CursorFlags::READ_ONLY, Parameters::new(&[]));
    let shared = client.capabilities();
    let execute = ComStmtExecute::new(prepared.id, flags, &parameters, shared, 0).unwrap();
    client.send(Command::StmtExecute(execute)).await.unwrap();
    let mut code = None;
    while let Some((part, payload)) = client.next().await.unwrap() {
        if part == Part::Err {
            let error = ErrPacket::from_payload(&payload, shared).unwrap();
            code = Some(error.error_code);
        }
    }
    code
}

#[tokio::test]
async fn open_cursors_of_a_client_do_not_hold_up_another() {
    let server = serve_with(|server| server.open_cursors(600));
    let mut client = connect(&server).await;
    for number in 0..520 {
        let prepared = client.prepare("wide").await.unwrap();
        let code = open_cursor(&mut client, &prepared).await;
        assert_eq!(code, None, "{number}");
    }
    let mut other = connect(&server).await;
    assert_eq!(run(&mut other, "rows").await.unwrap(), 100_000);
}

#[tokio::test]
async fn a_connection_has_so_many_unfinished_cursors_and_no_more() {
    let server = serve_with(|server| server.open_cursors(2));
    let mut client = connect(&server).await;
    let mut prepared = Vec::new();
    for text in ["wide", "wide", "wide", "short"] {
        prepared.push(client.prepare(text).await.unwrap());
    }
    let [one, two, three, short] = prepared[..] else {
        panic!("four");
    };
    assert_eq!(open_cursor(&mut client, &one).await, None);
    assert_eq!(open_cursor(&mut client, &two).await, None);
    let limit = Some(codes::ER_USER_LIMIT_REACHED);
    assert_eq!(open_cursor(&mut client, &three).await, limit);
    // What is written as a whole holds nothing, and other statements need no cursor.
    assert_eq!(open_cursor(&mut client, &short).await, None);
    assert_eq!(run(&mut client, "rows").await.unwrap(), 100_000);
    // An execution anew closes the statement's own cursor; so does its end.
    assert_eq!(open_cursor(&mut client, &one).await, None);
    client.close_statement(two).await.unwrap();
    assert_eq!(open_cursor(&mut client, &three).await, None);
}

#[tokio::test]
async fn work_that_panics_is_an_error_of_its_statement() {
    let server = serve();
    let mut client = connect(&server).await;
    let failed = run(&mut client, "panic").await.unwrap_err();
    assert_eq!(failed.code(), Some(codes::ER_UNKNOWN_ERROR));
    assert_eq!(run(&mut client, "rows").await.unwrap(), 100_000);
}
