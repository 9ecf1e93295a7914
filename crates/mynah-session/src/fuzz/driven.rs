use std::fmt::Debug;

use bytes::BytesMut;
use mynah_auth::Channel;

use super::answers::Answers;
use crate::{Answer, Question, SessionError};

/// A session of either protocol.
pub(super) trait Session: Debug {
    type Event: From<Answer>;

    fn output(&mut self) -> &mut BytesMut;

    fn handle(&mut self, event: Self::Event) -> Result<(), SessionError>;

    /// What it asks for next.
    fn next(&mut self) -> Option<Asks<Self::Event>>;

    fn waits_for_client(&self) -> bool;

    /// How its connection ends.
    fn end(end: End) -> Self::Event;
}

/// What a session asks for.
pub(super) enum Asks<E> {
    Answer(Question),
    /// That this happens to it.
    Event(E),
    /// What nothing follows upon.
    Nothing,
    Close,
}

pub(super) enum End {
    Eof,
    ShutDown,
    IdleTooLong,
}

/// A session, and what answers it.
pub(super) struct Driven<S> {
    pub(super) server: S,
    answers: Answers,
    first: u8,
    sent: BytesMut,
    pub(super) is_closed: bool,
}

impl<S: Session> Driven<S> {
    /// `how` and `first` give the accounts and the answers.
    pub(super) fn new(server: S, how: u8, first: u8) -> Self {
        let mut driven = Self {
            server,
            answers: Answers::new(how, first),
            first,
            sent: BytesMut::new(),
            is_closed: false,
        };
        driven.act();
        driven
    }

    pub(super) fn give(&mut self, event: S::Event) {
        let went_on = self.server.handle(event).is_ok();
        self.act();
        assert!(went_on || self.is_closed, "an error that closes nothing");
    }

    /// All that it has sent when its connection has ended.
    pub(super) fn end(mut self) -> BytesMut {
        if !self.is_closed {
            self.give(S::end(match self.first % 3 {
                0 => End::Eof,
                1 => End::ShutDown,
                _ => End::IdleTooLong,
            }));
        }
        assert!(self.is_closed, "an end that closes nothing");
        self.sent
    }

    /// Does what the session asks for, until it waits for the client.
    fn act(&mut self) {
        while let Some(asks) = self.server.next() {
            self.sent.unsplit(self.server.output().split());
            let event = match asks {
                Asks::Answer(question) => self.answers.to(question).into(),
                Asks::Event(event) => event,
                Asks::Nothing => continue,
                Asks::Close => {
                    self.is_closed = true;
                    continue;
                }
            };
            if let Err(error) = self.server.handle(event) {
                assert!(!matches!(error, SessionError::Unexpected { .. }), "{error}");
            }
        }
        self.sent.unsplit(self.server.output().split());
        assert!(
            self.is_closed || self.server.waits_for_client(),
            "it waits for nothing: {:?}",
            self.server
        );
    }
}

pub(super) fn channel(how: u8) -> Channel {
    match how & 0x20 {
        0 => Channel::Tls,
        _ => Channel::Insecure,
    }
}
