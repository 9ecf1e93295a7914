use std::collections::VecDeque;

use mynah_auth::rsa::PrivateKey;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;

use super::event::Action;
use super::options::Options;
use crate::classic::packet_exchange::PacketExchange;
use crate::{Failure, Outcome, Question, RowSource, SessionError};

/// What a session has in each of its states.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) exchange: PacketExchange,
    pub(super) actions: VecDeque<Action>,
    /// As they were given.
    pub(super) options: Box<Options>,
    /// The nonce that the client was greeted with.
    pub(super) nonce: Nonce,
    /// The nonce of a client that is asked for another method, or that logs in once more.
    pub(super) switch_nonce: LongNonce,
    /// What others can read.
    pub(super) channel: Channel,
    /// The key that clients encrypt passwords for, once it is known.
    pub(super) rsa_key: Option<PrivateKey>,
    /// How often the login or the schema has become another one.
    pub(super) login_version: u32,
    /// Why the client was refused.
    pub(super) refusal: Option<Box<Failure>>,
    pub(super) ended_with: Option<Box<Failure>>,
}

impl Core {
    pub(super) fn new(options: Options) -> Self {
        Self {
            exchange: PacketExchange::new(LOGIN_LIMIT),
            actions: VecDeque::new(),
            nonce: options.nonce,
            switch_nonce: options.switch_nonce,
            channel: options.channel,
            rsa_key: options.rsa_key.clone(),
            options: Box::new(options),
            login_version: 0,
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

    /// Sends an error to a client that isn't logged in, and closes the connection.
    pub(super) fn refuse(
        &mut self,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<(), SessionError> {
        self.refusal = Some(Box::new(failure.clone()));
        self.close_with(failure, shared)
    }

    /// The same for a client that is logged in.
    pub(super) fn end(
        &mut self,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<(), SessionError> {
        self.ended_with = Some(Box::new(failure.clone()));
        self.close_with(failure, shared)
    }

    /// Sends an error and closes the connection.
    pub(super) fn close_with(
        &mut self,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<(), SessionError> {
        self.exchange.send_failure(failure, shared)?;
        self.close();
        Ok(())
    }

    /// These rows won't be asked for any more.
    pub(super) fn drop_rows(&mut self, source: Option<RowSource>) {
        self.actions.extend(source.map(Action::DropRows));
    }

    /// The handler can forget this prepared statement.
    pub(super) fn close_statement(&mut self, id: u32) {
        self.actions.push_back(Action::CloseStatement(id));
    }

    /// As [`drop_rows`](Self::drop_rows), for those of an outcome.
    pub(super) fn drop_outcome(&mut self, outcome: &Outcome) {
        if let Outcome::Rows(result) = outcome {
            self.drop_rows(result.rows.source());
        }
    }
}

/// How many bytes a message may have before the client has logged in. Connection attributes have
/// at most 64 KiB.
const LOGIN_LIMIT: usize = 256 * 1024;
