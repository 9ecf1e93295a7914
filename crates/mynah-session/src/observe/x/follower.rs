use std::time::Instant;

use bytes::Bytes;
use mynah_x::compress::Algorithm;
use mynah_x::connection::Compression;
use mynah_x::{ClientMessageType, Message as _, ServerMessageType};

use super::prepared::Prepared;
use super::side::{Cut, Side, whole};
use crate::observe::identity::Identity;
use crate::observe::waiting::Waiting;
use crate::observe::{Direction, Event, Loss, Message, MessageKind, Options, Outcome};

/// Follows a connection of the X Protocol. Each message of a client is a command and has its answer,
/// in order; which message of the server ends it depends on the command.
#[derive(Debug)]
pub(in crate::observe) struct Follower {
    pub(in crate::observe) options: Options,
    pub(super) client: Side,
    pub(super) server: Side,
    pub(in crate::observe) waiting: Waiting<()>,
    pub(super) identity: Identity,
    pub(in crate::observe) prepared: Prepared,
    /// The authentication method that the client has begun with.
    pub(super) method: Bytes,
    /// What the client has set, and the server not yet agreed to.
    pub(super) wants_tls: bool,
    pub(super) wants_compression: Option<Algorithm>,
    pub(super) tls_ends_here: bool,
    pub(super) encrypted: bool,
    is_opaque: bool,
}

impl Follower {
    /// `tls_ends_here` says whether what follows a switch to TLS is shown in plain.
    pub(in crate::observe) fn new(options: Options, tls_ends_here: bool, now: Instant) -> Self {
        Self {
            options,
            client: Side::default(),
            server: Side::default(),
            waiting: Waiting::new(now),
            identity: Identity::default(),
            prepared: Prepared::default(),
            method: Bytes::new(),
            wants_tls: false,
            wants_compression: None,
            tls_ends_here,
            encrypted: false,
            is_opaque: false,
        }
    }

    /// How many bytes are held, in all.
    #[cfg(feature = "fuzz")]
    pub(in crate::observe) fn held(&self) -> usize {
        self.client.held() + self.server.held() + self.waiting.held()
    }

    /// Takes in what one side has sent.
    pub(in crate::observe) fn observe(
        &mut self,
        from: Direction,
        bytes: &[u8],
        now: Instant,
        see: &mut impl FnMut(Event),
    ) {
        self.waiting.set_now(now);
        self.cut(from, bytes, see);
        if from == Direction::Server {
            self.waiting.note_first_byte(self.server.is_inside());
        }
    }

    fn cut(&mut self, from: Direction, bytes: &[u8], see: &mut impl FnMut(Event)) {
        let mut rest = bytes;
        loop {
            if self.is_opaque || rest.is_empty() {
                return;
            }
            if self.encrypted {
                return self.lose(Loss::Encrypted, see);
            }
            let hold = hold(self.options, from);
            match self.side(from).next(&mut rest, hold) {
                Ok(Some(cut)) => self.take(from, cut, see),
                Ok(None) => return,
                Err(_) => return self.lose(Loss::NoType, see),
            }
        }
    }

    /// Whether the connection isn't followed any more.
    pub(in crate::observe) fn is_opaque(&self) -> bool {
        self.is_opaque || self.encrypted
    }

    /// Whether the client is in the middle of a message.
    pub(in crate::observe) fn is_inside_command(&self) -> bool {
        self.client.is_inside()
    }

    /// Whether no command is open, and neither side is in the middle of a message.
    pub(in crate::observe) fn is_at_rest(&self) -> bool {
        let is_inside = self.client.is_inside() || self.server.is_inside();
        self.is_opaque() || (!is_inside && self.waiting.is_empty())
    }

    /// Whether a compression was agreed on.
    pub(in crate::observe) fn is_compressed(&self) -> bool {
        self.client.inflate.is_some()
    }

    /// Whether something could be put into the server's stream where it stands.
    pub(in crate::observe) fn is_between_messages(&self) -> bool {
        !self.server.is_inside() && !self.is_opaque()
    }

    /// The connection has ended; what has no answer won't get one.
    pub(in crate::observe) fn end(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        self.is_opaque = true;
        self.cut_off(now, see);
    }

    /// The server has ended the connection, which the client may not know yet: what has no answer
    /// won't get one.
    pub(in crate::observe) fn cut_off(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        self.waiting.set_now(now);
        self.give_up(see);
    }

    fn give_up(&mut self, see: &mut impl FnMut(Event)) {
        while let Some(pending) = self.waiting.pop() {
            self.finish(pending, Outcome::CutOff, see);
        }
    }

    fn side(&mut self, of: Direction) -> &mut Side {
        match of {
            Direction::Client => &mut self.client,
            Direction::Server => &mut self.server,
        }
    }

    fn take(&mut self, from: Direction, cut: Cut, see: &mut impl FnMut(Event)) {
        let compression = match from {
            Direction::Client => ClientMessageType::COMPRESSION.0,
            Direction::Server => ServerMessageType::COMPRESSION.0,
        };
        if cut.message_type != compression {
            return self.message(from, cut, false, see);
        }
        let limit = self.options.max_held.saturating_mul(4);
        let message = match from {
            // As MySQL reads it: all bytes behind the payload's tag, whatever its length says.
            Direction::Client => Compression::from_payload_to_end(&cut.payload),
            Direction::Server => Compression::from_payload(&cut.payload),
        };
        let inflated = match (&mut self.side(from).inflate, message) {
            (Some(inflate), Ok(message)) => inflate
                .frames(&message, limit)
                .map_err(|error| error.to_string()),
            (None, _) => Err("no compression was agreed on".to_owned()),
            (_, Err(error)) => Err(error.to_string()),
        };
        let inflated = match inflated {
            Ok(frames) => frames,
            Err(reason) => return self.lose(Loss::CompressedMessage(reason), see),
        };
        let mut rest = &inflated[..];
        while !rest.is_empty() && !self.is_opaque {
            match whole(&mut rest, hold(self.options, from)) {
                Some(cut) => self.message(from, cut, true, see),
                None => {
                    let reason = "what is in it isn't whole messages".to_owned();
                    return self.lose(Loss::CompressedMessage(reason), see);
                }
            }
        }
    }

    fn message(
        &mut self,
        direction: Direction,
        cut: Cut,
        compressed: bool,
        see: &mut impl FnMut(Event),
    ) {
        let message = self.options.messages.then(|| Message {
            direction,
            payload: cut.payload.clone(),
            len: cut.len,
            command: None,
            kind: MessageKind::X {
                message_type: cut.message_type,
                compressed,
            },
        });
        match direction {
            Direction::Client => self.asked(cut, message, see),
            Direction::Server => self.answered(&cut, message, see),
        }
    }

    pub(super) fn lose(&mut self, loss: Loss, see: &mut impl FnMut(Event)) {
        self.is_opaque = true;
        self.give_up(see);
        see(Event::Lost(loss));
    }
}

/// How many bytes to keep of a message of this type; none of rows if they are only counted.
fn hold(options: Options, from: Direction) -> impl Fn(u8) -> usize {
    move |message_type| match (from, ServerMessageType(message_type)) {
        (Direction::Server, ServerMessageType::RESULTSET_ROW) if !options.messages => 0,
        _ => options.max_held,
    }
}
