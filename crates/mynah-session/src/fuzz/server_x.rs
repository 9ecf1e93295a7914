use std::time::Duration;

use bytes::BytesMut;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, Nonce};
use mynah_x::{FrameCodec, FrameError, ServerMessage};
use tokio_util::codec::Decoder;

use super::answers::Answers;
use crate::SessionError;
use crate::x::server::{Action, BadFrame, Event, Options, Server};
use crate::x::{Notice, NoticePayload, NoticeScope};

/// A client of the X Protocol that sends anything: what it is sent doesn't depend on how its bytes
/// are cut, the session always waits for the client or is closed, and what it sends can be read.
///
/// The first two bytes choose the account and the answers; what follows is what the client
/// sends.
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
    while let Ok(Some(frame)) = FrameCodec::new(usize::MAX).decode(&mut sent) {
        if let Err(error) = ServerMessage::from_frame(&frame) {
            panic!("the server's message can't be read: {error}: {frame:?}");
        }
    }
    assert!(sent.is_empty(), "half a frame: {sent:?}");
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
            let limit = driven.server.frame_limit();
            let event = match FrameCodec::new(limit).decode(&mut input) {
                Ok(Some(frame)) => Event::Frame(frame),
                Ok(None) => break,
                Err(FrameError::Empty) => Event::BadFrame(BadFrame::Empty),
                Err(_) => Event::BadFrame(BadFrame::TooLarge),
            };
            driven.give(event);
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
                Action::StartNotices => Event::Notice(notice()),
                Action::Flush => Event::Flushed,
                Action::DropRows(_) | Action::Reset => continue,
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
            self.is_closed || self.server.wants_frame(),
            "it waits for nothing: {:?}",
            self.server
        );
    }
}

fn options(how: u8) -> Options {
    Options {
        connection_id: 7,
        peer: None,
        nonce: Nonce::from_bytes(&[b'n'; 20]),
        max_allowed_packet: 4096,
        channel: if how & 0x20 == 0 {
            Channel::Tls
        } else {
            Channel::Insecure
        },
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
