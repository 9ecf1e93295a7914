use std::time::Duration;

use bytes::BytesMut;
use mynah_auth::Nonce;
use mynah_auth::server::PasswordCache;
use mynah_x::{Frame, FrameError, ServerMessage};

use super::driven::{Asks, Driven, End, Session, channel};
use crate::SessionError;
use crate::x::server::{Action, BadFrame, Event, Options, Server};
use crate::x::{Notice, NoticePayload, NoticeScope};

/// Fuzz target: gives a server's session of the X Protocol any bytes of a client, and panics if the answers depend
/// on how the bytes are cut, if the session neither waits for the client nor is closed, or if its output can't be
/// read.
///
/// The first two bytes choose the account and the answers; the client's bytes follow.
pub fn server_x(data: &[u8]) {
    let [how, first, stream @ ..] = data else {
        return;
    };
    let whole = sent(*how, *first, stream, usize::MAX);
    assert_eq!(whole, sent(*how, *first, stream, 3));
    read(whole);
}

#[allow(clippy::panic, reason = "this is an assertion")]
fn read(mut sent: BytesMut) {
    while let Ok(Some(frame)) = Frame::take(&mut sent, usize::MAX) {
        if let Err(error) = ServerMessage::from_frame(&frame) {
            panic!("the server's message can't be read: {error}: {frame:?}");
        }
    }
    assert!(sent.is_empty(), "half a frame: {sent:?}");
}

fn sent(how: u8, first: u8, stream: &[u8], step: usize) -> BytesMut {
    let mut driven = Driven::new(Server::new(options(how)), how, first);
    let mut input = BytesMut::new();
    for part in stream.chunks(step) {
        input.extend_from_slice(part);
        while !driven.is_closed {
            let limit = driven.server.frame_limit();
            let event = match Frame::take(&mut input, limit) {
                Ok(Some(frame)) => Event::Frame(frame),
                Ok(None) => break,
                Err(FrameError::Empty) => Event::BadFrame(BadFrame::Empty),
                Err(_) => Event::BadFrame(BadFrame::TooLarge),
            };
            driven.give(event);
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
            Action::StartNotices => Asks::Event(Event::Notice(notice())),
            Action::Flush => Asks::Event(Event::Flushed),
            Action::DropRows(_) | Action::CloseStatement(_) | Action::Reset => Asks::Nothing,
            Action::Close => Asks::Close,
        })
    }

    fn waits_for_client(&self) -> bool {
        self.wants_frame()
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
        connection_id: 7,
        peer: None,
        nonce: Nonce::from_bytes(&[b'n'; 20]),
        max_allowed_packet: 4096,
        channel: channel(how),
        offer_tls: how & 0x10 == 0,
        require_secure_transport: false,
        passwords: PasswordCache::default(),
    }
}

fn notice() -> Notice {
    Notice {
        send_offset: Duration::ZERO,
        scope: NoticeScope::Global,
        payload: NoticePayload::ServerHello,
    }
}
