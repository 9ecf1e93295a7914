//! The server's side of a classic connection, edge by edge of its diagram.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::time::Duration;

use bytes::Bytes;
use mynah_auth::{Nonce, caching_sha2_password, native_password};
use mynah_classic::connection::{AuthMoreData, AuthSwitchRequest, HandshakeV10};
use mynah_classic::response::{
    EofPacket, ErrPacket, OkHeader, OkPacket, SessionStateChange, SessionStateChanges, SqlState,
};
use mynah_classic::resultset::TextRow;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{
    Account, Answer, Completion, Failure, Greeting, Kill, Login, Outcome, Question, Reply,
    ResultSet, Rows, SessionError, Statement, StatementCommand,
};
use mynah_wire::{Message, PacketError};
use support::Step::{Fails, In, Out, Sends};
use support::{
    NONCE, SHARED, SWITCH_NONCE, column, error, greet, in_schema, packet, play, response, sends,
    server,
};

fn greeting() -> HandshakeV10 {
    HandshakeV10 {
        server_version: "9.7.4-mock".into(),
        thread_id: 7,
        auth_plugin_data: Bytes::from_static(NONCE),
        capabilities: Capabilities::from_halves(0x1fe_a2df, 0),
        character_set: 0,
        status_flags: StatusFlags::empty(),
        auth_plugin_name: "caching_sha2_password".into(),
    }
}

fn login() -> Login {
    login_with(SHARED)
}

/// Of a client with these capabilities.
fn login_with(capabilities: Capabilities) -> Login {
    Login {
        username: "ada".into(),
        schema: Some("zoo".into()),
        collation: 45,
        capabilities: capabilities & greeting().capabilities,
        max_packet_size: 1 << 24,
        ..Login::default()
    }
}

/// A text as a handler is asked about it.
fn query(text: &'static str) -> Statement {
    Statement {
        state: in_schema("zoo"),
        ..Statement::query(text)
    }
}

fn account(password: &'static str) -> Account {
    Account {
        username: Some("ada".into()),
        password: Some(password.into()),
        ..Account::default()
    }
}

/// A session that has greeted its client.
fn greeted() -> Server {
    let mut server = server();
    play(
        &mut server,
        [
            Out(Action::Ask(Question::Greeting)),
            In(Event::from(Answer::Greeting(Ok(Box::new(
                Greeting::default(),
            ))))),
            sends(0, &greeting(), ()),
        ],
    );
    server
}

/// A session whose client has logged in with these capabilities.
fn logged_in(capabilities: Capabilities) -> Server {
    let mut server = greeted();
    server
        .handle(response(capabilities, "caching_sha2_password", b""))
        .unwrap();
    let login = login_with(capabilities);
    assert_eq!(
        server.poll_action(),
        Some(Action::Ask(Question::Account(login.into())))
    );
    let any_account = Event::from(Answer::Account(Ok(Box::new(Account::default()))));
    server.handle(any_account).unwrap();
    assert!(!server.output().split().is_empty());
    server
}

#[test]
fn the_right_answer_to_the_greeting_logs_in_at_once() {
    let nonce = Nonce::from_bytes(NONCE);
    let right = caching_sha2_password::response(b"secret", &nonce);
    let fast = AuthMoreData {
        authentication_method_data: Bytes::from_static(b"\x03"),
    };
    let mut server = greeted();
    play(
        &mut server,
        [
            In(response(SHARED, "caching_sha2_password", &right)),
            Out(Action::Ask(Question::Account(login().into()))),
            In(Event::from(Answer::Account(Ok(Box::new(account(
                "secret",
            )))))),
            Sends(vec![
                (2, fast.to_payload(()).unwrap()),
                (3, OkPacket::default().to_payload(SHARED).unwrap()),
            ]),
        ],
    );
    assert_eq!(server.login(), Some(&login()));
    assert!(server.wants_packet());
}

#[test]
fn a_client_with_another_method_is_asked_for_one_that_is_known() {
    let switch = AuthSwitchRequest {
        plugin_name: "caching_sha2_password".into(),
        plugin_provided_data: [&SWITCH_NONCE[..20], b"\0"].concat().into(),
    };
    let nonce = Nonce::from_bytes(SWITCH_NONCE);
    let right = caching_sha2_password::response(b"secret", &nonce);
    let fast = Bytes::from_static(b"\x01\x03");
    let ok = OkPacket::default().to_payload(SHARED).unwrap();
    for plugin in [
        "sha256_password",
        "client_ed25519",
        "",
        "mysql_native_password",
    ] {
        play(
            &mut greeted(),
            [
                In(response(SHARED, plugin, b"something")),
                Out(Action::Ask(Question::Account(login().into()))),
                In(Event::from(Answer::Account(Ok(Box::new(account(
                    "secret",
                )))))),
                sends(2, &switch, ()),
                In(packet(3, right.clone())),
                Sends(vec![(4, fast.clone()), (5, ok.clone())]),
            ],
        );
    }
}

#[test]
fn a_client_from_before_method_names_answers_natively_and_cannot_be_switched() {
    let before_names = SHARED - Capabilities::PLUGIN_AUTH;
    let nonce = Nonce::from_bytes(NONCE);
    let right = native_password::response(b"secret", &nonce);
    play(
        &mut greeted(),
        [
            In(response(before_names, "", &right)),
            Out(Action::Ask(Question::Account(
                login_with(before_names).into(),
            ))),
            In(Event::from(Answer::Account(Ok(Box::new(account(
                "secret",
            )))))),
            sends(2, &OkPacket::default(), before_names),
        ],
    );
    let demanding = Account {
        auth_method_name: Some("caching_sha2_password".into()),
        ..account("secret")
    };
    let refused = error(
        1251,
        b"08004",
        "Client does not support authentication protocol requested by server; consider upgrading \
         MySQL client",
    );
    play(
        &mut greeted(),
        [
            In(response(before_names, "", &right)),
            Out(Action::Ask(Question::Account(
                login_with(before_names).into(),
            ))),
            In(Event::from(Answer::Account(Ok(Box::new(demanding))))),
            sends(2, &refused, before_names),
            Out(Action::Close),
        ],
    );
}

#[test]
fn a_wrong_password_is_refused_and_closed() {
    let denied = error(1045, b"28000", "Access Denied for user 'ada'@'localhost'");
    let mut server = greeted();
    play(
        &mut server,
        [
            In(response(SHARED, "caching_sha2_password", &[7; 32])),
            Out(Action::Ask(Question::Account(login().into()))),
            In(Event::from(Answer::Account(Ok(Box::new(account(
                "secret",
            )))))),
            sends(2, &denied, SHARED),
            Out(Action::Close),
        ],
    );
    assert_eq!(server.login(), None);
}

#[test]
fn a_certificate_that_is_demanded_cannot_be_had_without_tls() {
    let account = Account {
        certificate: Some(Default::default()),
        ..Account::default()
    };
    let denied = error(1045, b"28000", "Access Denied for user 'ada'@'localhost'");
    play(
        &mut greeted(),
        [
            In(response(SHARED, "caching_sha2_password", b"")),
            Out(Action::Ask(Question::Account(login().into()))),
            In(Event::from(Answer::Account(Ok(Box::new(account))))),
            sends(2, &denied, SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn failures_of_the_handler_are_what_the_client_gets() {
    let failure = Failure::general(1040, "Too many connections");
    let before_protocol = ErrPacket {
        sql_state: None,
        ..error(1040, b"HY000", "Too many connections")
    };
    play(
        &mut server(),
        [
            Out(Action::Ask(Question::Greeting)),
            In(Event::from(Answer::Greeting(Err(failure.clone())))),
            sends(0, &before_protocol, Capabilities::empty()),
            Out(Action::Close),
        ],
    );
    play(
        &mut greeted(),
        [
            In(response(SHARED, "caching_sha2_password", b"")),
            Out(Action::Ask(Question::Account(login().into()))),
            In(Event::from(Answer::Account(Err(failure.clone())))),
            sends(2, &error(1040, b"HY000", "Too many connections"), SHARED),
            Out(Action::Close),
        ],
    );
    play(
        &mut logged_in(SHARED),
        [
            In(packet(0, &b"\x03select 1"[..])),
            Out(Action::Ask(Question::Statement(query("select 1")))),
            In(Event::from(Answer::Reply(Box::new(
                Outcome::Error(failure).into(),
            )))),
            sends(1, &error(1040, b"HY000", "Too many connections"), SHARED),
            In(packet(0, &b"\x0e"[..])),
            sends(
                1,
                &OkPacket {
                    warnings: 1,
                    ..OkPacket::default()
                },
                SHARED,
            ),
        ],
    );
}

fn result(rows: Rows) -> Reply {
    let end = Completion {
        affected_rows: 3,
        warning_count: 2,
        status_flags: Some(StatusFlags::IN_TRANS),
        ..Completion::default()
    };
    Outcome::Rows(ResultSet {
        columns: [column("a"), column("b")].into(),
        rows,
        end,
        is_out_parameters: false,
    })
    .into()
}

#[test]
fn rows_end_with_eof_or_with_ok() {
    let rows: Rows = [[Some(&b"1"[..]), None]].into_iter().collect();
    let row = TextRow::new([Some(&b"1"[..]), None]);
    let columns = [column("a"), column("b")].map(|c| c.to_payload(SHARED).unwrap());
    let [a, b] = columns;
    let row = row.to_payload(()).unwrap();

    let eof = |warnings, status_flags| {
        let packet = EofPacket {
            warnings,
            status_flags,
        };
        packet.to_payload(SHARED).unwrap()
    };
    let with_eof = vec![
        Bytes::from_static(b"\x02"),
        a.clone(),
        b.clone(),
        eof(0, StatusFlags::IN_TRANS),
        row.clone(),
        eof(2, StatusFlags::IN_TRANS),
    ];
    let deprecate_eof = SHARED | Capabilities::DEPRECATE_EOF;
    let ok = OkPacket {
        header: OkHeader::Eof,
        affected_rows: 3,
        warnings: 2,
        status_flags: StatusFlags::IN_TRANS,
        ..OkPacket::default()
    };
    let with_ok = vec![
        Bytes::from_static(b"\x02"),
        a,
        b,
        row,
        ok.to_payload(deprecate_eof).unwrap(),
    ];
    for (shared, packets) in [(SHARED, with_eof), (deprecate_eof, with_ok)] {
        play(
            &mut logged_in(shared),
            [
                In(packet(0, &b"\x03select 1"[..])),
                Out(Action::Ask(Question::Statement(query("select 1")))),
                In(Event::from(Answer::Reply(Box::new(result(rows.clone()))))),
                Sends((1..).zip(packets).collect()),
            ],
        );
    }
}

#[test]
fn many_rows_are_sent_in_pieces() {
    let cell = [b'x'; 1000];
    let rows: Rows = std::iter::repeat_n([Some(&cell[..]), None], 500).collect();
    let mut server = logged_in(SHARED);
    play(
        &mut server,
        [
            In(packet(0, &b"\x03select 1"[..])),
            Out(Action::Ask(Question::Statement(query("select 1")))),
        ],
    );
    server
        .handle(Event::from(Answer::Reply(Box::new(result(rows)))))
        .unwrap();
    let (mut pieces, mut bytes) = (0, 0);
    while let Some(action) = server.poll_action() {
        assert_eq!(action, Action::Flush);
        assert!(!server.wants_packet());
        let piece = server.output().split().len();
        assert!(piece < 70_000, "{piece} bytes at once");
        (pieces, bytes) = (pieces + 1, bytes + piece);
        server.handle(Event::Flushed).unwrap();
    }
    bytes += server.output().split().len();
    assert!(pieces >= 7, "{pieces} pieces");
    assert!(bytes > 500 * 1000, "{bytes} bytes");
    assert!(server.wants_packet());
}

#[test]
fn an_ok_without_room_for_state_leaves_it_out() {
    let change = SessionStateChange::Schema("ark".into());
    let completion = Completion {
        message: "hi".into(),
        session_state_changes: SessionStateChanges::new([&change]),
        ..Completion::default()
    };
    let mut ok = OkPacket {
        info: Some("hi".into()),
        ..OkPacket::default()
    };
    for shared in [SHARED, SHARED | Capabilities::SESSION_TRACK] {
        play(
            &mut logged_in(shared),
            [
                In(packet(0, &b"\x03use ark"[..])),
                Out(Action::Ask(Question::Statement(query("use ark")))),
                In(Event::from(Answer::Reply(Box::new(
                    Outcome::Ok(completion.clone()).into(),
                )))),
                sends(1, &ok, shared),
            ],
        );
        ok.session_state_changes = completion.session_state_changes.clone();
        ok.status_flags = StatusFlags::SESSION_STATE_CHANGED;
    }
}

#[test]
fn init_db_changes_the_schema_and_quit_closes() {
    let mut server = logged_in(SHARED);
    play(
        &mut server,
        [
            In(packet(0, &b"\x02ark"[..])),
            Out(Action::Ask(Question::Command(init_db("ark")))),
            In(Event::from(Answer::Command(None))),
            sends(1, &OkPacket::default(), SHARED),
        ],
    );
    let session = server.session().unwrap();
    assert_eq!(session.schema.as_deref(), Some(&b"ark"[..]));
    play(
        &mut server,
        [In(packet(0, &b"\x01"[..])), Out(Action::Close)],
    );
    assert!(!server.wants_packet());
}

fn init_db(schema: &'static str) -> Statement {
    Statement {
        state: in_schema("zoo"),
        ..Statement::new(StatementCommand::InitDb, schema)
    }
}

#[test]
fn a_schema_may_be_refused_and_stays_then() {
    let mut server = logged_in(SHARED);
    let unknown = Failure {
        code: 1049,
        sql_state: SqlState(*b"42000"),
        message: "Unknown database 'ark'".into(),
    };
    let said = Completion {
        message: "aboard".into(),
        ..Completion::default()
    };
    let ok = OkPacket {
        info: Some("aboard".into()),
        ..OkPacket::default()
    };
    play(
        &mut server,
        [
            In(packet(0, &b"\x02"[..])),
            sends(1, &error(1046, b"3D000", "No database selected"), SHARED),
            In(packet(0, &b"\x02ark"[..])),
            Out(Action::Ask(Question::Command(init_db("ark")))),
            In(Event::from(Answer::Command(Some(Box::new(
                Outcome::Error(unknown).into(),
            ))))),
            sends(1, &error(1049, b"42000", "Unknown database 'ark'"), SHARED),
        ],
    );
    let schema = |server: &Server| server.session().unwrap().schema.clone();
    assert_eq!(schema(&server).as_deref(), Some(&b"zoo"[..]));
    let mut asked = init_db("ark");
    asked.state.warning_count = 1;
    play(
        &mut server,
        [
            In(packet(0, &b"\x02ark"[..])),
            Out(Action::Ask(Question::Command(asked))),
            In(Event::from(Answer::Command(Some(Box::new(
                Outcome::Ok(said).into(),
            ))))),
            sends(1, &ok, SHARED),
        ],
    );
    assert_eq!(schema(&server).as_deref(), Some(&b"ark"[..]));
}

/// As MySQL 9.7.4 and MariaDB 10.11.18 say it.
#[test]
fn a_statement_ends_another_connection_or_says_that_there_is_none() {
    let play = |kill: Kill, steps: Vec<support::Step>| {
        let asked = [
            In(packet(0, &b"\x03kill"[..])),
            Out(Action::Ask(Question::Statement(query("kill")))),
            In(Event::from(Answer::Reply(Box::new(
                Outcome::Kill(kill).into(),
            )))),
        ];
        play(&mut logged_in(SHARED), asked.into_iter().chain(steps));
    };
    let kill = |connection_id, only_statement| Kill {
        connection_id,
        only_statement,
    };
    let unknown = error(1094, b"HY000", "Unknown thread id: 9");
    for kill in [kill(9, false), kill(9, true)] {
        let killed = |was_there, answer| {
            vec![
                Out(Action::Ask(Question::Kill(kill))),
                In(Event::from(Answer::Killed(was_there))),
                answer,
            ]
        };
        play(kill, killed(true, sends(1, &OkPacket::default(), SHARED)));
        play(kill, killed(false, sends(1, &unknown, SHARED)));
    }
    let interrupted = error(1317, b"70100", "Query execution was interrupted");
    play(kill(7, true), vec![sends(1, &interrupted, SHARED)]);
    let closed = vec![sends(1, &interrupted, SHARED), Out(Action::Close)];
    play(kill(7, false), closed);
}

#[test]
fn an_error_names_the_host_of_a_client_from_elsewhere() {
    for (peer, host) in [
        (None, "localhost"),
        (Some("127.0.0.1:4000"), "localhost"),
        (Some("[::1]:4000"), "localhost"),
        (Some("192.0.2.7:4000"), "192.0.2.7"),
        (Some("[::ffff:192.0.2.7]:4000"), "192.0.2.7"),
        (Some("[2001:db8::7]:4000"), "2001:db8::7"),
    ] {
        let login = Login {
            peer: peer.map(|peer| peer.parse().unwrap()),
            ..Login::default()
        };
        assert_eq!(login.host(), host);
    }
    let peer: std::net::SocketAddr = "192.0.2.7:4000".parse().unwrap();
    let mut server = Server::new(Options {
        peer: Some(peer),
        ..support::options()
    });
    greet(&mut server);
    let login = Login {
        peer: Some(peer),
        ..login()
    };
    let denied = error(1045, b"28000", "Access Denied for user 'ada'@'192.0.2.7'");
    play(
        &mut server,
        [
            In(response(SHARED, "caching_sha2_password", &[7; 32])),
            Out(Action::Ask(Question::Account(login.into()))),
            In(Event::from(Answer::Account(Ok(Box::new(account(
                "secret",
            )))))),
            sends(2, &denied, SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn commands_that_are_not_served_are_refused_and_those_without_answer_get_none() {
    let refused = error(1064, b"HY000", "Unsupported command: 15");
    play(
        &mut logged_in(SHARED),
        [
            In(packet(0, &b"\x0f"[..])),
            sends(1, &refused, SHARED),
            In(packet(0, &b"\x19\x01\0\0\0"[..])),
            In(packet(0, &b"\x1f"[..])),
            Out(Action::Reset),
            sends(1, &OkPacket::default(), SHARED),
        ],
    );
}

#[test]
fn what_is_no_edge_of_the_diagram_ends_the_session() {
    let mut server = logged_in(SHARED);
    let message = "Unknown error: Packet in state ExpectReply";
    play(
        &mut server,
        [
            In(packet(0, &b"\x03select 1"[..])),
            Out(Action::Ask(Question::Statement(query("select 1")))),
            Fails(packet(0, &b"\x0e"[..]), unexpected("ExpectReply", "Packet")),
            sends(1, &error(1105, b"HY000", message), SHARED),
            Out(Action::Close),
        ],
    );
    let again = server.handle(Event::Flushed);
    assert_eq!(again, Err(unexpected("Closed", "Flushed")));
    let mut server = greeted();
    let too_early = server.handle(Event::from(Answer::Reply(Box::new(
        Outcome::Ok(Completion::default()).into(),
    ))));
    assert_eq!(
        too_early,
        Err(unexpected("ExpectHandshakeResponse", "Reply"))
    );
}

fn unexpected(state: &'static str, event: &'static str) -> SessionError {
    SessionError::Unexpected { state, event }
}

#[test]
fn a_packet_with_another_sequence_id_ends_the_session() {
    let order = PacketError::OutOfOrder {
        expected: 0,
        found: 1,
    };
    play(
        &mut logged_in(SHARED),
        [
            Fails(packet(1, &b"\x0e"[..]), order.into()),
            sends(
                0,
                &error(1156, b"08S01", "Got packets out of order"),
                SHARED,
            ),
            Out(Action::Close),
        ],
    );
}

#[test]
fn a_header_is_enough_to_refuse_its_packet() {
    let order = PacketError::OutOfOrder {
        expected: 0,
        found: 3,
    };
    let large = PacketError::TooLarge { limit: 1000 };
    let header = |sequence_id, len| Event::Header { sequence_id, len };
    play(
        &mut logged_in(SHARED),
        [
            In(header(0, 1000)),
            Fails(header(3, 5), order.into()),
            sends(
                0,
                &error(1156, b"08S01", "Got packets out of order"),
                SHARED,
            ),
            Out(Action::Close),
        ],
    );
    let message = "Got a packet bigger than 'max_allowed_packet' bytes";
    play(
        &mut logged_in(SHARED),
        [
            Fails(header(0, 1001), large.into()),
            sends(1, &error(1153, b"08S01", message), SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn a_command_over_the_limit_ends_the_session() {
    let large = PacketError::TooLarge { limit: 1000 };
    let message = "Got a packet bigger than 'max_allowed_packet' bytes";
    play(
        &mut logged_in(SHARED),
        [
            Fails(packet(0, vec![b'x'; 1001]), large.into()),
            sends(1, &error(1153, b"08S01", message), SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn the_end_of_the_stream_closes_in_every_state() {
    let ends = || [In(Event::Eof), Out(Action::Close)];
    let mut fresh = server();
    play(
        &mut fresh,
        [Out(Action::Ask(Question::Greeting))]
            .into_iter()
            .chain(ends()),
    );
    play(&mut greeted(), ends());
    play(&mut logged_in(SHARED), ends());
}

#[test]
fn what_the_greeting_offers_is_no_more_than_what_is_spoken() {
    let all = Greeting {
        capabilities: Some(Capabilities::from_halves(0xffff_ffff, 0)),
        nonce: Some("short nonce".into()),
        exec_time: Duration::from_secs(1),
        ..Greeting::default()
    };
    let mut server = server();
    assert_eq!(server.poll_action(), Some(Action::Ask(Question::Greeting)));
    server
        .handle(Event::from(Answer::Greeting(Ok(Box::new(all)))))
        .unwrap();
    let packet = server.output().split().freeze().slice(4..);
    let greeting = HandshakeV10::from_payload(&packet, ()).unwrap();
    assert_eq!(greeting.capabilities.standard(), 0xcfff_f7ff);
    assert_eq!(&greeting.auth_plugin_data[..12], b"short nonce\0");
}

#[test]
fn a_server_with_capabilities_of_mariadb_says_so_as_mariadb_does() {
    let mut server = server();
    assert_eq!(server.poll_action(), Some(Action::Ask(Question::Greeting)));
    let bulk = Greeting {
        more_capabilities: Capabilities::MARIADB_STMT_BULK_OPERATIONS,
        ..Greeting::default()
    };
    server
        .handle(Event::from(Answer::Greeting(Ok(Box::new(bulk)))))
        .unwrap();
    let packet = server.output().split().freeze().slice(4..);
    let greeting = HandshakeV10::from_payload(&packet, ()).unwrap();
    assert!(
        greeting
            .capabilities
            .contains(Capabilities::MARIADB_STMT_BULK_OPERATIONS)
    );
    assert!(!greeting.capabilities.contains(Capabilities::LONG_PASSWORD));
}

#[test]
fn a_client_of_the_x_protocol_gets_an_error_at_the_wrong_port() {
    let mut server = server();
    greet(&mut server);
    // CapabilitiesGet is a frame of one byte, the type.
    server.handle(packet(0, &b"\x01"[..])).unwrap();
    let sent = server.output().split();
    assert_eq!(sent[4..9], *b"\x01\x08\x01\x10\x92");
    let message = String::from_utf8_lossy(&sent).into_owned();
    assert!(
        message.contains("this port speaks the classic protocol"),
        "{message}"
    );
    assert_eq!(server.poll_action(), Some(Action::Close));
}
