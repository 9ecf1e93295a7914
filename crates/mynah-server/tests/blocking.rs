//! Backends that block.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mynah_client::{Address, Client, Options};
use mynah_server::{
    Backend, Column, Failure, Finished, Results, Server, Statement, blocking, codes,
};

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
    let (go, wait) = channel();
    let wait = Arc::new(Mutex::new(wait));
    let backend = move |_connection| Waiting {
        go: go.clone(),
        wait: Arc::clone(&wait),
    };
    Server::on_port(0).workers(1).serve(backend).unwrap()
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

#[tokio::test]
async fn work_that_panics_is_an_error_of_its_statement() {
    let server = serve();
    let mut client = connect(&server).await;
    let failed = run(&mut client, "panic").await.unwrap_err();
    assert_eq!(failed.code(), Some(codes::ER_UNKNOWN_ERROR));
    assert_eq!(run(&mut client, "rows").await.unwrap(), 100_000);
}
