use std::collections::VecDeque;

use mynah_x::compress::Algorithm;
use mynah_x::connection::Compression;
use mynah_x::{ClientMessageType, Message as _, ServerMessageType};

use super::side::{Cut, Side, whole};
use super::{Answer, Event, Loss, Message, Outcome, Who};
use crate::observe::{Direction, Options};

/// Follows a connection of the X Protocol from the middle, as bytes pass. Each message of a client
/// has its answer, in order; which message of the server ends it depends on what was asked.
#[derive(Debug)]
pub struct Observer {
    pub(super) options: Options,
    pub(super) client: Side,
    pub(super) server: Side,
    pub(super) pending: VecDeque<Box<Answer>>,
    /// How many bytes of what is pending are held.
    pub(super) held: usize,
    pub(super) count: u64,
    pub(super) who: Who,
    /// What the client has set, and the server not yet agreed to.
    pub(super) wants_tls: bool,
    pub(super) wants_compression: Option<Algorithm>,
    pub(super) tls_ends_here: bool,
    pub(super) encrypted: bool,
    is_opaque: bool,
}

impl Observer {
    /// Of a connection that is about to begin. `tls_ends_here` says whether what follows a switch
    /// to TLS is told of in plain.
    #[must_use]
    pub fn new(options: Options, tls_ends_here: bool) -> Self {
        Self {
            options,
            client: Side::default(),
            server: Side::default(),
            pending: VecDeque::new(),
            held: 0,
            count: 0,
            who: Who::default(),
            wants_tls: false,
            wants_compression: None,
            tls_ends_here,
            encrypted: false,
            is_opaque: false,
        }
    }

    /// How many bytes are held, in all.
    #[cfg(feature = "fuzz")]
    pub(crate) fn held(&self) -> usize {
        self.client.held() + self.server.held() + self.held
    }

    /// Takes in what one side has sent.
    pub fn observe(&mut self, from: Direction, bytes: &[u8], see: &mut impl FnMut(Event)) {
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
                Err(_) => return self.lose(Loss::Frame, see),
            }
        }
    }

    /// Whether the client has asked for something that has no answer yet.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        !self.pending.is_empty()
    }

    /// What the client has asked for whose answer has begun and not ended, by its number.
    #[must_use]
    pub fn answering(&self) -> Option<u64> {
        let answer = self.pending.front()?;
        let has_begun = answer.received > 0 || self.server.is_inside();
        has_begun.then_some(answer.number)
    }

    /// Whether nothing is looked at any more.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.is_opaque || self.encrypted
    }

    /// Whether something could be put into the server's stream where it stands.
    #[must_use]
    pub fn is_between_messages(&self) -> bool {
        !self.server.is_inside() && !self.is_opaque()
    }

    /// The connection has ended; what has no answer won't get one.
    pub fn end(&mut self, see: &mut impl FnMut(Event)) {
        self.is_opaque = true;
        self.cut_off(see);
    }

    /// The server has ended the connection, which the client may not know yet: what has no answer
    /// won't get one.
    pub fn cut_off(&mut self, see: &mut impl FnMut(Event)) {
        while let Some(answer) = self.pending.pop_front() {
            self.finish(answer, Outcome::CutOff, see);
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
            // As MySQL reads it.
            Direction::Client => Compression::from_payload_to_end(&cut.payload),
            Direction::Server => Compression::from_payload(&cut.payload),
        };
        let inflated = match (&mut self.side(from).inflate, message) {
            (Some(inflate), Ok(message)) => inflate
                .frames(&message, limit)
                .map_err(|error| error.to_string()),
            (None, _) => Err("nobody has agreed to compress".to_owned()),
            (_, Err(error)) => Err(error.to_string()),
        };
        let inflated = match inflated {
            Ok(frames) => frames,
            Err(reason) => return self.lose(Loss::Compression(reason), see),
        };
        let mut rest = &inflated[..];
        while !rest.is_empty() && !self.is_opaque {
            match whole(&mut rest, hold(self.options, from)) {
                Some(cut) => self.message(from, cut, true, see),
                None => {
                    let reason = "what is in it isn't whole messages".to_owned();
                    return self.lose(Loss::Compression(reason), see);
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
        let tell = self.options.messages.then(|| Message {
            direction,
            message_type: cut.message_type,
            payload: cut.payload.clone(),
            len: cut.len,
            compressed,
            number: None,
        });
        match direction {
            Direction::Client => self.asked(cut, tell, see),
            Direction::Server => self.answered(&cut, tell, see),
        }
    }

    pub(super) fn lose(&mut self, loss: Loss, see: &mut impl FnMut(Event)) {
        self.end(see);
        see(Event::Lost(loss));
    }
}

/// How many bytes of a message of this type are held: of rows none, if only their number counts.
fn hold(options: Options, from: Direction) -> impl Fn(u8) -> usize {
    move |message_type| match (from, ServerMessageType(message_type)) {
        (Direction::Server, ServerMessageType::RESULTSET_ROW) if !options.messages => 0,
        _ => options.max_held,
    }
}
