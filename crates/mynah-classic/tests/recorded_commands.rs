//! All recorded commands of real clients, and the logins before them: every packet is read, written
//! as the same bytes again, and cut at every length; parameters are read by the types of their
//! statement.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    BulkContext, BulkParameters, ComStmtBulkExecute, ComStmtExecute, Command, CommandCode,
    ParameterTypes, ParameterValue, Parameters, ParametersContext,
};
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, AuthSwitchResponse, Handshake,
    HandshakeResponse, OldAuthSwitchRequest,
};
use mynah_classic::value::{Value, ValueType};
use mynah_testkit::{
    Checked, Direction, Line, check_json, check_recorded, check_recorded_longer, fixtures,
};
use mynah_wire::Message;

/// How often each message was met.
type Met = BTreeMap<&'static str, usize>;

/// A prepared statement: what the server's answer and the executions so far reveal of it.
#[derive(Default)]
struct Statement {
    num_params: u16,
    types: Option<ParameterTypes>,
    long_data: HashSet<u64>,
}

#[test]
fn recorded_commands_are_read_and_written_as_the_same_bytes() {
    let mut met = Met::new();
    for (path, fixture) in fixtures("classic").unwrap() {
        println!("{}", path.display());
        // `left_over.rs` reads these.
        let name = path.display().to_string();
        if name.contains("/login-form-") || name.contains("/behind-") {
            continue;
        }
        follow(&fixture.messages().unwrap(), &mut met);
    }
    println!("{met:#?}");
    for code in CommandCode::ALL {
        let count = met.get(code.name().unwrap()).copied();
        assert_eq!(count.is_some(), !NOT_RECORDED.contains(code), "{code:?}");
    }
    for (name, least) in [
        (Handshake::NAME, 400),
        (HandshakeResponse::NAME, 400),
        (AuthSwitchRequest::NAME, 20),
        (OldAuthSwitchRequest::NAME, 2),
        (AuthMoreData::NAME, 10),
        (Parameters::NAME, 100),
        (BulkParameters::NAME, 6),
        ("query attributes", 1),
        ("long data", 4),
        ("types of an earlier execution", 4),
    ] {
        let count = met.get(name).copied().unwrap_or(0);
        assert!(count >= least, "{count} of {name}, in {met:#?}");
    }
}

fn follow(packets: &[Line], met: &mut Met) {
    let Some((greeting, rest)) = packets.split_first() else {
        return;
    };
    if greeting.payload.starts_with(b"\xff") {
        return;
    }
    let Handshake::V10(handshake) = checked(met, &greeting.payload, ()) else {
        panic!("a greeting of version 9");
    };
    let Some((response, rest)) = rest.split_first() else {
        return;
    };
    let response: HandshakeResponse = checked(met, &response.payload, ());
    let shared = handshake.capabilities & response.capabilities();
    let mut statements = HashMap::new();
    let mut is_login = true;
    for (index, packet) in rest.iter().enumerate() {
        match packet.direction {
            Direction::Client if packet.sequence_id == 0 => {
                let answer = &rest[index + 1..];
                let code = command(packet, answer, shared, &mut statements, met);
                is_login = code == Some(CommandCode::CHANGE_USER);
            }
            Direction::Client if is_login => {
                checked::<AuthSwitchResponse>(met, &packet.payload, ());
            }
            Direction::Client => {}
            Direction::Server if is_login => {
                is_login = login(&packet.payload, met);
            }
            Direction::Server => {}
        }
    }
}

/// Reads a server's message in a login; returns false if it ends the login.
fn login(payload: &Bytes, met: &mut Met) -> bool {
    match (payload[0], payload.len()) {
        (0x00 | 0xff, _) => return false,
        (OldAuthSwitchRequest::HEADER, 1) => {
            checked::<OldAuthSwitchRequest>(met, payload, ());
        }
        (AuthSwitchRequest::HEADER, _) => {
            checked::<AuthSwitchRequest>(met, payload, ());
        }
        (AuthMoreData::HEADER, _) => {
            checked::<AuthMoreData>(met, payload, ());
        }
        (AuthNextFactor::HEADER, _) => {
            checked::<AuthNextFactor>(met, payload, ());
        }
        // Two methods of MariaDB send data without a header: parsec and dialog.
        _ => {}
    }
    true
}

fn command(
    packet: &Line,
    answer: &[Line],
    shared: Capabilities,
    statements: &mut HashMap<u32, Statement>,
    met: &mut Met,
) -> Option<CommandCode> {
    if MALFORMED.contains(&&packet.payload[..]) {
        assert!(Command::from_payload(&packet.payload, shared).is_err());
        return None;
    }
    let command: Command = checked(met, &packet.payload, shared);
    let code = command.code();
    *met.entry(code.name().unwrap_or("no name")).or_default() += 1;
    assert_eq!(code.0, packet.payload[0]);
    match command {
        Command::Other { code, .. } => assert!(OPAQUE.contains(&code.0), "{code:?}"),
        Command::Query(query) if !query.attributes.is_empty() => {
            let attributes: Result<Vec<_>, _> = query.attributes.iter().collect();
            assert_eq!(attributes.unwrap().len() as u64, query.attributes.len());
            *met.entry("query attributes").or_default() += 1;
        }
        Command::StmtPrepare(_) => {
            if let Some((statement_id, num_params)) = prepared(answer) {
                for id in [statement_id, LAST_PREPARED] {
                    let statement = Statement {
                        num_params,
                        ..Statement::default()
                    };
                    statements.insert(id, statement);
                }
            }
        }
        Command::StmtSendLongData(command) => {
            if let Some(statement) = statements.get_mut(&command.statement_id) {
                statement.long_data.insert(command.param_id.into());
                *met.entry("long data").or_default() += 1;
            }
        }
        Command::StmtReset(command) => {
            if let Some(statement) = statements.get_mut(&command.statement_id) {
                statement.long_data.clear();
            }
        }
        Command::StmtExecute(command) => {
            if let Some(statement) = statements.get_mut(&command.statement_id) {
                execute(&command, statement, shared, met);
            }
        }
        Command::StmtBulkExecute(command) => {
            let statement = statements.get_mut(&command.statement_id).unwrap();
            bulk_execute(&command, statement, met);
        }
        _ => {}
    }
    Some(code)
}

/// A statement's id and number of parameters, from the answer to COM_STMT_PREPARE.
fn prepared(answer: &[Line]) -> Option<(u32, u16)> {
    let is_first = |packet: &&Line| packet.direction == Direction::Server;
    let payload = &answer.iter().find(is_first)?.payload;
    match payload[..] {
        [0x00, a, b, c, d, _, _, e, f, ..] => {
            Some((u32::from_le_bytes([a, b, c, d]), u16::from_le_bytes([e, f])))
        }
        _ => None,
    }
}

fn execute(
    command: &ComStmtExecute,
    statement: &mut Statement,
    shared: Capabilities,
    met: &mut Met,
) {
    let cx = ParametersContext {
        shared,
        flags: command.flags,
        num_params: statement.num_params,
    };
    let parameters: Parameters = checked(met, &command.parameters, cx);
    let read = command.read_parameters(shared, statement.num_params);
    assert_eq!(read.as_ref(), Ok(&parameters));
    match parameters.types() {
        Some(types) => statement.types = Some(types.clone()),
        None if parameters.is_empty() => {}
        None => *met.entry("types of an earlier execution").or_default() += 1,
    }
    let long_data = std::mem::take(&mut statement.long_data);
    let all: Result<Vec<_>, _> = parameters
        .iter_with(statement.types.as_ref(), |index| long_data.contains(&index))
        .collect();
    let all = all.unwrap();
    assert_eq!(all.len() as u64, parameters.len());
    for parameter in &all {
        if let ParameterValue::Value(value) = &parameter.value {
            Value::from_binary(value, ValueType::from(&parameter.parameter_type)).unwrap();
        }
    }
    let mut again = Parameters::new(&all);
    if parameters.types().is_none() {
        again = again.without_types();
    }
    // libmariadb sets the NULL bits of parameters that it has sent as long data.
    if long_data.is_empty() {
        assert_eq!(again, parameters);
    }
}

fn bulk_execute(command: &ComStmtBulkExecute, statement: &mut Statement, met: &mut Met) {
    let cx = BulkContext {
        flags: command.flags,
        num_params: statement.num_params.into(),
    };
    let parameters: BulkParameters = checked(met, &command.parameters, cx);
    let read = command.read_parameters(statement.num_params);
    assert_eq!(read.as_ref(), Ok(&parameters));
    if let Some(types) = parameters.types() {
        statement.types = Some(types.clone());
    }
    let all: Result<Vec<_>, _> = parameters.iter(statement.types.as_ref()).collect();
    let values: Vec<_> = all.unwrap().into_iter().map(|(_, value)| value).collect();
    assert_eq!(values.len() % usize::from(statement.num_params), 0);
    let again = BulkParameters::new(parameters.types().cloned(), &values);
    assert_eq!(again, parameters);
}

/// Reads a payload, writes it as the same bytes, and cuts it unless it is too long for that.
fn checked<M: Checked>(met: &mut Met, payload: &Bytes, cx: M::Context) -> M {
    *met.entry(M::NAME).or_default() += 1;
    if has_longer_length(payload) {
        return check_recorded_longer(payload, cx);
    }
    if payload.len() < 20_000 {
        return check_recorded(payload, cx);
    }
    let message = M::from_payload(payload, cx).unwrap();
    assert!(message.to_payload(cx).as_ref() == Ok(payload));
    check_json(&message);
    message
}

/// npm's mariadb writes the length of its attributes in three bytes where one would do.
fn has_longer_length(payload: &[u8]) -> bool {
    payload
        .windows(CONNECTOR_NODE.len())
        .any(|text| text == CONNECTOR_NODE)
}

const CONNECTOR_NODE: &[u8] = b"MariaDB connector/Node";

/// The statement id that stands for the last one prepared, with MariaDB.
const LAST_PREPARED: u32 = 0xffff_ffff;

/// The packets of `command-empty` and `statement-unknown`, malformed on purpose.
const MALFORMED: &[&[u8]] = &[b"", b"\x17\x09"];

/// Commands that are kept as their bytes: those that only name a feature of the server, and an
/// unknown one.
const OPAQUE: &[u8] = &[0x00, 0x0b, 0x0f, 0x10, 0x1d, 0x99];

const NOT_RECORDED: &[CommandCode] = &[
    CommandCode::TABLE_DUMP,
    CommandCode::CONNECT_OUT,
    CommandCode::SUBSCRIBE_GROUP_REPLICATION_STREAM,
    CommandCode::MULTI,
];
