//! Tests of logins as lists of steps: received events and expected actions.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_auth::rsa::PrivateKey;
use mynah_session::observe::Direction::{self, Client, Server};

use super::mediator::{Action, Event, Mediator};

/// A mediator, and what it wants done that no step has named yet.
pub(super) struct Playbook<M> {
    mediator: M,
    pending: VecDeque<Action>,
    /// Whether the client has asked for something that has no answer yet.
    answer_is_due: bool,
    steps: usize,
}

/// What goes out.
#[derive(Debug, PartialEq)]
enum Out {
    ToClient(Bytes),
    ToServer(Bytes),
    Observe(Bytes),
    AcceptTls(Bytes),
    ObserveDecrypted,
    ConnectTls,
    MakeKey,
    CloseClient,
    Done {
        mediated: bool,
        of_client: Bytes,
        of_server: Bytes,
    },
    Failed {
        why: String,
        sequence_id: u8,
    },
}

impl From<Action> for Out {
    fn from(action: Action) -> Self {
        match action {
            Action::ToClient(bytes) => Self::ToClient(bytes),
            Action::ToServer(bytes) => Self::ToServer(bytes),
            Action::Observe(bytes) => Self::Observe(bytes),
            Action::AcceptTls(bytes) => Self::AcceptTls(bytes),
            Action::ObserveDecrypted => Self::ObserveDecrypted,
            Action::ConnectTls => Self::ConnectTls,
            Action::MakeKey => Self::MakeKey,
            Action::CloseClient => Self::CloseClient,
            Action::Done(Ok(done)) => Self::Done {
                mediated: done.mediated,
                of_client: done.of_client.freeze(),
                of_server: done.of_server.freeze(),
            },
            Action::Done(Err(failed)) => Self::Failed {
                why: crate::failure::with_causes(&failed.failure),
                sequence_id: failed.sequence_id,
            },
        }
    }
}

impl<M: Mediator> Playbook<M> {
    pub(super) fn new(mediator: M) -> Self {
        Self {
            mediator,
            pending: VecDeque::new(),
            answer_is_due: false,
            steps: 0,
        }
    }

    /// The client has asked for something that has no answer yet, or has it.
    pub(super) fn answer_is_due(mut self, is_due: bool) -> Self {
        self.answer_is_due = is_due;
        self
    }

    pub(super) fn client(self, bytes: impl AsRef<[u8]>) -> Self {
        self.received(Client, bytes.as_ref())
    }

    pub(super) fn server(self, bytes: impl AsRef<[u8]>) -> Self {
        self.received(Server, bytes.as_ref())
    }

    /// The client sends what it is observed to.
    pub(super) fn observed(self, bytes: impl AsRef<[u8]>) -> Self {
        let sent = Bytes::copy_from_slice(bytes.as_ref());
        self.client(&sent).out(Out::Observe(sent))
    }

    pub(super) fn received(self, side: Direction, bytes: &[u8]) -> Self {
        assert!(
            self.mediator.reads(side),
            "step {}: {side:?} isn't read",
            self.steps
        );
        self.event(Event::Received(side, BytesMut::from(bytes)))
    }

    pub(super) fn closes(self, side: Direction) -> Self {
        assert!(
            self.mediator.reads(side),
            "step {}: {side:?} isn't read",
            self.steps
        );
        self.event(Event::Closed(side))
    }

    pub(super) fn loses(self, side: Direction) -> Self {
        self.event(Event::Lost(side, io::ErrorKind::ConnectionReset.into()))
    }

    pub(super) fn encrypted(self, side: Direction) -> Self {
        self.event(Event::Encrypted(side))
    }

    pub(super) fn not_encrypted(self, side: Direction) -> Self {
        self.event(Event::NotEncrypted(side, io::Error::other("no cipher")))
    }

    pub(super) fn key(self, key: &PrivateKey) -> Self {
        self.event(Event::Key(Ok(key.clone())))
    }

    pub(super) fn times_out(self) -> Self {
        self.event(Event::TimedOut(Duration::from_secs(5)))
    }

    fn event(mut self, event: Event) -> Self {
        self.steps += 1;
        // An event must not come before the actions that were asked for are done.
        if !matches!(event, Event::Lost(..) | Event::TimedOut(_)) {
            self.take();
            assert!(
                self.pending.is_empty(),
                "before step {}: {:?}",
                self.steps,
                self.pending
            );
        }
        self.mediator.handle(event);
        self
    }

    fn take(&mut self) {
        if self.pending.is_empty() {
            self.pending
                .extend(self.mediator.next_action(self.answer_is_due));
        }
    }

    pub(super) fn sends_client(self, bytes: impl AsRef<[u8]>) -> Self {
        self.out(Out::ToClient(Bytes::copy_from_slice(bytes.as_ref())))
    }

    pub(super) fn sends_server(self, bytes: impl AsRef<[u8]>) -> Self {
        self.out(Out::ToServer(Bytes::copy_from_slice(bytes.as_ref())))
    }

    /// Something that isn't the same each time goes to the server.
    pub(super) fn sends_server_by(self, look: impl FnOnce(Bytes)) -> Self {
        let (playbook, out) = self.next();
        match out {
            Out::ToServer(bytes) => look(bytes),
            out => panic!("step {}: {out:?}", playbook.steps),
        }
        playbook
    }

    pub(super) fn observes(self, bytes: impl AsRef<[u8]>) -> Self {
        self.out(Out::Observe(Bytes::copy_from_slice(bytes.as_ref())))
    }

    pub(super) fn observes_decrypted(self) -> Self {
        self.out(Out::ObserveDecrypted)
    }

    pub(super) fn accepts_tls(self, start: impl AsRef<[u8]>) -> Self {
        self.out(Out::AcceptTls(Bytes::copy_from_slice(start.as_ref())))
    }

    pub(super) fn connects_tls(self) -> Self {
        self.out(Out::ConnectTls)
    }

    pub(super) fn makes_key(self) -> Self {
        self.out(Out::MakeKey)
    }

    pub(super) fn closes_client(self) -> Self {
        self.out(Out::CloseClient)
    }

    /// The login is done, and these bytes were read of the two and not sent on.
    pub(super) fn enters(self, mediated: bool, rest: (&[u8], &[u8])) {
        self.out(Out::Done {
            mediated,
            of_client: Bytes::copy_from_slice(rest.0),
            of_server: Bytes::copy_from_slice(rest.1),
        })
        .ends();
    }

    pub(super) fn fails(self, why: &str, sequence_id: u8) {
        let why = why.to_owned();
        self.out(Out::Failed { why, sequence_id }).ends();
    }

    /// Nothing is to be done, and this side isn't read.
    pub(super) fn waits_without(mut self, side: Direction) -> Self {
        self.take();
        assert!(
            self.pending.is_empty(),
            "step {}: {:?}",
            self.steps,
            self.pending
        );
        assert!(!self.mediator.reads(side), "step {}", self.steps);
        self
    }

    /// Nothing is to be done, and both sides are read: it goes on from here.
    pub(super) fn waits_for_both(mut self) {
        self.take();
        assert!(self.pending.is_empty(), "{:?}", self.pending);
        let reads = [Client, Server].map(|side| self.mediator.reads(side));
        assert_eq!(reads, [true, true], "a side isn't read");
    }

    /// Expects no further action.
    fn ends(mut self) {
        self.take();
        assert!(self.pending.is_empty(), "{:?}", self.pending);
        let reads = [Client, Server].map(|side| self.mediator.reads(side));
        assert_eq!(reads, [false, false], "an ended login reads nothing");
    }

    fn next(mut self) -> (Self, Out) {
        self.steps += 1;
        self.take();
        let action = self.pending.pop_front();
        let action = action.unwrap_or_else(|| panic!("step {}: nothing goes out", self.steps));
        (self, action.into())
    }

    fn out(self, expected: Out) -> Self {
        let (playbook, out) = self.next();
        assert_eq!(out, expected, "step {}", playbook.steps);
        playbook
    }
}
