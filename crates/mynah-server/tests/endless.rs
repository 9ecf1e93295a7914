//! Statements that end before their answer though the backend never waits, and answers to pipelined statements.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::future::pending;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mynah_classic::command::{
    BulkFlags, BulkParameters, BulkValue, ComStmtBulkExecute, ParameterFlags, ParameterType,
    ParameterTypes,
};
use mynah_classic::response::ErrPacket;
use mynah_client::{Address, Client, Command, Options, Part};
use mynah_server::{
    Backend, Column, ColumnType, Connection, Connections, Failure, Finished, Results, Server,
    Statement, blocking, codes,
};
use mynah_wire::Message;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Has its own statement ended in the middle of it, as KILL QUERY of another client does.
struct Ending {
    id: u32,
    connections: Arc<OnceLock<Connections>>,
    executed: Arc<AtomicUsize>,
    told: UnboundedSender<&'static str>,
}

impl Ending {
    fn end(&self) {
        assert!(self.connections.get().unwrap().interrupt(self.id));
    }
}

impl Backend for Ending {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        let wide = "x".repeat(64 * 1024);
        match &statement.text[..] {
            b"rows" => {
                let mut rows = results.columns([Column::text("x")]);
                for number in 0..MANY {
                    if number == 10 {
                        self.end();
                    }
                    rows.row([&wide[..]]).await?;
                }
                Ok(rows.finish())
            }
            b"block" => {
                let (connections, id) = (Arc::clone(&self.connections), self.id);
                blocking(move || {
                    let mut rows = results.columns([Column::text("x")]);
                    for number in 0..MANY {
                        if number == 10 {
                            connections.get().unwrap().interrupt(id);
                        }
                        rows.row_blocking([&wide[..]])?;
                    }
                    Ok(rows.finish())
                })
                .await?
            }
            b"wait" => pending().await,
            b"note" => {
                self.told.send("note").unwrap();
                Ok(results.ok())
            }
            _ => Ok(results.ok()),
        }
    }

    async fn execute(&self, _: &Statement, results: Results) -> Result<Finished, Failure> {
        if self.executed.fetch_add(1, Ordering::Relaxed) == 1 {
            self.end();
        }
        Ok(results.ok())
    }

    async fn reset(&self) {
        self.told.send("reset").unwrap();
        pending().await
    }
}

struct Test {
    server: Server,
    executed: Arc<AtomicUsize>,
    told: UnboundedReceiver<&'static str>,
}

fn start() -> Test {
    let connections = Arc::new(OnceLock::new());
    let executed = Arc::new(AtomicUsize::new(0));
    let (telling, told) = unbounded_channel();
    let (of_server, counter) = (Arc::clone(&connections), Arc::clone(&executed));
    let server = Server::on_port(0).workers(1);
    let server = server.serve(move |connection: Connection| Ending {
        id: connection.id(),
        connections: Arc::clone(&of_server),
        executed: Arc::clone(&counter),
        told: telling.clone(),
    });
    let server = server.unwrap();
    connections.set(server.connections()).unwrap();
    Test {
        server,
        executed,
        told,
    }
}

async fn connect(server: &Server) -> Client {
    let address = Address::Tcp(server.tcp_address().unwrap());
    let connected = Client::connect(&address, Options::new("ada", "")).await;
    connected.unwrap()
}

#[tokio::test]
async fn kill_query_ends_rows_that_are_always_there() {
    let test = start();
    let mut client = connect(&test.server).await;
    for what in ["rows", "block"] {
        let ended = client.query(what).await.unwrap().rows().await;
        let code = ended.err().and_then(|error| error.code());
        assert_eq!(code, Some(codes::ER_QUERY_INTERRUPTED), "{what}");
        assert!(client.query("ok").await.is_ok(), "{what}");
    }
}

#[tokio::test]
async fn kill_query_ends_a_bulk_execution_between_rows_and_each_row_counts_once() {
    let test = start();
    let mut client = connect(&test.server).await;
    let prepared = client.prepare("row ?").await.unwrap();
    let statements = || {
        let list = test.server.connections().list();
        list.first().unwrap().statements
    };
    let before = statements();
    let types = ParameterTypes::new(&[ParameterType {
        column_type: ColumnType::TINY,
        flags: ParameterFlags::empty(),
        name: bytes::Bytes::new(),
    }]);
    let values = [b"\x01", b"\x02", b"\x03"];
    let values = values.map(|value| BulkValue::Value(bytes::Bytes::from_static(value)));
    let parameters = BulkParameters::new(Some(types), &values);
    let bulk = ComStmtBulkExecute::new(prepared.id, BulkFlags::empty(), &parameters);
    let bulk = Command::StmtBulkExecute(bulk.unwrap());
    client.send(bulk.clone()).await.unwrap();
    assert_eq!(
        last_error(&mut client).await,
        Some(codes::ER_QUERY_INTERRUPTED)
    );
    assert_eq!(test.executed.load(Ordering::Relaxed), 2);
    assert_eq!(statements() - before, 2);
    // The request counts for the execution that it met, and for no other one.
    client.send(bulk).await.unwrap();
    assert_eq!(last_error(&mut client).await, None);
    assert_eq!(test.executed.load(Ordering::Relaxed), 5);
    assert_eq!(statements() - before, 5);
}

async fn last_error(client: &mut Client) -> Option<u16> {
    let shared = client.capabilities();
    let mut code = None;
    while let Some((part, payload)) = client.next().await.unwrap() {
        if part == Part::Err {
            let error = ErrPacket::from_payload(&payload, shared).unwrap();
            code = Some(error.error_code);
        }
    }
    code
}

#[test]
fn a_finished_answer_is_sent_while_the_next_pipelined_statement_waits() {
    let test = start();
    let mut client = log_in(test.server.tcp_address().unwrap());
    let commands = [packet(0, b"\x03ok"), packet(0, b"\x03wait")].concat();
    client.write_all(&commands).unwrap();
    assert_eq!(read_packet(&mut client).first(), Some(&0));
}

#[test]
fn a_shutdown_during_a_reset_ends_the_session_before_its_next_statement() {
    let Test {
        server, mut told, ..
    } = start();
    let mut client = log_in(server.tcp_address().unwrap());
    let commands = [packet(0, b"\x1f"), packet(0, b"\x03note")].concat();
    client.write_all(&commands).unwrap();
    assert_eq!(told.blocking_recv(), Some("reset"));
    assert!(server.shut_down(Duration::from_secs(60)));
    assert_eq!(told.blocking_recv(), None);
}

/// A client that can send statements without waiting for answers.
fn log_in(address: SocketAddr) -> TcpStream {
    let mut client = TcpStream::connect(address).unwrap();
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    read_packet(&mut client);
    // PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH.
    let mut login = 0x0008_8200_u32.to_le_bytes().to_vec();
    login.extend([0, 0, 0, 1, 45]);
    login.extend([0; 23]);
    login.extend(b"ada\0\0caching_sha2_password\0");
    client.write_all(&packet(1, &login)).unwrap();
    while read_packet(&mut client).first() != Some(&0) {}
    client
}

fn packet(sequence_id: u8, payload: &[u8]) -> Vec<u8> {
    let len = u8::try_from(payload.len()).unwrap();
    [&[len, 0, 0, sequence_id], payload].concat()
}

fn read_packet(client: &mut TcpStream) -> Vec<u8> {
    let mut header = [0; 4];
    client.read_exact(&mut header).unwrap();
    let [a, b, c, _] = header;
    let mut payload = vec![0; u32::from_le_bytes([a, b, c, 0]) as usize];
    client.read_exact(&mut payload).unwrap();
    payload
}

/// More rows of 64 KiB than are made before the end of a statement is seen.
const MANY: usize = 2000;
