use std::time::Instant;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_wire::compress::Algorithm;
use mynah_x::ClientMessageType;

use crate::sql::Settings;

use super::{Direction, Event, Executed, Options, classic, x};

/// Follows a connection of a client and a server as a third party: takes the bytes of both directions, and
/// reports logins, commands and answers as [`Event`]s. The bytes may be cut anywhere, but both directions
/// must be given in the order in which they were received.
#[derive(Debug)]
pub struct Observer(Protocol);

/// What is spoken, and how it is followed.
#[derive(Debug)]
enum Protocol {
    Classic(Box<classic::Follower>),
    X(Box<x::Follower>),
}

impl Observer {
    /// An observer of a classic connection that begins now.
    #[must_use]
    pub fn classic(options: Options, now: Instant) -> Self {
        Self(Protocol::Classic(Box::new(classic::Follower::new(
            options, now,
        ))))
    }

    /// An observer of an X Protocol connection that begins now. `tls_ends_here` says whether the caller
    /// terminates TLS, and so gives decrypted bytes after a switch to TLS.
    #[must_use]
    pub fn x(options: Options, tls_ends_here: bool, now: Instant) -> Self {
        let follower = x::Follower::new(options, tls_ends_here, now);
        Self(Protocol::X(Box::new(follower)))
    }

    /// Takes bytes that one side has sent, and when they were received. `see` is called for each event.
    pub fn observe(
        &mut self,
        from: Direction,
        bytes: &[u8],
        now: Instant,
        see: &mut impl FnMut(Event),
    ) {
        match &mut self.0 {
            Protocol::Classic(classic) => classic.observe(from, bytes, now, see),
            Protocol::X(x) => x.observe(from, bytes, now, see),
        }
    }

    /// To be called when the connection has ended. Commands without an answer end as
    /// [`Outcome::CutOff`](super::Outcome::CutOff).
    pub fn end(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        match &mut self.0 {
            Protocol::Classic(classic) => classic.end(now, see),
            Protocol::X(x) => x.end(now, see),
        }
    }

    /// To be called when the server has closed its side, even if the client's is still open. Commands without
    /// an answer end as [`Outcome::CutOff`](super::Outcome::CutOff).
    pub fn cut_off(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        match &mut self.0 {
            Protocol::Classic(classic) => classic.cut_off(now, see),
            Protocol::X(x) => x.cut_off(now, see),
        }
    }

    /// To be called after the client's SSLRequest of the classic protocol, if the caller terminates TLS: the bytes
    /// after the request are given decrypted.
    pub fn begin_decrypted(&mut self) {
        if let Protocol::Classic(classic) = &mut self.0 {
            classic.begin_decrypted();
        }
    }

    /// Whether no command waits for its answer, and neither side is in the middle of a message, so that
    /// [`set_messages`](Self::set_messages) has effect for whole commands. `true` if the observer doesn't follow the
    /// connection any more.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_at_rest(),
            Protocol::X(x) => x.is_at_rest(),
        }
    }

    /// Changes [`Options::messages`] from here on. Only to be called while the observer [is at
    /// rest](Self::is_at_rest): otherwise the next message may come without its beginning.
    pub fn set_messages(&mut self, messages: bool) {
        match &mut self.0 {
            Protocol::Classic(classic) => classic.options.messages = messages,
            Protocol::X(x) => x.options.messages = messages,
        }
    }

    /// Whether the connection uses the X Protocol.
    #[must_use]
    pub fn is_x(&self) -> bool {
        matches!(self.0, Protocol::X(_))
    }

    /// Whether the observer doesn't follow the connection any more: it can't (see [`Loss`](super::Loss)), the
    /// connection has ended, or, in the classic protocol, the server has refused the login.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_opaque(),
            Protocol::X(x) => x.is_opaque(),
        }
    }

    /// Whether a command waits for its answer.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => !classic.waiting.is_empty(),
            Protocol::X(x) => !x.waiting.is_empty(),
        }
    }

    /// Whether the observer has seen the end of the login, so that commands of the classic protocol can be sent.
    /// `false` if it doesn't follow the connection any more (see [`is_opaque`](Self::is_opaque)), and always for the X
    /// Protocol.
    #[must_use]
    pub fn is_in_command_phase(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_in_command_phase(),
            Protocol::X(_) => false,
        }
    }

    /// Whether the client's stream is in the middle of a message, or of a compressed packet.
    #[must_use]
    pub fn is_inside_command(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_inside_command(),
            Protocol::X(x) => x.is_inside_command(),
        }
    }

    /// Whether both sides have agreed to compress what they send. In the classic protocol they have once the client has
    /// answered the greeting, and compress from the end of the login on; it is `false` for what isn't followed.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_compressed(),
            Protocol::X(x) => x.is_compressed(),
        }
    }

    /// The text of the prepared statement with this id, as much of it as is kept; `None` if the observer knows no such
    /// statement. In the X Protocol, a statement that isn't SQL is described as by [`in_words`](super::in_words).
    #[must_use]
    pub fn prepared_text(&self, id: u32) -> Option<Bytes> {
        match &self.0 {
            Protocol::Classic(classic) => classic.statements.get(id).map(|found| found.text()),
            Protocol::X(x) => x.prepared.text(id),
        }
    }

    /// The SQL of the prepared statement with this id, as much of it as is kept; `None` if the observer knows no such
    /// statement, and if the statement isn't SQL.
    #[must_use]
    pub fn prepared_sql(&self, id: u32) -> Option<Bytes> {
        match &self.0 {
            Protocol::Classic(_) => self.prepared_text(id),
            Protocol::X(x) => x.prepared.sql(id),
        }
    }

    /// The type that the message of the prepared statement with this id has if it isn't prepared, such as
    /// SQL_STMT_EXECUTE or CRUD_FIND; `None` in the classic protocol, and if the observer knows no such statement.
    #[must_use]
    pub fn prepared_message_type(&self, id: u32) -> Option<ClientMessageType> {
        match &self.0 {
            Protocol::Classic(_) => None,
            Protocol::X(x) => x.prepared.message_type(id),
        }
    }

    /// The ids of the prepared statements of the X Protocol whose texts the observer knows, and whether these are all;
    /// none in the classic protocol.
    #[must_use]
    pub fn known_prepared(&self) -> (Vec<u32>, bool) {
        match &self.0 {
            Protocol::Classic(_) => (Vec::new(), true),
            Protocol::X(x) => x.prepared.known(),
        }
    }

    /// The statement that the server has prepared under this id, in the classic protocol; `None` if there is none.
    /// The result doesn't know which parameters were sent by COM_STMT_SEND_LONG_DATA.
    #[must_use]
    pub fn prepared(&self, id: u32) -> Option<Executed> {
        match &self.0 {
            Protocol::Classic(classic) => classic.statements.get(id),
            Protocol::X(_) => None,
        }
    }

    /// The settings by which the server parses the statement that the client sends next, as far as they are known.
    #[must_use]
    pub fn settings(&self) -> Settings {
        match &self.0 {
            Protocol::Classic(classic) => classic.settings,
            Protocol::X(_) => Settings::of_x(),
        }
    }

    /// The capability flags of the connection, or, before the client has answered the greeting, those that the
    /// server offers; empty before the greeting, and for the X Protocol.
    #[must_use]
    pub fn shared(&self) -> Capabilities {
        match &self.0 {
            Protocol::Classic(classic) => classic.shared,
            Protocol::X(_) => Capabilities::empty(),
        }
    }

    /// Whether the server's stream is between two messages, and the client reads, so that the caller can insert a
    /// message of its own. In the classic protocol it is `false` before the end of the login.
    #[must_use]
    pub fn is_between_messages(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.place_for_error().is_some(),
            Protocol::X(x) => x.is_between_messages(),
        }
    }

    /// The sequence id for an ERR packet that the caller wants to insert into the server's stream at this point: as
    /// an answer, as the end of one, or on its own. `None` before the end of the login, in the middle of a packet or
    /// of a compressed packet, while the client sends a file, and for the X Protocol.
    #[must_use]
    pub fn place_for_error(&self) -> Option<u8> {
        match &self.0 {
            Protocol::Classic(classic) => classic.place_for_error(),
            Protocol::X(_) => None,
        }
    }

    /// How an inserted ERR packet (see [`place_for_error`](Self::place_for_error)) must be compressed, and the sequence
    /// id of its compressed packet. `None` if the connection isn't compressed, and for the X Protocol.
    #[must_use]
    pub fn frame_for_error(&self) -> Option<(Algorithm, u8)> {
        match &self.0 {
            Protocol::Classic(classic) => classic.frame_for_error(),
            Protocol::X(_) => None,
        }
    }

    /// How many bytes are held of the X Protocol, in all.
    #[cfg(feature = "fuzz")]
    pub(crate) fn held(&self) -> usize {
        match &self.0 {
            Protocol::Classic(_) => 0,
            Protocol::X(x) => x.held(),
        }
    }
}
