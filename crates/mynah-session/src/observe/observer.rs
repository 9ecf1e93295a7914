use std::collections::VecDeque;

use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::response::SessionStateChange;
use mynah_wire::DecodeError;
use mynah_wire::compress::Algorithm;

use super::side::{Cut, Direction, Hold, Side};
use super::statements::Statements;
use super::{Answer, Event, Loss, Message, Options, Outcome, What};
use crate::classic::Response;
use crate::sql::Settings;

/// Follows a connection from the middle, as bytes pass, and tells of logins, commands and their
/// answers. How the bytes are cut can't matter; the two directions have to be told of in the order
/// in which they came.
///
/// ```text
/// Greeting --HandshakeV10--> HandshakeResponse --> Authentication --OK--> Command
///                               |          ^
///                           SSLRequest     | tls_is_ended_here()
///                               v          |
///                              Tls --------+
/// ```
/// In `Command`, commands wait in the order of their answers. From every state it may come to
/// `Opaque`, where nothing is looked at any more: under TLS that goes through, after a packet that
/// makes no sense before the login is done, and where another protocol takes over.
#[derive(Debug)]
pub struct Observer {
    pub(super) options: Options,
    pub(super) client: Side,
    pub(super) server: Side,
    pub(super) phase: Phase,
    pub(super) offered: Capabilities,
    pub(super) shared: Capabilities,
    pub(super) zstd_level: u8,
    pub(super) pending: VecDeque<Pending>,
    /// How many bytes the commands that are pending hold.
    pub(super) held: usize,
    pub(super) commands: u64,
    pub(super) statements: Statements,
    /// How the server reads statements from here on.
    pub(super) settings: Settings,
    /// An answer had to be given up: what still comes of it is passed over.
    pub(super) astray: bool,
    /// The command that the client is sending is answered already.
    pub(super) early: bool,
    /// A file was asked for, and its end has not come.
    pub(super) file_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Greeting,
    HandshakeResponse,
    Tls,
    Authentication,
    Command,
    Opaque,
}

#[derive(Debug)]
pub(super) struct Pending {
    pub(super) answer: Box<Answer>,
    pub(super) response: Response,
    /// What the server has told of the session's variables.
    pub(super) changes: Vec<SessionStateChange>,
    /// The sequence id that the first packet of its answer has.
    pub(super) answered_by: u8,
}

impl Observer {
    /// Of a connection that is about to begin.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            client: Side::default(),
            server: Side::default(),
            phase: Phase::Greeting,
            offered: Capabilities::empty(),
            shared: Capabilities::empty(),
            zstd_level: 0,
            pending: VecDeque::new(),
            held: 0,
            commands: 0,
            statements: Statements::default(),
            settings: Settings::default(),
            astray: false,
            early: false,
            file_open: false,
        }
    }

    /// The capabilities in force, as far as they are known.
    #[must_use]
    pub fn shared(&self) -> Capabilities {
        self.shared
    }

    /// Whether commands can be sent: the login is done.
    #[must_use]
    pub fn is_in_command_phase(&self) -> bool {
        self.phase == Phase::Command
    }

    /// Whether nothing is looked at any more.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.phase == Phase::Opaque
    }

    /// Whether the client has sent a command that has no answer yet.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The command whose answer has begun and not ended, by its number.
    #[must_use]
    pub fn answering(&self) -> Option<u64> {
        let answer = &self.pending.front()?.answer;
        let has_begun = answer.received > 0 || self.server.is_inside();
        has_begun.then_some(answer.asked.number)
    }

    /// Which sequence id an error packet would have that is put into the server's stream where it
    /// stands: as an answer, as the end of one, or unasked. Nothing in the middle of a packet or a
    /// frame.
    #[must_use]
    pub fn place_for_error(&self) -> Option<u8> {
        let has_place = self.phase == Phase::Command && !self.server.is_inside();
        let pending = self.pending.front();
        has_place.then(|| pending.map_or(0, |pending| pending.answered_by))
    }

    /// How that packet is compressed, where packets are, and the sequence id of its frame.
    #[must_use]
    pub fn frame_for_error(&self) -> Option<(Algorithm, u8)> {
        let algorithm = self.compression()?;
        let next = match self.pending.front() {
            None => 0,
            Some(pending) if pending.answer.received > 0 => self.server.next_frame()?,
            Some(_) => self.client.next_frame()?,
        };
        Some((algorithm, next))
    }

    /// What was encrypted after the client's SSLRequest is told of in plain: whoever calls this ends
    /// TLS.
    pub fn tls_is_ended_here(&mut self) {
        if self.phase == Phase::Tls {
            self.phase = Phase::HandshakeResponse;
        }
    }

    /// Takes in what one side has sent.
    pub fn observe(&mut self, from: Direction, bytes: &[u8], see: &mut impl FnMut(Event)) {
        let mut rest = bytes;
        loop {
            match self.phase {
                Phase::Opaque => return,
                Phase::Tls if !rest.is_empty() => return self.lose(Loss::Encrypted, see),
                _ => {}
            }
            if from == Direction::Server {
                self.pass_rows(&mut rest);
            }
            let hold = self.hold(from);
            let side = match from {
                Direction::Client => &mut self.client,
                Direction::Server => &mut self.server,
            };
            match (side.next(&mut rest, hold), from) {
                (Ok(Some(cut)), Direction::Client) => self.take_from_client(cut, see),
                (Ok(Some(cut)), Direction::Server) => self.take_from_server(cut, see),
                (Ok(None), _) => return,
                (Err(error), _) => {
                    let reason = error.kind.to_string();
                    return self.lose(Loss::Frame(reason), see);
                }
            }
        }
    }

    /// The connection has ended; commands without an answer won't get one.
    pub fn end(&mut self, see: &mut impl FnMut(Event)) {
        self.phase = Phase::Opaque;
        self.cut_off(see);
    }

    /// The server has ended the connection, which the client may not know yet: commands without an
    /// answer won't get one.
    pub fn cut_off(&mut self, see: &mut impl FnMut(Event)) {
        while let Some(pending) = self.pending.pop_front() {
            self.finish(pending, Outcome::CutOff, see);
        }
    }

    fn hold(&self, from: Direction) -> Hold {
        let most = self.options.max_held;
        let front = self.pending.front().map(|pending| &pending.response);
        match from {
            _ if self.options.messages => Hold::All(most),
            Direction::Client if front.is_some_and(Response::wants_file) => Hold::Nothing,
            Direction::Server if front.is_some_and(Response::is_told_by_first_byte) => {
                Hold::Ends(most)
            }
            _ => Hold::All(most),
        }
    }

    fn take_from_client(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        match self.phase {
            Phase::HandshakeResponse => self.handshake_response(&cut, see),
            Phase::Authentication => self.tell_of_client(cut, What::AuthResponse, see),
            Phase::Command => self.in_command_phase(cut, see),
            Phase::Greeting | Phase::Tls | Phase::Opaque => {
                self.tell_of_client(cut, What::Unasked, see);
            }
        }
    }

    fn take_from_server(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        match self.phase {
            Phase::Greeting => self.greeting(&cut, see),
            Phase::HandshakeResponse | Phase::Authentication => self.authentication(&cut, see),
            Phase::Command => self.answer(cut, see),
            Phase::Tls | Phase::Opaque => {}
        }
    }

    pub(super) fn lose(&mut self, loss: Loss, see: &mut impl FnMut(Event)) {
        self.end(see);
        see(Event::Lost(loss));
    }

    pub(super) fn tell_of_client(&self, cut: Cut, what: What, see: &mut impl FnMut(Event)) {
        if self.options.messages {
            let command = self.pending.front().map(|front| front.answer.asked.number);
            see(Event::Message(message(
                Direction::Client,
                cut,
                what,
                command,
            )));
        }
    }

    pub(super) fn tell_of_server(&self, cut: &Cut, what: What, see: &mut impl FnMut(Event)) {
        self.tell(Direction::Server, cut, what, see);
    }

    pub(super) fn tell(
        &self,
        direction: Direction,
        cut: &Cut,
        what: What,
        see: &mut impl FnMut(Event),
    ) {
        if self.options.messages {
            see(Event::Message(Message {
                direction,
                sequence_id: cut.sequence_id,
                payload: cut.payload.clone(),
                len: cut.len,
                what,
                command: None,
            }));
        }
    }
}

pub(super) fn is(pending: &Pending, code: CommandCode) -> bool {
    pending.answer.asked.code == code
}

pub(super) fn message(direction: Direction, cut: Cut, what: What, command: Option<u64>) -> Message {
    Message {
        direction,
        sequence_id: cut.sequence_id,
        payload: cut.payload,
        len: cut.len,
        what,
        command,
    }
}

/// The end of a login that can't be read, or the start of one.
pub(super) fn undecodable(error: &DecodeError) -> What {
    What::Undecodable(error.clone())
}

pub(super) const COMPRESSION: Capabilities =
    Capabilities::COMPRESS.union(Capabilities::ZSTD_COMPRESSION_ALGORITHM);
