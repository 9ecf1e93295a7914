//! A session's script: what happens to it and what it does, in one list, without a socket.

#![allow(dead_code, reason = "each test file uses a part")]

use bytes::{Bytes, BytesMut};
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10};
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{Capabilities, ColumnType};
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{Answer, Greeting, Question, SessionError};
use mynah_wire::{Message, Packet, PacketCodec};
use tokio_util::codec::Decoder;

/// What the nonces of these sessions are.
pub(crate) const NONCE: &[u8] = b"01234567890123456789";
pub(crate) const SWITCH_NONCE: &[u8] = b"abcdefghijklmnopqrstuvwxyz789012";

/// One step of a script.
pub(crate) enum Step {
    /// This happens to the session, and it goes on.
    In(Event),
    /// This happens to the session, and it can't go on, for this reason.
    Fails(Event, SessionError),
    /// The session asks for this.
    Out(Action),
    /// The session sends packets: sequence id and payload of each.
    Sends(Vec<(u8, Bytes)>),
}

/// A session whose client has just connected by plain TCP.
pub(crate) fn server() -> Server {
    Server::new(options())
}

pub(crate) fn options() -> Options {
    Options {
        server_version: "9.7.4-mock".into(),
        connection_id: 7,
        peer: None,
        nonce: Nonce::from_bytes(NONCE),
        switch_nonce: LongNonce::from_bytes(SWITCH_NONCE),
        max_allowed_packet: 1000,
        channel: Channel::Insecure,
        capabilities: Capabilities::empty(),
        offer_tls: false,
        require_secure_transport: false,
        asks_administration: false,
        asks_bulk: false,
        rsa_key: None,
        passwords: PasswordCache::default(),
    }
}

/// Plays a script, which has to name everything that the session asks and sends.
pub(crate) fn play(server: &mut Server, steps: impl IntoIterator<Item = Step>) {
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::In(event) => {
                let name = format!("{event:?}");
                assert_eq!(server.poll_action(), None, "step {number}: before {name}");
                assert_eq!(server.handle(event), Ok(()), "step {number}: {name}");
            }
            Step::Fails(event, error) => {
                let name = format!("{event:?}");
                assert_eq!(server.handle(event), Err(error), "step {number}: {name}");
            }
            Step::Out(action) => {
                assert_eq!(server.poll_action(), Some(action), "step {number}");
            }
            Step::Sends(packets) => {
                assert_eq!(sent(server.output()), packets, "step {number}");
            }
        }
    }
    assert_eq!(server.poll_action(), None, "after the last step");
    assert!(server.output().is_empty(), "after the last step");
}

fn sent(output: &mut BytesMut) -> Vec<(u8, Bytes)> {
    let mut packets = Vec::new();
    while let Some(packet) = PacketCodec.decode(output).unwrap() {
        packets.push((packet.sequence_id, packet.payload));
    }
    packets
}

/// A packet of the client.
pub(crate) fn packet(sequence_id: u8, payload: impl Into<Bytes>) -> Event {
    Event::Packet(Packet {
        sequence_id,
        payload: payload.into(),
    })
}

/// A message as it is sent.
pub(crate) fn sends<M: Message>(sequence_id: u8, message: &M, cx: M::Context) -> Step {
    Step::Sends(vec![(sequence_id, message.to_payload(cx).unwrap())])
}

/// What both sides can do in these sessions, if not said otherwise.
pub(crate) const SHARED: Capabilities = Capabilities::PROTOCOL_41
    .union(Capabilities::SECURE_CONNECTION)
    .union(Capabilities::PLUGIN_AUTH)
    .union(Capabilities::CONNECT_WITH_DB)
    .union(Capabilities::TRANSACTIONS);

pub(crate) fn handshake_response(
    capabilities: Capabilities,
    auth_plugin: &'static str,
    auth_response: &[u8],
) -> HandshakeResponse41 {
    HandshakeResponse41 {
        capabilities,
        max_packet_size: 1 << 24,
        character_set: 45,
        username: "ada".into(),
        auth_response: Bytes::copy_from_slice(auth_response),
        database: "zoo".into(),
        client_plugin_name: auth_plugin.into(),
        attributes: Default::default(),
        zstd_compression_level: 0,
    }
}

pub(crate) fn column(name: &'static str) -> ColumnDefinition41 {
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: 255,
        column_type: ColumnType::VAR_STRING,
        ..ColumnDefinition41::default()
    }
}

/// An ERR packet that says this.
pub(crate) fn error(code: u16, state: &[u8; 5], message: &'static str) -> ErrPacket {
    ErrPacket {
        error_code: code,
        sql_state: Some(SqlState(*state)),
        error_message: message.into(),
    }
}

/// Has offered this, or the default, and the client has logged in with these capabilities.
pub(crate) fn logged_in(
    mut server: Server,
    offered: Option<Capabilities>,
    capabilities: Capabilities,
) -> Server {
    assert_eq!(server.poll_action(), Some(Action::Ask(Question::Greeting)));
    let greeting = Greeting {
        capabilities: offered,
        ..Greeting::default()
    };
    let greeting = Answer::Greeting(Ok(Box::new(greeting)));
    server.handle(Event::from(greeting)).unwrap();
    let named = capabilities.contains(Capabilities::PLUGIN_AUTH);
    let plugin = if named { "caching_sha2_password" } else { "" };
    server.handle(response(capabilities, plugin, b"")).unwrap();
    let asked = server.poll_action();
    assert!(matches!(asked, Some(Action::Ask(Question::Account(_)))));
    let account = Answer::Account(Ok(Box::default()));
    server.handle(Event::from(account)).unwrap();
    server.output().clear();
    server
}

/// The client's first packet behind a greeting.
pub(crate) fn response(capabilities: Capabilities, plugin: &'static str, data: &[u8]) -> Event {
    let response = handshake_response(capabilities, plugin, data);
    packet(1, response.to_payload(()).unwrap())
}

/// Greets the client, with what is offered by default.
pub(crate) fn greet(server: &mut Server) -> HandshakeV10 {
    assert_eq!(server.poll_action(), Some(Action::Ask(Question::Greeting)));
    let greeting = Event::from(Answer::Greeting(Ok(Box::new(Greeting::default()))));
    server.handle(greeting).unwrap();
    let packets = sent(server.output());
    HandshakeV10::from_payload(&packets[0].1, ()).unwrap()
}

/// The state of a session in this schema whose client came with the [`handshake_response`], and of
/// which nothing else has been said.
pub(crate) fn in_schema(schema: &'static str) -> mynah_session::SessionState {
    mynah_session::SessionState {
        schema: Some(schema.into()),
        character_sets: mynah_session::CharacterSets::all(45),
        ..Default::default()
    }
}
