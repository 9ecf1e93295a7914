use std::time::Instant;

use mynah_classic::Capabilities;
use mynah_wire::compress::Algorithm;

use super::{Direction, Event, Options, classic, x};

/// Follows a connection from its middle as bytes pass. Its events are logins, commands and their
/// answers. How the bytes are cut doesn't matter, but the bytes of both directions must be given in the order
/// in which they came.
#[derive(Debug)]
pub struct Observer(Protocol);

/// What is spoken, and how it is followed.
#[derive(Debug)]
enum Protocol {
    Classic(Box<classic::Follower>),
    X(Box<x::Follower>),
}

impl Observer {
    /// Follows a connection of the classic protocol that begins now.
    #[must_use]
    pub fn classic(options: Options, now: Instant) -> Self {
        Self(Protocol::Classic(Box::new(classic::Follower::new(
            options, now,
        ))))
    }

    /// Follows a connection of the X Protocol. `tls_ends_here` says whether the bytes behind a switch to TLS are
    /// given decrypted.
    #[must_use]
    pub fn x(options: Options, tls_ends_here: bool, now: Instant) -> Self {
        let follower = x::Follower::new(options, tls_ends_here, now);
        Self(Protocol::X(Box::new(follower)))
    }

    /// Takes in what one side has sent, and when it came.
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

    /// The connection has ended; commands without an answer won't get one.
    pub fn end(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        match &mut self.0 {
            Protocol::Classic(classic) => classic.end(now, see),
            Protocol::X(x) => x.end(now, see),
        }
    }

    /// The server has ended the connection, which the client may not know yet: commands without an
    /// answer won't get one.
    pub fn cut_off(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        match &mut self.0 {
            Protocol::Classic(classic) => classic.cut_off(now, see),
            Protocol::X(x) => x.cut_off(now, see),
        }
    }

    /// From here on the caller terminates TLS, and gives decrypted bytes. Called after the client's SSLRequest.
    pub fn begin_decrypted(&mut self) {
        if let Protocol::Classic(classic) = &mut self.0 {
            classic.begin_decrypted();
        }
    }

    /// Whether it is the X Protocol that is followed.
    #[must_use]
    pub fn is_x(&self) -> bool {
        matches!(self.0, Protocol::X(_))
    }

    /// Whether the connection isn't followed any more.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_opaque(),
            Protocol::X(x) => x.is_opaque(),
        }
    }

    /// Whether the client has sent a command that has no answer yet.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => !classic.waiting.is_empty(),
            Protocol::X(x) => !x.waiting.is_empty(),
        }
    }

    /// Whether commands of the classic protocol can be sent: the login is done.
    #[must_use]
    pub fn is_in_command_phase(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.is_in_command_phase(),
            Protocol::X(_) => false,
        }
    }

    /// The capabilities in force, as far as they are known; none by the X Protocol.
    #[must_use]
    pub fn shared(&self) -> Capabilities {
        match &self.0 {
            Protocol::Classic(classic) => classic.shared,
            Protocol::X(_) => Capabilities::empty(),
        }
    }

    /// Whether the server's stream is between two messages, so that the caller may put in one of its own.
    #[must_use]
    pub fn is_between_messages(&self) -> bool {
        match &self.0 {
            Protocol::Classic(classic) => classic.place_for_error().is_some(),
            Protocol::X(x) => x.is_between_messages(),
        }
    }

    /// The sequence id for an error packet of the caller's own, to be put into the server's stream at this
    /// place: as an answer, as the end of one, or unasked. `None` in the middle of a packet or a
    /// frame, and for the X Protocol.
    #[must_use]
    pub fn place_for_error(&self) -> Option<u8> {
        match &self.0 {
            Protocol::Classic(classic) => classic.place_for_error(),
            Protocol::X(_) => None,
        }
    }

    /// How that packet is compressed, where packets are, and the sequence id of its frame.
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
