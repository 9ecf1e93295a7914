//! A session of the X Protocol without a socket, and its handler.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_session::x::server::{Action, BadFrame, Event, Options, Server};
use mynah_session::{
    Account, Answer, Failure, Greeting, Outcome, Prepared, Question, Reply, Rows, Statement, Tls,
};
use mynah_testkit::{Direction, Fixture};
use mynah_x::connection::CapabilitiesSet;
use mynah_x::datatypes::{Any, Scalar};
use mynah_x::session::AuthenticateContinue;
use mynah_x::{ClientMessage, Frame, FrameCodec, ServerMessage};
use tokio_util::codec::Decoder;

pub(crate) const NONCE: &[u8; 20] = b"abcdefghijklmnopqrst";

/// A client and its session, with a script for a handler.
pub(crate) struct Talk {
    pub(crate) server: Server,
    pub(crate) account: Account,
    /// What the handler is asked, in order.
    pub(crate) asked: Vec<Statement>,
    /// What it answers; an OK when there is no more.
    pub(crate) replies: VecDeque<Reply>,
    /// What it answers when more rows are asked for.
    pub(crate) rows: Result<Rows, Failure>,
    pub(crate) notices_asked: usize,
    /// The prepared statements that the handler was told are gone.
    pub(crate) closed_statements: Vec<u32>,
    pub(crate) closed: bool,
    pub(crate) tls_started: bool,
    /// What was sent before the output was full.
    flushed: BytesMut,
    answer: fn(&Statement) -> Option<Reply>,
}

pub(crate) fn options() -> Options {
    Options {
        connection_id: 7,
        peer: None,
        nonce: Nonce::from_bytes(NONCE),
        max_allowed_packet: 1 << 20,
        channel: Channel::Insecure,
        offer_tls: true,
        require_secure_transport: false,
        passwords: PasswordCache::default(),
    }
}

impl Talk {
    /// A client that has connected, and has been greeted.
    pub(crate) fn new(options: Options) -> Self {
        let mut talk = Self {
            server: Server::new(options),
            account: Account::default(),
            asked: Vec::new(),
            replies: VecDeque::new(),
            rows: Ok(Rows::default()),
            notices_asked: 0,
            closed_statements: Vec::new(),
            closed: false,
            tls_started: false,
            flushed: BytesMut::new(),
            answer: |_| None,
        };
        talk.act();
        let hello = talk.server.output().split();
        assert_eq!(hello[..], *b"\x05\0\0\0\x0b\x08\x05\x1a\0");
        talk
    }

    pub(crate) fn answering(mut self, answer: fn(&Statement) -> Option<Reply>) -> Self {
        self.answer = answer;
        self
    }

    /// A client that has logged in.
    pub(crate) fn logged_in() -> Self {
        let mut talk = Self::new(options());
        let said = talk.log_in();
        assert!(
            matches!(said.last(), Some(ServerMessage::AuthenticateOk(_))),
            "{said:?}"
        );
        talk
    }

    /// Logs in without a password.
    pub(crate) fn log_in(&mut self) -> Vec<ServerMessage> {
        let start = mynah_x::session::AuthenticateStart {
            mech_name: "MYSQL41".to_owned(),
            ..Default::default()
        };
        let said = self.say(start);
        assert!(
            matches!(said[..], [ServerMessage::AuthenticateContinue(_)]),
            "{said:?}"
        );
        let auth_data = Bytes::from_static(b"zoo\0ada\0");
        self.say(AuthenticateContinue { auth_data })
    }

    /// Says something, and gives the answer.
    pub(crate) fn say(&mut self, message: impl Into<ClientMessage>) -> Vec<ServerMessage> {
        let mut w = BytesMut::new();
        message.into().put(&mut w);
        let frame = FrameCodec::new(usize::MAX).decode(&mut w).unwrap().unwrap();
        self.send(frame)
    }

    pub(crate) fn set(
        &mut self,
        capabilities: impl IntoIterator<Item = (&'static str, Any)>,
    ) -> Vec<ServerMessage> {
        let capabilities = capabilities.into_iter().collect();
        self.say(CapabilitiesSet { capabilities })
    }

    pub(crate) fn sql(&mut self, text: &'static str) -> Vec<ServerMessage> {
        self.say(mynah_x::sql::StmtExecute {
            stmt: text.into(),
            ..Default::default()
        })
    }

    pub(crate) fn send(&mut self, frame: Frame) -> Vec<ServerMessage> {
        assert!(self.server.wants_frame(), "{frame:?} isn't due");
        self.give(Event::Frame(frame));
        self.heard()
    }

    pub(crate) fn send_bad(&mut self, bad: BadFrame) -> Vec<ServerMessage> {
        self.give(Event::BadFrame(bad));
        self.heard()
    }

    pub(crate) fn give(&mut self, event: Event) {
        self.server.handle(event).unwrap();
        self.act();
    }

    /// What the session has said.
    pub(crate) fn heard(&mut self) -> Vec<ServerMessage> {
        let mut src = self.flushed.split();
        src.unsplit(self.server.output().split());
        let mut said = Vec::new();
        while let Some(frame) = FrameCodec::new(usize::MAX).decode(&mut src).unwrap() {
            said.push(ServerMessage::from_frame(&frame).unwrap());
        }
        assert!(src.is_empty());
        said
    }

    fn act(&mut self) {
        while let Some(action) = self.server.poll_action() {
            let event = match action {
                Action::Ask(Question::Greeting) => {
                    Event::from(Answer::Greeting(Ok(Box::new(Greeting::default()))))
                }
                Action::Ask(Question::Account(_)) => {
                    Event::from(Answer::Account(Ok(Box::new(self.account.clone()))))
                }
                Action::Ask(Question::Nonce) => {
                    Event::from(Answer::Nonce(LongNonce::from_bytes(NONCE)))
                }
                Action::StartTls => {
                    self.tls_started = true;
                    Event::TlsStarted(Tls {
                        version: "TLSv1.3".to_owned(),
                        cipher: "TLS_AES_256_GCM_SHA384".to_owned(),
                        ..Tls::default()
                    })
                }
                Action::Ask(Question::Statement(statement)) => {
                    Event::from(Answer::Reply(Box::new(self.reply(statement))))
                }
                Action::Ask(Question::Command(statement)) => {
                    let reply = (self.answer)(&statement);
                    self.asked.push(statement);
                    Event::from(Answer::Command(reply.map(Box::new)))
                }
                Action::Ask(Question::Prepared(statement)) => {
                    let prepared = match (self.answer)(&statement) {
                        Some(Reply {
                            outcome: Outcome::Error(failure),
                            ..
                        }) => Err(failure),
                        _ => Ok(Prepared::default()),
                    };
                    self.asked.push(statement);
                    Event::from(Answer::Prepared(prepared))
                }
                Action::Ask(Question::Rows(_)) => Event::from(Answer::Rows(self.rows.clone())),
                Action::Ask(Question::Processes) => Event::from(Answer::Processes(Vec::new())),
                Action::Ask(Question::Kill(_)) => Event::from(Answer::Killed(false)),
                Action::Ask(question) => panic!("{question:?} is no question of the X Protocol"),
                Action::Flush => {
                    self.flushed.unsplit(self.server.output().split());
                    Event::Flushed
                }
                Action::StartNotices => {
                    self.notices_asked += 1;
                    continue;
                }
                Action::CloseStatement(id) => {
                    self.closed_statements.push(id);
                    continue;
                }
                Action::DropRows(_) | Action::Reset => continue,
                Action::Close => {
                    self.closed = true;
                    continue;
                }
            };
            self.server.handle(event).unwrap();
        }
    }

    fn reply(&mut self, statement: Statement) -> Reply {
        let reply = (self.answer)(&statement).or_else(|| self.replies.pop_front());
        self.asked.push(statement);
        reply.unwrap_or_else(|| Outcome::Ok(Default::default()).into())
    }
}

/// An error as the client gets it: its number and text.
pub(crate) fn error(said: &[ServerMessage]) -> (u32, &str) {
    match said {
        [ServerMessage::Error(error)] => (error.code, &error.msg),
        other => panic!("no error: {other:?}"),
    }
}

pub(crate) fn is_ok(said: &[ServerMessage]) -> bool {
    matches!(said, [ServerMessage::Ok(_)])
}

pub(crate) fn failure(code: u16, message: &'static str) -> Reply {
    Outcome::Error(Failure::general(code, message)).into()
}

pub(crate) fn text(value: &'static str) -> Any {
    Scalar::string(value).into()
}

/// The client's messages of a recording, each with the server's answers to it.
pub(crate) fn exchanges(fixture: &Fixture) -> Vec<(Frame, Vec<Frame>)> {
    let mut exchanges: Vec<(Frame, Vec<Frame>)> = Vec::new();
    for line in &fixture.lines {
        let frame = Frame {
            message_type: line.sequence_id,
            payload: line.payload.clone(),
        };
        match (line.direction, exchanges.last_mut()) {
            (Direction::Client, _) => exchanges.push((frame, Vec::new())),
            (Direction::Server, Some((_, answers))) => answers.push(frame),
            // The greeting.
            (Direction::Server, None) => {}
        }
    }
    exchanges
}
