//! Passwords that are sent over the X Protocol, in every form that a trace has.

mod documents;

use std::time::{Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use mynah_session::observe::{Direction, Observer, Options};
use mynah_testkit::hex;
use mynah_x::compress::{Algorithm, Compressor};
use mynah_x::connection::{Capabilities, CapabilitiesSet, Capability};
use mynah_x::datatypes::{Any, Array, Object, Scalar};
use mynah_x::notice::{self, FrameType};
use mynah_x::prepare::{self, Execute, OneOfMessageType, Prepare};
use mynah_x::session::{AuthenticateContinue, AuthenticateOk, AuthenticateStart};
use mynah_x::sql::{StmtExecute, StmtExecuteOk};
use mynah_x::status::{self, Error};
use mynah_x::{ClientMessage, ServerMessage, cursor};

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

fn conversations() -> Vec<(&'static str, Vec<Sent>)> {
    let sha256_memory = "8E".repeat(32);
    let login = |mechanism: &str, data: Vec<u8>| {
        vec![
            client(AuthenticateStart {
                mech_name: mechanism.to_owned(),
                ..AuthenticateStart::default()
            }),
            server(AuthenticateContinue {
                auth_data: Bytes::from_static(b"01234567890123456789"),
            }),
            client(AuthenticateContinue {
                auth_data: data.into(),
            }),
            server(AuthenticateOk::default()),
        ]
    };
    let secret = || Scalar::string(SECRET).into();
    let by_place = || statement("ALTER USER eve IDENTIFIED BY ?", vec![]);
    let execute = |args| Execute {
        stmt_id: 7,
        args,
        compact_metadata: None,
    };
    let nested: Object = [("a", Any::from(Array::from_iter([secret()])))]
        .into_iter()
        .collect();
    let number = || Scalar::uint(4_711_471_147_114_711).into();
    vec![
        (
            "PLAIN",
            vec![
                client(AuthenticateStart {
                    mech_name: "PLAIN".to_owned(),
                    auth_data: Some(format!("shop\0ada\0{SECRET}").into()),
                    initial_response: None,
                }),
                server(AuthenticateOk::default()),
            ],
        ),
        (
            "PLAIN as the initial response",
            vec![
                client(AuthenticateStart {
                    mech_name: "PLAIN".to_owned(),
                    auth_data: None,
                    initial_response: Some(format!("shop\0ada\0{SECRET}").into()),
                }),
                server(AuthenticateOk::default()),
            ],
        ),
        (
            "a login that isn't in the form it should be",
            vec![client(AuthenticateStart {
                mech_name: "PLAIN".to_owned(),
                auth_data: Some(SECRET.into()),
                initial_response: None,
            })],
        ),
        (
            "an answer that isn't in the form it should be",
            login("MYSQL41", SECRET.into()),
        ),
        (
            "MYSQL41",
            login("MYSQL41", format!("shop\0ada\0*{SECRET}").into()),
        ),
        (
            "SHA256_MEMORY",
            login(
                "SHA256_MEMORY",
                format!("shop\0ada\0{sha256_memory}{SECRET}").into(),
            ),
        ),
        (
            "SET PASSWORD",
            vec![
                client(statement(&format!("SET PASSWORD = '{SECRET}'"), vec![])),
                done(),
            ],
        ),
        (
            "CREATE USER that fails",
            vec![
                client(statement(
                    &format!("CREATE USER eve IDENTIFIED BY '{SECRET}' OOPS"),
                    vec![],
                )),
                warning(),
                error(),
            ],
        ),
        (
            "arguments",
            vec![
                client(statement(
                    "CREATE USER ? IDENTIFIED BY ?",
                    vec![Scalar::string("eve").into(), secret()],
                )),
                done(),
                client(statement(
                    "SET PASSWORD = ?",
                    vec![Scalar::octets(SECRET).into()],
                )),
                error(),
                client(statement("SET PASSWORD = ?", vec![number()])),
                done(),
                client(statement("SET PASSWORD = ?", vec![nested.into()])),
                error(),
            ],
        ),
        (
            "a password in a prepared statement",
            vec![
                prepare(
                    7,
                    statement(&format!("CREATE USER eve IDENTIFIED BY '{SECRET}'"), vec![]),
                ),
                error(),
            ],
        ),
        (
            "a prepared statement with arguments, pipelined",
            vec![
                prepare(7, by_place()),
                client(execute(vec![secret()])),
                client(execute(vec![number()])),
                ok(),
                warning(),
                error(),
                done(),
            ],
        ),
        (
            "a cursor over a prepared statement",
            vec![
                prepare(7, by_place()),
                ok(),
                client(cursor::Open {
                    cursor_id: 1,
                    stmt: cursor::OneOfMessage {
                        r#type: cursor::OneOfMessageType::PrepareExecute.into(),
                        prepare_execute: Some(execute(vec![secret()])),
                    },
                    fetch_rows: None,
                }),
                error(),
            ],
        ),
    ]
}

#[test]
fn no_form_of_a_trace_shows_a_password() {
    for algorithm in [None, Some(Algorithm::Deflate), Some(Algorithm::Zstd)] {
        let all = conversations().into_iter();
        for (name, said) in all.chain(documents::conversations()) {
            let wires = conversation(said, algorithm);
            for (format, level) in forms() {
                let trace = traced(&wires, format, level, 1 << 20);
                for secret in [SECRET, "4711471147114711"] {
                    assert!(
                        !shows(&trace, secret),
                        "{name}, {format:?} {level}, {algorithm:?}:\n{trace}"
                    );
                }
                let varint = "d7c1dfe0eda1af08";
                assert!(!readable(&trace).iter().any(|text| text.contains(varint)));
            }
        }
    }
}

#[test]
fn what_is_longer_than_is_held_does_not_show_a_password() {
    let filler = "x".repeat(300);
    let long = statement(
        &format!("CREATE USER eve IDENTIFIED BY '{SECRET}' COMMENT '{filler}'"),
        vec![],
    );
    let execute = Execute {
        stmt_id: 7,
        args: vec![Scalar::string(SECRET).into(), Scalar::string(filler).into()],
        compact_metadata: None,
    };
    let said = vec![
        client(long.clone()),
        error(),
        prepare(7, long),
        ok(),
        client(execute),
        error(),
    ];
    let wires = conversation(said, None);
    for (format, level) in forms() {
        let trace = traced(&wires, format, level, 200);
        assert!(!shows(&trace, SECRET), "{format:?} {level}:\n{trace}");
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    let said = vec![
        client(statement(
            "CREATE USER ? IDENTIFIED BY 'x' ATTRIBUTE 'y'",
            vec![Scalar::string(SECRET).into()],
        )),
        done(),
        client(statement("SELECT ?", vec![Scalar::string("lamp").into()])),
        error(),
    ];
    let wires = conversation(said, None);
    let json = traced(&wires, TraceFormat::Json, 3, 1 << 20);
    assert!(
        json.contains("CREATE USER ? IDENTIFIED BY *** ATTRIBUTE"),
        "{json}"
    );
    assert!(json.contains("\"value\":\"********\""), "{json}");
    assert!(
        json.contains("lamp") && json.contains("SQL syntax"),
        "{json}"
    );
}
