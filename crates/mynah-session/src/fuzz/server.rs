use bytes::BytesMut;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;
use mynah_wire::PacketCodec;
use tokio_util::codec::Decoder;

use super::answers::Answers;
use crate::SessionError;
use crate::classic::server::{Action, Event, Options, Server};

/// A client that sends anything: what it is sent doesn't depend on how its bytes are cut, the session
/// always waits for the client or is closed, and what it sends is whole packets.
///
/// The first two bytes choose the account and the answers; what follows is what the client
/// sends.
pub fn server(data: &[u8]) {
    let [how, first, stream @ ..] = data else {
        return;
    };
    let whole = sent(*how, *first, stream, usize::MAX);
    assert_eq!(whole, sent(*how, *first, stream, 3));
    let mut rest = whole;
    while PacketCodec
        .decode(&mut rest)
        .is_ok_and(|read| read.is_some())
    {}
    assert!(rest.is_empty(), "half a packet: {rest:?}");
}

fn sent(how: u8, first: u8, stream: &[u8], step: usize) -> BytesMut {
    let mut driven = Driven {
        server: Server::new(options(how)),
        answers: Answers::new(how, first),
        first,
        sent: BytesMut::new(),
        is_closed: false,
    };
    driven.act();
    let mut input = BytesMut::new();
    for part in stream.chunks(step) {
        input.extend_from_slice(part);
        while !driven.is_closed {
            let Ok(Some(packet)) = PacketCodec.decode(&mut input) else {
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
    driven.end();
    driven.sent
}

/// A session, and what answers it.
struct Driven {
    server: Server,
    answers: Answers,
    first: u8,
    sent: BytesMut,
    is_closed: bool,
}

impl Driven {
    fn give(&mut self, event: Event) {
        let went_on = self.server.handle(event).is_ok();
        self.act();
        assert!(went_on || self.is_closed, "an error that closes nothing");
    }

    fn end(&mut self) {
        if !self.is_closed {
            self.give(match self.first % 3 {
                0 => Event::Eof,
                1 => Event::ShutDown,
                _ => Event::IdleTooLong,
            });
        }
        assert!(self.is_closed, "an end that closes nothing");
    }

    /// Does what the session asks for, until it waits for the client.
    fn act(&mut self) {
        while let Some(action) = self.server.poll_action() {
            let output = self.server.output().split();
            self.sent.extend_from_slice(&output);
            let event = match action {
                Action::Ask(question) => Event::from(self.answers.to(question)),
                Action::StartTls => Event::TlsStarted(Default::default()),
                Action::Flush => Event::Flushed,
                Action::Compress(_) | Action::DropRows(_) | Action::Reset => continue,
                Action::Close => {
                    self.is_closed = true;
                    continue;
                }
            };
            if let Err(error) = self.server.handle(event) {
                assert!(!matches!(error, SessionError::Unexpected { .. }), "{error}");
            }
        }
        let output = self.server.output().split();
        self.sent.extend_from_slice(&output);
        assert!(
            self.is_closed || self.server.wants_packet(),
            "it waits for nothing: {:?}",
            self.server
        );
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
        channel: if how & 0x20 == 0 {
            Channel::Tls
        } else {
            Channel::Insecure
        },
        capabilities: Capabilities::empty(),
        offer_tls: how & 0x10 == 0,
        require_secure_transport: false,
        rsa_key: None,
        passwords: PasswordCache::default(),
    }
}
