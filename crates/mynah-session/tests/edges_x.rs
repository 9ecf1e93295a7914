//! Every edge of the diagram of `x::server::Server`, each by a test that is named after it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod edge_support;
mod support;
mod x_support;

use bytes::{Bytes, BytesMut};
use edge_support::{Session, edges};
use mynah_auth::LongNonce;
use mynah_session::x::server::{BadFrame, Event, Server};
use mynah_session::{
    Answer, Completion, Failure, Kill, Outcome, Prepared, ResultSet, RowSource, Rows, SessionError,
};
use mynah_x::compress::{Algorithm, Compressor};
use mynah_x::connection::{CapabilitiesSet, Close};
use mynah_x::crud::{Collection, Find};
use mynah_x::cursor;
use mynah_x::datatypes::{Any, Object, Scalar};
use mynah_x::expect;
use mynah_x::prepare::{Execute, OneOfMessage, OneOfMessageType, Prepare};
use mynah_x::session::{self, AuthenticateContinue, AuthenticateStart, Reset};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, FrameCodec};
use support::column;
use tokio_util::codec::Decoder;
use x_support::options;

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
        match self.wants_frame() {
            true => Event::Flushed,
            false => Event::BadFrame(BadFrame::Empty),
        }
    }
}

/// A client has just connected.
fn fresh() -> Server {
    Server::new(options())
}

fn new() -> Vec<Event> {
    Vec::new()
}

fn greeting() -> Event {
    Event::from(Answer::Greeting(Ok(Box::default())))
}

fn greeted() -> Vec<Event> {
    vec![greeting()]
}

fn say(message: impl Into<ClientMessage>) -> Event {
    let mut w = BytesMut::new();
    message.into().put(&mut w);
    Event::Frame(FrameCodec::new(usize::MAX).decode(&mut w).unwrap().unwrap())
}

fn set(name: &'static str, value: impl Into<Any>) -> Event {
    let capabilities = [(name, value.into())].into_iter().collect();
    say(CapabilitiesSet { capabilities })
}

fn start(mechanism: &str) -> Event {
    say(AuthenticateStart {
        mech_name: mechanism.to_owned(),
        auth_data: Some(Bytes::from_static(b"zoo\0ada\0")),
        ..Default::default()
    })
}

fn answer_nonce() -> Event {
    let auth_data = Bytes::from_static(b"zoo\0ada\0");
    say(AuthenticateContinue { auth_data })
}

fn account() -> Event {
    Event::from(Answer::Account(Ok(Box::default())))
}

fn wrong_account() -> Event {
    Event::from(Answer::Account(Ok(Box::new(mynah_session::Account {
        username: Some("eve".into()),
        ..Default::default()
    }))))
}

fn nonce() -> Event {
    Event::from(Answer::Nonce(LongNonce::from_bytes(&[b'm'; 32])))
}

fn logged_in() -> Vec<Event> {
    vec![greeting(), start("MYSQL41"), answer_nonce(), account()]
}

fn sql() -> Event {
    say(StmtExecute {
        stmt: "select 1".into(),
        ..Default::default()
    })
}

fn command(name: &'static str, args: Vec<Any>) -> Event {
    say(StmtExecute {
        namespace: Some("mysqlx".to_owned()),
        stmt: name.into(),
        args,
        ..Default::default()
    })
}

fn left_to_the_session() -> Event {
    Event::from(Answer::Command(None))
}

fn queried() -> Vec<Event> {
    let mut events = logged_in();
    events.push(sql());
    events
}

fn reply(outcome: Outcome) -> Event {
    Event::from(Answer::Reply(Box::new(outcome.into())))
}

fn ok() -> Event {
    reply(Outcome::Ok(Completion::default()))
}

/// An OK that is as much as is sent at once, though it is compressed.
fn long_ok() -> Event {
    let mut seed = 1_u64;
    let noise = (0..200_000).map(|_| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[0]
    });
    let noise: Vec<_> = noise.collect();
    reply(Outcome::Ok(Completion {
        message: noise.into(),
        ..Completion::default()
    }))
}

fn result(rows: Rows) -> Event {
    reply(Outcome::Rows(ResultSet {
        columns: [column("a")].into(),
        rows,
        end: Completion::default(),
        is_out_parameters: false,
    }))
}

fn rows_of(count: usize) -> Rows {
    let cell = [b'x'; 1000];
    (0..count).map(|_| [Some(&cell[..])]).collect()
}

/// More rows than are sent at once.
fn many_rows() -> Rows {
    rows_of(100)
}

fn rows_of_a_script() -> Rows {
    Rows::default().continued(RowSource(1))
}

fn rows(rows: Rows) -> Event {
    Event::from(Answer::Rows(Ok(rows)))
}

fn prepare() -> Event {
    say(Prepare {
        stmt_id: 1,
        stmt: OneOfMessage {
            r#type: OneOfMessageType::Stmt.into(),
            stmt_execute: Some(Box::new(StmtExecute {
                stmt: "select 1".into(),
                ..Default::default()
            })),
            ..Default::default()
        },
    })
}

fn prepared() -> Event {
    Event::from(Answer::Prepared(Ok(Prepared::default())))
}

fn with_a_statement() -> Vec<Event> {
    let mut events = logged_in();
    events.extend([prepare(), prepared()]);
    events
}

fn execute() -> Event {
    say(Execute {
        stmt_id: 1,
        ..Default::default()
    })
}

fn open_cursor() -> Event {
    say(cursor::Open {
        cursor_id: 1,
        stmt: cursor::OneOfMessage {
            r#type: 0,
            prepare_execute: Some(Execute {
                stmt_id: 1,
                ..Default::default()
            }),
        },
        fetch_rows: Some(1),
    })
}

fn fetch() -> Event {
    say(cursor::Fetch {
        cursor_id: 1,
        fetch_rows: Some(1000),
    })
}

/// A client that compresses; then two statements in one message.
fn two_in_one() -> Vec<Event> {
    let compression: Object = [("algorithm", Scalar::string("deflate_stream").into())]
        .into_iter()
        .collect();
    let mut frames = BytesMut::new();
    for _ in 0..2 {
        let message = ClientMessage::from(StmtExecute {
            stmt: "select 1".into(),
            ..Default::default()
        });
        message.put(&mut frames);
    }
    let mut compressor = Compressor::new(Algorithm::Deflate, 3).unwrap();
    let message = compressor.client_message(&frames).unwrap();
    vec![
        greeting(),
        set("compression", compression),
        start("MYSQL41"),
        answer_nonce(),
        account(),
        say(message),
    ]
}

edges! {
    expect_greeting_to_login: new(), [greeting()] => "ExpectLogin";
    expect_greeting_to_closed_by_a_refusal: new(), [
        Event::from(Answer::Greeting(Err(Failure::no_schema())))
    ] => "Closed";
    login_to_login_by_capabilities: greeted(), [set("client.interactive", Scalar::bool(true))]
        => "ExpectLogin";
    login_to_tls: greeted(), [set("tls", Scalar::bool(true))] => "ExpectTls";
    tls_to_login: greeted(), [
        set("tls", Scalar::bool(true)), Event::TlsStarted(Default::default())
    ] => "ExpectLogin";
    login_to_response: greeted(), [start("MYSQL41")] => "ExpectResponse";
    response_to_account: greeted(), [start("MYSQL41"), answer_nonce()] => "ExpectAccount";
    login_to_account_in_clear: greeted(), [
        set("tls", Scalar::bool(true)), Event::TlsStarted(Default::default()), start("PLAIN")
    ] => "ExpectAccount";
    account_to_login_by_a_refusal: greeted(), [
        start("MYSQL41"), answer_nonce(), wrong_account()
    ] => "ExpectLogin";
    login_to_nonce_if_none_is_left: greeted(), [
        start("MYSQL41"), answer_nonce(), wrong_account(), start("MYSQL41")
    ] => "ExpectNonce";
    response_to_login_by_data_that_is_no_login: greeted(), [
        start("MYSQL41"),
        say(AuthenticateContinue { auth_data: Bytes::from_static(b"ada") })
    ] => "ExpectLogin";
    nonce_to_account_in_clear: greeted(), [
        set("tls", Scalar::bool(true)), Event::TlsStarted(Default::default()),
        start("MYSQL41"), answer_nonce(), wrong_account(), start("PLAIN"), nonce()
    ] => "ExpectAccount";
    nonce_to_response: greeted(), [
        start("MYSQL41"), answer_nonce(), wrong_account(), start("MYSQL41"), nonce()
    ] => "ExpectResponse";
    account_to_closed_by_the_third_refusal: greeted(), [
        start("MYSQL41"), answer_nonce(), wrong_account(),
        start("MYSQL41"), nonce(), answer_nonce(), wrong_account(),
        start("MYSQL41"), nonce(), answer_nonce(), wrong_account()
    ] => "Closed";
    account_to_message: greeted(), [start("MYSQL41"), answer_nonce(), account()]
        => "ExpectMessage";
    login_to_closed_by_connection_close: greeted(), [say(Close {})] => "Closed";

    message_to_reply: logged_in(), [sql()] => "ExpectReply";
    message_to_command: logged_in(), [command("ping", Vec::new())] => "ExpectCommand";
    message_to_prepared: logged_in(), [prepare()] => "ExpectPrepared";
    message_to_login_by_a_reset: logged_in(), [say(Reset::default())] => "ExpectLogin";
    message_to_login_by_the_end_of_the_session: logged_in(), [say(session::Close {})]
        => "ExpectLogin";
    message_to_reply_by_a_find: logged_in(), [
        say(Find {
            collection: Collection { name: "animals".to_owned(), schema: Some("zoo".to_owned()) },
            ..Find::default()
        })
    ] => "ExpectReply";
    message_to_message_by_any_other: logged_in(), [say(expect::Open::default())]
        => "ExpectMessage";
    message_to_message_by_a_reset_that_keeps_it: logged_in(), [
        say(Reset { keep_open: Some(true) })
    ] => "ExpectMessage";
    message_to_closed: logged_in(), [say(Close {})] => "Closed";

    reply_to_message: queried(), [ok()] => "ExpectMessage";
    reply_to_flushed: queried(), [result(many_rows())] => "ExpectFlushed";
    flushed_to_flushed: queried(), [result(rows_of(200)), Event::Flushed] => "ExpectFlushed";
    flushed_to_message: queried(), [result(many_rows()), Event::Flushed] => "ExpectMessage";
    flushed_to_rows: queried(), [result(many_rows().continued(RowSource(1))), Event::Flushed]
        => "ExpectRows";
    reply_to_rows: queried(), [result(rows_of_a_script())] => "ExpectRows";
    rows_to_rows: queried(), [result(rows_of_a_script()), rows(rows_of_a_script())]
        => "ExpectRows";
    rows_to_flushed: queried(), [result(rows_of_a_script()), rows(many_rows())]
        => "ExpectFlushed";
    rows_to_message: queried(), [result(rows_of_a_script()), rows(Rows::default())]
        => "ExpectMessage";
    reply_to_killed: queried(), [reply(Outcome::Kill(Kill::connection(99)))] => "ExpectKilled";
    killed_to_message: queried(), [
        reply(Outcome::Kill(Kill::connection(99))), Event::from(Answer::Killed(true))
    ] => "ExpectMessage";

    command_to_message: logged_in(), [command("ping", Vec::new()), left_to_the_session()]
        => "ExpectMessage";
    command_to_processes: logged_in(), [command("list_clients", Vec::new()), left_to_the_session()]
        => "ExpectProcesses";
    processes_to_message: logged_in(), [
        command("list_clients", Vec::new()), left_to_the_session(),
        Event::from(Answer::Processes(Vec::new()))
    ] => "ExpectMessage";
    command_to_killed: logged_in(), [
        command("kill_client", vec![
            [("id", Scalar::uint(99).into())].into_iter().collect::<Object>().into()
        ]),
        left_to_the_session()
    ] => "ExpectKilled";
    prepared_to_message: logged_in(), [prepare(), prepared()] => "ExpectMessage";
    message_to_reply_by_an_execution: with_a_statement(), [execute()] => "ExpectReply";
    message_to_reply_by_a_cursor: with_a_statement(), [open_cursor()] => "ExpectReply";
    reply_to_message_by_a_cursor: with_a_statement(), [open_cursor(), result(many_rows())]
        => "ExpectMessage";
    message_to_flushed_by_a_fetch: with_a_statement(), [
        open_cursor(), result(many_rows()), fetch()
    ] => "ExpectFlushed";
    message_to_rows_by_a_fetch: with_a_statement(), [
        open_cursor(), result(rows_of(1).continued(RowSource(1))), fetch()
    ] => "ExpectRows";
    message_to_message_by_a_fetch: with_a_statement(), [
        open_cursor(), result(rows_of(2)), fetch()
    ] => "ExpectMessage";

    message_to_reply_by_the_first_message_in_one: two_in_one(), [] => "ExpectReply";
    reply_to_reply_by_the_next_message_in_one: two_in_one(), [ok()] => "ExpectReply";
    reply_to_message_by_the_last_message_in_one: two_in_one(), [ok(), ok()] => "ExpectMessage";
    reply_to_drained_between_messages_in_one: two_in_one(), [long_ok()] => "ExpectDrained";
    drained_to_reply: two_in_one(), [long_ok(), Event::Flushed] => "ExpectReply";

    login_to_closed_by_the_end_of_the_stream: greeted(), [Event::Eof] => "Closed";
    reply_to_closed_by_the_end_of_the_stream: queried(), [Event::Eof] => "Closed";
    login_to_closed_by_the_end_of_the_server: greeted(), [Event::ShutDown] => "Closed";
    message_to_closed_by_the_end_of_the_server: logged_in(), [Event::ShutDown] => "Closed";
    message_to_closed_by_idleness: logged_in(), [Event::IdleTooLong] => "Closed";
    login_to_closed_by_what_is_no_frame: greeted(), [Event::BadFrame(BadFrame::Empty)]
        => "Closed";
}
