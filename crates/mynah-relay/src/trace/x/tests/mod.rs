//! Passwords that are sent over the X Protocol, in every form that a trace has.

mod documents;
mod logins;
mod passwords;

use std::time::{Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use mynah_session::observe::{Direction, Observer, Options};
use mynah_testkit::hex;
use mynah_x::compress::{Algorithm, Compressor};
use mynah_x::connection::{Capabilities, CapabilitiesSet, Capability};
use mynah_x::datatypes::{Any, Object, Scalar};
use mynah_x::notice::{self, FrameType};
use mynah_x::prepare::{self, OneOfMessageType, Prepare};
use mynah_x::sql::{StmtExecute, StmtExecuteOk};
use mynah_x::status::{self, Error};
use mynah_x::{ClientMessage, ServerMessage};

use super::super::connection::ConnectionTrace;
use super::super::{Output, Trace, TraceFormat, TraceOptions};
use crate::subscribe::{Seen, Subscriber};
use crate::{Closed, Connection, Event};

/// Stands in every password here, and nowhere else.
const SECRET: &str = "Kuckuck7";

/// A side, and the bytes that it sends.
type Sent = (Direction, BytesMut);

fn client(message: impl Into<ClientMessage>) -> Sent {
    let mut wire = BytesMut::new();
    message.into().put(&mut wire);
    (Direction::Client, wire)
}

fn server(message: impl Into<ServerMessage>) -> Sent {
    let mut wire = BytesMut::new();
    message.into().put(&mut wire);
    (Direction::Server, wire)
}

fn statement(sql: &str, args: Vec<Any>) -> StmtExecute {
    StmtExecute {
        stmt: Bytes::copy_from_slice(sql.as_bytes()),
        args,
        ..StmtExecute::default()
    }
}

fn prepare(stmt_id: u32, statement: StmtExecute) -> Sent {
    client(Prepare {
        stmt_id,
        stmt: prepare::OneOfMessage {
            r#type: OneOfMessageType::Stmt.into(),
            stmt_execute: Some(Box::new(statement)),
            ..Default::default()
        },
    })
}

fn ok() -> Sent {
    server(status::Ok::default())
}

fn done() -> Sent {
    server(StmtExecuteOk {})
}

/// What a server says of a statement that it doesn't understand.
fn error() -> Sent {
    server(Error {
        severity: Some(0),
        code: 1064,
        sql_state: "42000".to_owned(),
        msg: format!("You have an error in your SQL syntax near '{SECRET}'"),
    })
}

fn warning() -> Sent {
    let warning = notice::Warning {
        level: None,
        code: 1,
        msg: format!("no such thing: '{SECRET}'"),
    };
    server(notice::Frame::local(FrameType::Warning, &warning))
}

/// A client that agrees to compress, if it is to, and logs in.
fn conversation(said: Vec<Sent>, algorithm: Option<Algorithm>) -> Vec<Sent> {
    let mut wires = Vec::new();
    let mut compressors = None;
    if let Some(algorithm) = algorithm {
        let name = Scalar::string(algorithm.name()).into();
        let value: Object = [("algorithm", name)].into_iter().collect();
        let set = CapabilitiesSet {
            capabilities: Capabilities {
                capabilities: vec![Capability {
                    name: "compression".to_owned(),
                    value: value.into(),
                }],
            },
        };
        wires.push(client(set));
        wires.push(ok());
        let new = || Compressor::new(algorithm, 3).unwrap();
        compressors = Some((new(), new()));
    }
    for (direction, frames) in said {
        let message = match (&mut compressors, direction) {
            (None, _) => {
                wires.push((direction, frames));
                continue;
            }
            (Some((compressor, _)), Direction::Client) => {
                client(compressor.client_message(&frames).unwrap())
            }
            (Some((_, compressor)), Direction::Server) => {
                server(compressor.server_message(&frames).unwrap())
            }
        };
        wires.push(message);
    }
    wires
}

/// What a trace says of it.
fn traced(wires: &[Sent], format: TraceFormat, level: u8, max_held: usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let options = TraceOptions {
        format,
        level,
        output: Output::File {
            path: path.clone(),
            rotate_at: None,
            keep: 0,
        },
        ..TraceOptions::default()
    };
    let trace = Trace::start(options).unwrap();
    let mut connection = ConnectionTrace::new(&trace);
    let mut publish = |event: &Event| {
        connection.on_event(Seen {
            connection: &Connection::default(),
            event,
            at: SystemTime::UNIX_EPOCH,
            statement: None,
            is_of_gate: false,
        });
    };
    publish(&Event::Connected);
    let options = Options {
        messages: trace.wants_messages(),
        max_held,
    };
    let now = Instant::now();
    let mut observer = Observer::x(options, true, now);
    for (direction, wire) in wires {
        observer.observe(*direction, wire, now, &mut |event| {
            publish(&Event::Observed(event))
        });
    }
    observer.end(now, &mut |event| publish(&Event::Observed(event)));
    publish(&Event::Closed(Closed::default()));
    drop(connection);
    drop(trace);
    let read = |path| std::fs::read_to_string(path).unwrap();
    if format != TraceFormat::Hex {
        return read(path);
    }
    let files = std::fs::read_dir(&path).unwrap();
    files.map(|file| read(file.unwrap().path())).collect()
}

/// Everything that could be read out of a trace: its text, and the bytes of its dumps.
fn readable(trace: &str) -> Vec<String> {
    let dumped: String = trace
        .lines()
        .filter_map(|line| line.strip_prefix("    [0] 0"))
        .filter_map(|line| line.get(7..55))
        .map(|digits| digits.replace(' ', ""))
        .collect();
    vec![trace.to_owned(), dumped]
}

fn shows(trace: &str, secret: &str) -> bool {
    let digits = hex::encode(secret.as_bytes());
    readable(trace)
        .iter()
        .any(|text| text.contains(secret) || text.contains(&digits))
}

/// Every form that a trace has.
fn forms() -> impl Iterator<Item = (TraceFormat, u8)> {
    let text = (1..=4).map(|level| (TraceFormat::Text, level));
    let json = (1..=4).map(|level| (TraceFormat::Json, level));
    text.chain(json).chain([(TraceFormat::Hex, 1)])
}
