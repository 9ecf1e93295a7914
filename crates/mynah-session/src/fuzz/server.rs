use bytes::BytesMut;
use mynah_auth::server::PasswordCache;
use mynah_auth::{LongNonce, Nonce};
use mynah_classic::Capabilities;
use mynah_wire::Packet;

use super::driven::{Asks, Driven, End, Session, channel};
use crate::SessionError;
use crate::classic::server::{Action, Event, Options, Server};

/// Fuzz target: gives a server's session of the classic protocol any bytes of a client, and panics if the answers
/// depend on how the bytes are cut, if the session neither waits for the client nor is closed, or if its output
/// isn't whole packets.
///
/// The first two bytes choose the account and the answers; the client's bytes follow.
pub fn server(data: &[u8]) {
    let [how, first, stream @ ..] = data else {
        return;
    };
    let whole = sent(*how, *first, stream, usize::MAX);
    assert_eq!(whole, sent(*how, *first, stream, 3));
    let mut rest = whole;
    while Packet::take(&mut rest).is_some() {}
    assert!(rest.is_empty(), "half a packet: {rest:?}");
}

fn sent(how: u8, first: u8, stream: &[u8], step: usize) -> BytesMut {
    let mut driven = Driven::new(Server::new(options(how)), how, first);
    let mut input = BytesMut::new();
    for part in stream.chunks(step) {
        input.extend_from_slice(part);
        while !driven.is_closed {
            let Some(packet) = Packet::take(&mut input) else {
                break;
            };
            driven.give(Event::Packet(packet));
        }
        if !driven.is_closed
            && let Some(&[a, b, c, sequence_id]) = input.first_chunk()
        {
            let len = u32::from_le_bytes([a, b, c, 0]) as usize;
            driven.give(Event::Header { sequence_id, len });
        }
    }
    driven.end()
}

impl Session for Server {
    type Event = Event;

    fn output(&mut self) -> &mut BytesMut {
        self.output()
    }

    fn handle(&mut self, event: Event) -> Result<(), SessionError> {
        self.handle(event)
    }

    fn next(&mut self) -> Option<Asks<Event>> {
        Some(match self.poll_action()? {
            Action::Ask(question) => Asks::Answer(question),
            Action::StartTls => Asks::Event(Event::TlsStarted(Default::default())),
            Action::Flush => Asks::Event(Event::Flushed),
            Action::Compress(_)
            | Action::DropRows(_)
            | Action::CloseStatement(_)
            | Action::Reset => Asks::Nothing,
            Action::Close => Asks::Close,
        })
    }

    fn waits_for_client(&self) -> bool {
        self.wants_packet()
    }

    fn end(end: End) -> Event {
        match end {
            End::Eof => Event::Eof,
            End::ShutDown => Event::ShutDown,
            End::IdleTooLong => Event::IdleTooLong,
        }
    }
}

fn options(how: u8) -> Options {
    Options {
        server_version: "9.7.4-mock".into(),
        connection_id: 7,
        peer: None,
        nonce: Nonce::from_bytes(&[b'n'; 20]),
        switch_nonce: LongNonce::from_bytes(&[b'm'; 32]),
        max_allowed_packet: 4096,
        channel: channel(how),
        capabilities: Capabilities::empty(),
        offer_tls: how & 0x10 == 0,
        asks_administration: how & 64 != 0,
        asks_bulk: how & 64 != 0,
        require_secure_transport: false,
        rsa_key: None,
        passwords: PasswordCache::default(),
    }
}
