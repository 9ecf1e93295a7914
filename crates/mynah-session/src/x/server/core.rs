use std::collections::VecDeque;

use bytes::Bytes;
use mynah_auth::{Channel, Nonce};
use mynah_classic::StatusFlags;
use mynah_x::compress::Decompressor;
use mynah_x::connection;
use mynah_x::status::Severity;

use super::event::Action;
use super::options::Options;
use super::outgoing::Outgoing;
use crate::placeholders::Dialect;
use crate::{CharacterSets, Failure, Outcome, Question, RowSource, SessionError, SessionState};

/// What a session has in each of its states.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) outgoing: Outgoing,
    pub(super) actions: VecDeque<Action>,
    /// As they were given.
    pub(super) options: Box<Options>,
    /// The connection's number, as clients see it.
    pub(super) connection_id: u32,
    /// For the next login; each needs another.
    pub(super) nonce: Option<Nonce>,
    /// What others can read.
    pub(super) channel: Channel,
    pub(super) greeted: Greeted,
    /// How often the login or the schema has become another one.
    pub(super) login_version: u32,
    /// How many documents have got an id.
    documents: u64,
    /// What messages in one piece are inflated by.
    pub(super) decompressor: Option<Decompressor>,
    /// How many bytes the next frame may have.
    pub(super) limit: usize,
    /// Why the client was refused.
    pub(super) refusal: Option<Box<Failure>>,
    pub(super) ended_with: Option<Box<Failure>>,
}

/// What the greeting says of a session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Greeted {
    pub(super) status_flags: StatusFlags,
    pub(super) dialect: Dialect,
}

impl Core {
    pub(super) fn new(options: Options) -> Self {
        Self {
            outgoing: Outgoing::default(),
            actions: VecDeque::new(),
            connection_id: options.connection_id,
            nonce: Some(options.nonce),
            channel: options.channel,
            options: Box::new(options),
            greeted: Greeted::default(),
            login_version: 0,
            documents: 0,
            decompressor: None,
            limit: LOGIN_LIMIT,
            refusal: None,
            ended_with: None,
        }
    }

    pub(super) fn ask(&mut self, question: Question) {
        self.actions.push_back(Action::Ask(question));
    }

    pub(super) fn close(&mut self) {
        self.actions.push_back(Action::Close);
    }

    /// The client leaves.
    pub(super) fn bye(&mut self, _: connection::Close) {
        self.outgoing.ok(Some("bye!"));
        self.close();
    }

    /// Sends an error to a client that isn't logged in, and closes the connection.
    pub(super) fn refuse(&mut self, failure: Failure) -> Result<(), SessionError> {
        self.close_with(&failure)?;
        self.refusal = Some(Box::new(failure));
        Ok(())
    }

    /// The same for a client that is logged in.
    pub(super) fn end(&mut self, failure: Failure) -> Result<(), SessionError> {
        self.close_with(&failure)?;
        self.ended_with = Some(Box::new(failure));
        Ok(())
    }

    /// Sends an error and closes the connection.
    pub(super) fn close_with(&mut self, failure: &Failure) -> Result<(), SessionError> {
        self.outgoing.seal()?;
        self.outgoing.error(failure, Severity::Fatal);
        self.close();
        Ok(())
    }

    /// Says that something failed; the connection goes on.
    pub(super) fn fail(&mut self, failure: &Failure) {
        self.outgoing.error(failure, Severity::Error);
    }

    /// The client may send messages as long as servers allow it, or has to log in first.
    pub(super) fn set_logged_in(&mut self, logged_in: bool) {
        self.limit = if logged_in {
            self.options.max_allowed_packet
        } else {
            LOGIN_LIMIT
        };
    }

    /// The state of a session that begins in this schema.
    pub(super) fn new_session(&self, schema: Option<Bytes>) -> SessionState {
        let character_sets = CharacterSets::default();
        SessionState::greeted(self.greeted.status_flags, character_sets, schema)
    }

    /// An id for a document that has none, like those that servers make.
    pub(super) fn document_id(&mut self) -> String {
        self.documents += 1;
        format!("0000{:08x}{:016x}", self.connection_id, self.documents)
    }

    /// These rows won't be asked for any more.
    pub(super) fn drop_rows(&mut self, source: Option<RowSource>) {
        self.actions.extend(source.map(Action::DropRows));
    }

    /// The same for those of an outcome.
    pub(super) fn drop_outcome(&mut self, outcome: &Outcome) {
        if let Outcome::Rows(result) = outcome {
            self.drop_rows(result.rows.source());
        }
    }
}

/// How many bytes a message may have before the client has logged in.
const LOGIN_LIMIT: usize = 1024 * 1024;
