//! The client's side of a classic connection, edge by edge of its diagram.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::Bytes;
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::{AuthError, Channel, LongNonce};
use mynah_classic::Capabilities;
use mynah_classic::command::{ComPing, ComQuit, Command};
use mynah_classic::connection::{AuthSwitchRequest, HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_classic::response::{ErrPacket, OkPacket, SqlState};
use mynah_session::classic::Part;
use mynah_session::classic::client::{Action, Client, ClientError, Event, Options, TlsMode};
use mynah_wire::{Message, Packet, PacketCodec};
use support::{NONCE, SHARED};
use tokio_util::codec::Decoder;

fn client(tls: TlsMode) -> Client {
    let mut passwords =
        Credentials::new("secret", Channel::Insecure, LongNonce::from_bytes(&[9; 32]));
    passwords.server_key = ServerKey::Refuse;
    let mut options = Options::new("ada", passwords);
    options.tls = tls;
    Client::new(options)
}

fn greeting(capabilities: Capabilities) -> Event {
    let greeting = HandshakeV10 {
        server_version: "9.7.4".into(),
        thread_id: 1,
        auth_plugin_data: Bytes::from_static(NONCE),
        capabilities,
        character_set: 255,
        status_flags: Default::default(),
        auth_plugin_name: "caching_sha2_password".into(),
    };
    packet(0, greeting.to_payload(()).unwrap())
}

fn packet(sequence_id: u8, payload: impl Into<Bytes>) -> Event {
    Event::Packet(Packet {
        sequence_id,
        payload: payload.into(),
    })
}

/// The one packet that the client sent.
fn sent(client: &mut Client) -> (u8, Bytes) {
    let packet = PacketCodec.decode(client.output()).unwrap();
    let packet = packet.expect("the client sent a packet");
    assert!(client.output().is_empty(), "and no other");
    (packet.sequence_id, packet.payload)
}

fn logged_in() -> Client {
    let mut client = client(TlsMode::Disabled);
    client.handle(greeting(SHARED)).unwrap();
    sent(&mut client);
    let ok = OkPacket::default();
    let payload = ok.to_payload(SHARED).unwrap();
    client.handle(packet(2, payload)).unwrap();
    assert_eq!(client.poll_action(), Some(Action::LoggedIn(ok)));
    client
}

#[test]
fn the_response_claims_nothing_that_was_not_offered() {
    for offered in [
        SHARED,
        SHARED | Capabilities::DEPRECATE_EOF | Capabilities::SSL,
    ] {
        let mut client = client(TlsMode::Disabled);
        client.handle(greeting(offered)).unwrap();
        let (sequence_id, payload) = sent(&mut client);
        let response = HandshakeResponse41::from_payload(&payload, ()).unwrap();
        assert_eq!(sequence_id, 1);
        let claimed = response.capabilities;
        assert!(offered.contains(claimed), "{claimed:?} of {offered:?}");
        assert!(!claimed.contains(Capabilities::SSL), "without TLS");
        let eof = Capabilities::DEPRECATE_EOF;
        assert_eq!(claimed.contains(eof), offered.contains(eof));
    }
}

#[test]
fn where_tls_is_required_nothing_is_sent_to_a_server_without_it() {
    let mut client = client(TlsMode::Required);
    let refused = client.handle(greeting(SHARED));
    assert!(
        matches!(refused, Err(ClientError::TlsNotOffered)),
        "{refused:?}"
    );
    assert!(client.output().is_empty());
    assert!(client.handle(Event::TlsEstablished).is_err(), "it is over");
}

#[test]
fn under_tls_the_user_is_named_only_after_it_is_there() {
    for mode in [TlsMode::Preferred, TlsMode::Required] {
        let offered = SHARED | Capabilities::SSL;
        let mut client = client(mode);
        client.handle(greeting(offered)).unwrap();
        assert_eq!(client.poll_action(), Some(Action::StartTls));
        let (sequence_id, payload) = sent(&mut client);
        let request = SslRequest::from_payload(&payload, ()).unwrap();
        assert_eq!(sequence_id, 1);
        assert!(request.capabilities.contains(Capabilities::SSL));

        client.handle(Event::TlsEstablished).unwrap();
        let (sequence_id, payload) = sent(&mut client);
        let response = HandshakeResponse41::from_payload(&payload, ()).unwrap();
        assert_eq!((sequence_id, &response.username[..]), (2, &b"ada"[..]));
        assert!(response.capabilities.contains(Capabilities::SSL));
        // The whole password may follow now, and only now.
        client.handle(packet(3, &b"\x01\x04"[..])).unwrap();
        assert_eq!(sent(&mut client), (4, Bytes::from_static(b"secret\0")));
    }
}

#[test]
fn what_a_server_says_before_tls_is_there_is_not_heard() {
    let mut client = client(TlsMode::Required);
    client.handle(greeting(SHARED | Capabilities::SSL)).unwrap();
    let ok = OkPacket::default().to_payload(SHARED).unwrap();
    let heard = client.handle(packet(2, ok));
    assert!(
        matches!(
            heard,
            Err(ClientError::Unexpected {
                state: "ExpectTls",
                event: "Packet"
            })
        ),
        "{heard:?}"
    );
}

#[test]
fn without_tls_a_server_that_does_not_offer_it_is_used_where_it_is_preferred() {
    let mut client = client(TlsMode::Preferred);
    client.handle(greeting(SHARED)).unwrap();
    let (_, payload) = sent(&mut client);
    assert!(HandshakeResponse41::from_payload(&payload, ()).is_ok());
    assert_eq!(client.poll_action(), None);
}

#[test]
fn the_password_is_not_sent_in_clear_to_a_server_that_asks_for_it() {
    let clear = AuthSwitchRequest {
        plugin_name: "mysql_clear_password".into(),
        plugin_provided_data: Bytes::new(),
    };
    let cases: [(&str, Bytes); 2] = [
        ("full authentication", Bytes::from_static(b"\x01\x04")),
        ("a clear password", clear.to_payload(()).unwrap()),
    ];
    for (name, asked) in cases {
        let mut client = client(TlsMode::Disabled);
        client.handle(greeting(SHARED)).unwrap();
        sent(&mut client);
        let refused = client.handle(packet(2, asked));
        assert!(
            matches!(
                refused,
                Err(ClientError::Auth(AuthError::InsecureChannel { .. }))
            ),
            "{name}: {refused:?}"
        );
        assert!(client.output().is_empty(), "{name}");
    }
}

#[test]
fn refusals_are_what_the_server_said() {
    let error = ErrPacket {
        error_code: 1040,
        sql_state: None,
        error_message: "Too many connections".into(),
    };
    let payload = error.to_payload(Capabilities::empty()).unwrap();
    let refused = client(TlsMode::Disabled).handle(packet(0, payload));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the server refused: 1040 Too many connections"
    );
    let denied = ErrPacket {
        error_code: 1045,
        sql_state: Some(SqlState(*b"28000")),
        error_message: "no".into(),
    };
    let mut client = client(TlsMode::Disabled);
    client.handle(greeting(SHARED)).unwrap();
    sent(&mut client);
    let refused = client.handle(packet(2, denied.to_payload(SHARED).unwrap()));
    assert!(matches!(refused, Err(ClientError::Refused(error)) if error == denied));
}

#[test]
fn a_command_is_answered_and_quit_is_not() {
    let mut client = logged_in();
    client
        .handle(Event::Command(Command::Ping(ComPing)))
        .unwrap();
    assert_eq!(sent(&mut client), (0, Bytes::from_static(b"\x0e")));
    let too_early = Event::Command(Command::Ping(ComPing));
    let ok = OkPacket::default().to_payload(SHARED).unwrap();
    client.handle(packet(1, ok.clone())).unwrap();
    assert_eq!(client.poll_action(), Some(Action::Received(Part::Ok, ok)));
    assert_eq!(client.poll_action(), Some(Action::Answered));

    client
        .handle(Event::Command(Command::Quit(ComQuit)))
        .unwrap();
    assert_eq!(sent(&mut client), (0, Bytes::from_static(b"\x01")));
    assert_eq!(client.poll_action(), Some(Action::Close));
    assert!(client.handle(too_early).is_err(), "it is over");
}

#[test]
fn the_end_of_the_stream_closes_in_every_state() {
    let mut waiting = client(TlsMode::Disabled);
    waiting.handle(greeting(SHARED)).unwrap();
    for mut client in [client(TlsMode::Disabled), waiting, logged_in()] {
        client.handle(Event::Eof).unwrap();
        assert_eq!(client.poll_action(), Some(Action::Close));
    }
}
