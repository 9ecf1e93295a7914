//! Every edge of the diagram of `classic::server::Server`, each by a test that is named after it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod edge_support;
mod support;

use bytes::{BufMut, Bytes, BytesMut};
use edge_support::{Session, edges, state};
use mynah_auth::LongNonce;
use mynah_auth::rsa::PrivateKey;
use mynah_classic::Capabilities;
use mynah_classic::ColumnType;
use mynah_classic::command::{
    BulkFlags, BulkParameters, BulkValue, ComChangeUser, ComStmtBulkExecute, ParameterFlags,
    ParameterType, ParameterTypes,
};
use mynah_classic::connection::SslRequest;
use mynah_session::classic::server::{Event, Options, Server};
use mynah_session::{
    Account, Answer, Completion, Failure, FullAuthentication, Greeting, Kill, LocalInfile, Outcome,
    Prepared, ResultSet, RowSource, Rows, SessionError, Statistics,
};
use mynah_wire::Message;
use support::{SHARED, column, options, packet, response};

const ALL: Capabilities = SHARED
    .union(Capabilities::SSL)
    .union(Capabilities::MULTI_RESULTS)
    .union(Capabilities::LOCAL_FILES);

impl Session for Server {
    type Event = Event;

    fn handle(&mut self, event: Event) -> Result<(), SessionError> {
        self.handle(event)
    }

    fn forget(&mut self) {
        while self.poll_action().is_some() {}
        self.output().clear();
    }

    fn misplaced(&self) -> Event {
        match self.wants_packet() {
            true => Event::Flushed,
            false => packet(0, "\x0e"),
        }
    }
}

/// A client has just connected.
fn fresh() -> Server {
    Server::new(Options {
        offer_tls: true,
        asks_administration: true,
        asks_bulk: true,
        ..options()
    })
}

fn new() -> Vec<Event> {
    Vec::new()
}

fn greeting() -> Event {
    Event::from(Answer::Greeting(Ok(Box::new(Greeting {
        capabilities: Some(ALL),
        ..Greeting::default()
    }))))
}

fn greeted() -> Vec<Event> {
    vec![greeting()]
}

fn ssl_request() -> Event {
    let request = SslRequest {
        capabilities: ALL,
        max_packet_size: 1 << 24,
        character_set: 45,
    };
    packet(1, request.to_payload(()).unwrap())
}

fn log_in() -> Event {
    response(ALL - Capabilities::SSL, "caching_sha2_password", b"")
}

fn asked_for_account() -> Vec<Event> {
    vec![greeting(), log_in()]
}

fn account() -> Event {
    Event::from(Answer::Account(Ok(Box::default())))
}

fn account_with(method: &'static str) -> Event {
    Event::from(Answer::Account(Ok(Box::new(Account {
        auth_method_name: Some(method.into()),
        ..Account::default()
    }))))
}

/// An account whose password the client has to encrypt for a key.
fn account_in_full() -> Event {
    Event::from(Answer::Account(Ok(Box::new(Account {
        full: FullAuthentication::Always,
        ..Account::default()
    }))))
}

fn key() -> Event {
    Event::from(Answer::RsaKey(PrivateKey::generate().ok()))
}

/// The client has a password, of which it sends a hash.
fn asked_for_account_of_password() -> Vec<Event> {
    let capabilities = ALL - Capabilities::SSL;
    vec![
        greeting(),
        response(capabilities, "caching_sha2_password", &[b'h'; 32]),
    ]
}

fn logged_in() -> Vec<Event> {
    vec![greeting(), log_in(), account()]
}

fn change_user() -> Event {
    let change = ComChangeUser {
        user: "eve".into(),
        auth_plugin_name: "caching_sha2_password".into(),
        ..ComChangeUser::default()
    };
    packet(0, change.to_payload(ALL - Capabilities::SSL).unwrap())
}

fn nonce() -> Event {
    Event::from(Answer::Nonce(LongNonce::from_bytes(&[b'm'; 32])))
}

fn query() -> Event {
    packet(0, "\x03select 1")
}

fn queried() -> Vec<Event> {
    [logged_in(), vec![query()]].into_iter().flatten().collect()
}

fn reply(outcome: Outcome) -> Event {
    Event::from(Answer::Reply(Box::new(outcome.into())))
}

fn ok() -> Event {
    reply(Outcome::Ok(Completion::default()))
}

fn result(rows: Rows) -> Event {
    reply(Outcome::Rows(ResultSet {
        columns: [column("a")].into(),
        rows,
        end: Completion::default(),
        is_out_parameters: false,
    }))
}

/// More rows than are sent at once.
fn many_rows() -> Rows {
    let cell = [b'x'; 1000];
    (0..200).map(|_| [Some(&cell[..])]).collect()
}

fn rows_of_a_script() -> Rows {
    Rows::default().continued(RowSource(1))
}

fn rows(rows: Rows) -> Event {
    Event::from(Answer::Rows(Ok(rows)))
}

fn local_infile() -> Event {
    reply(Outcome::LocalInfile(LocalInfile {
        filename: "animals.csv".into(),
        limit: 100,
    }))
}

fn prepared() -> Event {
    Event::from(Answer::Prepared(Ok(Prepared::default())))
}

fn with_a_statement() -> Vec<Event> {
    let mut events = logged_in();
    events.extend([packet(0, "\x16select ?"), prepared()]);
    events
}

/// An execution of the statement of number 1, with a cursor if it is to have one.
fn execute(cursor: bool) -> Event {
    let mut payload = BytesMut::from(&b"\x17"[..]);
    payload.put_u32_le(1);
    payload.put_u8(cursor.into());
    payload.put_u32_le(1);
    // One parameter, which is NULL, of a type that is named.
    payload.put_slice(&[1, 1, 6, 0]);
    packet(0, payload.freeze())
}

fn fetch() -> Event {
    packet(0, Bytes::from_static(&[0x1c, 1, 0, 0, 0, 9, 0, 0, 0]))
}

fn bulk_execute() -> Event {
    let types = ParameterTypes::new(&[ParameterType {
        column_type: ColumnType::LONG,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    }]);
    let rows = [BulkValue::Null, BulkValue::Null];
    let parameters = BulkParameters::new(Some(types), &rows);
    let command = ComStmtBulkExecute::new(1, BulkFlags::empty(), &parameters).unwrap();
    packet(0, command.to_payload(()).unwrap())
}

fn by_rows() -> Event {
    Event::from(Answer::Command(None))
}

fn whole_bulk() -> Event {
    let reply = Outcome::Ok(Completion::default()).into();
    Event::from(Answer::Command(Some(Box::new(reply))))
}

edges! {
    expect_greeting_to_handshake_response: new(), [greeting()] => "ExpectHandshakeResponse";
    expect_greeting_to_closed_by_a_refusal: new(), [
        Event::from(Answer::Greeting(Err(Failure::no_schema())))
    ] => "Closed";
    handshake_response_to_tls: greeted(), [ssl_request()] => "ExpectTls";
    tls_to_handshake_response: greeted(), [
        ssl_request(), Event::TlsStarted(Default::default())
    ] => "ExpectHandshakeResponse";
    handshake_response_to_account: greeted(), [log_in()] => "ExpectAccount";
    account_to_command: asked_for_account(), [account()] => "ExpectCommand";
    account_to_authentication: asked_for_account(), [
        account_with("mysql_native_password")
    ] => "ExpectAuthentication";
    account_to_rsa_key: asked_for_account(), [account_in_full()] => "ExpectRsaKey";
    account_to_closed_by_a_refusal: asked_for_account(), [
        Event::from(Answer::Account(Err(Failure::no_schema())))
    ] => "Closed";
    rsa_key_to_authentication: asked_for_account_of_password(), [account_in_full(), key()]
        => "ExpectAuthentication";
    rsa_key_to_command: asked_for_account(), [account_in_full(), key()] => "ExpectCommand";
    rsa_key_to_closed_by_a_refusal: asked_for_account(), [
        Event::from(Answer::Account(Ok(Box::new(Account {
            username: Some("eve".into()),
            full: FullAuthentication::Always,
            ..Account::default()
        })))),
        key()
    ] => "Closed";
    authentication_to_authentication_by_more_data: asked_for_account_of_password(), [
        // The key is asked for before the password.
        account_in_full(), key(), packet(3, "\x02")
    ] => "ExpectAuthentication";
    authentication_to_command: asked_for_account(), [
        account_with("mysql_native_password"), packet(3, "")
    ] => "ExpectCommand";

    command_to_nonce: logged_in(), [change_user()] => "ExpectNonce";
    nonce_to_account: logged_in(), [change_user(), nonce()] => "ExpectAccount";
    command_to_reply: logged_in(), [query()] => "ExpectReply";
    command_to_reply_by_a_replica: logged_in(), [packet(0, "\x12\0\0\0\0\0\0\0\0\0\0")]
        => "ExpectReply";
    command_to_prepared: logged_in(), [packet(0, "\x16select ?")] => "ExpectPrepared";
    command_to_fields: logged_in(), [packet(0, "\x04t\0")] => "ExpectFields";
    command_to_statistics: logged_in(), [packet(0, "\x09")] => "ExpectStatistics";
    command_to_processes: logged_in(), [packet(0, "\x0a")] => "ExpectProcesses";
    command_to_killed: logged_in(), [packet(0, "\x0c\x63\0\0\0")] => "ExpectKilled";
    command_to_schema: logged_in(), [packet(0, "\x02zoo")] => "ExpectSchema";
    command_to_command: logged_in(), [packet(0, "\x1f")] => "ExpectCommand";
    command_to_closed: logged_in(), [packet(0, "\x01")] => "Closed";

    reply_to_command: queried(), [ok()] => "ExpectCommand";
    reply_to_command_by_rows: queried(), [result(Rows::default())] => "ExpectCommand";
    reply_to_flushed: queried(), [result(many_rows())] => "ExpectFlushed";
    flushed_to_flushed: queried(), [result(many_rows()), Event::Flushed] => "ExpectFlushed";
    flushed_to_command: queried(), [
        result(many_rows()), Event::Flushed, Event::Flushed, Event::Flushed
    ] => "ExpectCommand";
    flushed_to_rows: queried(), [
        result(many_rows().continued(RowSource(1))), Event::Flushed, Event::Flushed, Event::Flushed
    ] => "ExpectRows";
    reply_to_rows: queried(), [result(rows_of_a_script())] => "ExpectRows";
    rows_to_rows: queried(), [result(rows_of_a_script()), rows(rows_of_a_script())]
        => "ExpectRows";
    rows_to_flushed: queried(), [result(rows_of_a_script()), rows(many_rows())]
        => "ExpectFlushed";
    rows_to_command: queried(), [result(rows_of_a_script()), rows(Rows::default())]
        => "ExpectCommand";
    reply_to_killed: queried(), [reply(Outcome::Kill(Kill::connection(99)))] => "ExpectKilled";
    reply_to_file: queried(), [local_infile()] => "ExpectFile";
    file_to_file: queried(), [local_infile(), packet(2, "lion")] => "ExpectFile";
    file_to_reply: queried(), [local_infile(), packet(2, "lion"), packet(3, "")] => "ExpectReply";
    file_to_command_if_it_is_too_long: queried(), [
        local_infile(), packet(2, "lion".repeat(26)), packet(3, "")
    ] => "ExpectCommand";

    prepared_to_command: logged_in(), [packet(0, "\x16select ?"), prepared()] => "ExpectCommand";
    command_to_reply_by_an_execution: with_a_statement(), [execute(false)] => "ExpectReply";
    reply_to_command_by_a_cursor: with_a_statement(), [execute(true), result(many_rows())]
        => "ExpectCommand";
    command_to_command_by_a_fetch: with_a_statement(), [
        execute(true), result(many_rows()), fetch()
    ] => "ExpectCommand";
    command_to_rows_by_a_fetch: with_a_statement(), [
        execute(true), result(rows_of_a_script()), fetch()
    ] => "ExpectRows";
    command_to_bulk: with_a_statement(), [bulk_execute()] => "ExpectBulk";
    bulk_to_command: with_a_statement(), [bulk_execute(), whole_bulk()] => "ExpectCommand";
    bulk_to_reply_without_an_answer: with_a_statement(), [bulk_execute(), by_rows()]
        => "ExpectReply";
    reply_to_reply_by_a_row_of_a_bulk_execution: with_a_statement(), [
        bulk_execute(), by_rows(), ok()
    ] => "ExpectReply";
    reply_to_command_by_the_last_row_of_a_bulk_execution: with_a_statement(), [
        bulk_execute(), by_rows(), ok(), ok()
    ] => "ExpectCommand";
    fields_to_command: logged_in(), [
        packet(0, "\x04t\0"), Event::from(Answer::Fields(Ok([].into())))
    ] => "ExpectCommand";
    statistics_to_command: logged_in(), [
        packet(0, "\x09"), Event::from(Answer::Statistics(Statistics::default()))
    ] => "ExpectCommand";
    processes_to_command: logged_in(), [
        packet(0, "\x0a"), Event::from(Answer::Processes(Vec::new()))
    ] => "ExpectCommand";
    killed_to_command: logged_in(), [
        packet(0, "\x0c\x63\0\0\0"), Event::from(Answer::Killed(true))
    ] => "ExpectCommand";
    schema_to_command: logged_in(), [
        packet(0, "\x02zoo"), Event::from(Answer::Command(None))
    ] => "ExpectCommand";

    administration_to_command: logged_in(), [
        packet(0, "\x0e"), Event::from(Answer::Command(None))
    ] => "ExpectCommand";

    expect_greeting_to_closed_by_the_end_of_the_stream: new(), [Event::Eof] => "Closed";
    reply_to_closed_by_the_end_of_the_stream: queried(), [Event::Eof] => "Closed";
    handshake_response_to_closed_by_the_end_of_the_server: greeted(), [Event::ShutDown]
        => "Closed";
    command_to_closed_by_the_end_of_the_server: logged_in(), [Event::ShutDown] => "Closed";
    command_to_closed_by_idleness: logged_in(), [Event::IdleTooLong] => "Closed";
}

#[test]
fn an_error_of_the_client_closes_the_session() {
    let mut server = Server::new(options());
    for event in logged_in() {
        while server.poll_action().is_some() {}
        server.handle(event).unwrap();
    }
    assert!(server.handle(packet(7, "\x0e")).is_err());
    assert_eq!(state(server), "Closed");
}
