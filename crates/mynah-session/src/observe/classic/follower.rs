use std::time::Instant;

use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::response::SessionStateChange;
use mynah_wire::DecodeError;
use mynah_wire::compress::Algorithm;

use crate::classic::Response;
use crate::observe::identity::Identity;
use crate::observe::side::{Cut, Direction, Hold, Side};
use crate::observe::statements::Statements;
use crate::observe::waiting::{self, Waiting};
use crate::observe::{CommandKind, Event, Loss, Message, MessageKind, Options, Outcome, What};
use crate::sql::Settings;

/// Follows a connection of the classic protocol.
///
/// ```text
/// Greeting --HandshakeV10--> HandshakeResponse --> Authentication --OK--> Command
///                               |          ^
///                           SSLRequest     | begin_decrypted()
///                               v          |
///                              Tls --------+
/// ```
/// In `Command`, commands wait in the order of their answers. From every state it may come to
/// `Opaque`, where nothing is looked at any more: under TLS that goes through, after a packet that
/// makes no sense before the login is done, and where another protocol takes over.
#[derive(Debug)]
pub(in crate::observe) struct Follower {
    pub(in crate::observe) options: Options,
    pub(super) client: Side,
    pub(super) server: Side,
    pub(super) phase: Phase,
    /// The capabilities in force: until the client has answered the greeting, those that the server
    /// offers.
    pub(in crate::observe) shared: Capabilities,
    pub(super) zstd_level: u8,
    pub(in crate::observe) waiting: Waiting<Following>,
    pub(super) identity: Identity,
    pub(in crate::observe) statements: Statements,
    /// How the server reads statements from here on.
    pub(in crate::observe) settings: Settings,
    /// The server's default collation, which is that of clients whose collation it doesn't know.
    pub(super) default_collation: u16,
    /// An answer couldn't be understood: the rest of it is passed over.
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

/// A command that waits for its answer.
pub(super) type Pending = waiting::Pending<Following>;

/// How the answer to a command is followed.
#[derive(Debug)]
pub(in crate::observe) struct Following {
    pub(super) response: Response,
    /// Changes of the session's variables that the server has reported.
    pub(super) changes: Vec<SessionStateChange>,
    /// Whether it is a statement that may change how those behind it are read.
    pub(super) may_change_settings: bool,
    /// The sequence id that the first packet of its answer has.
    pub(super) answered_by: u8,
    /// The sequence id behind that of the client's last frame, where there are frames. `None` once the server has sent
    /// something since.
    pub(super) answering_frame: Option<u8>,
}

impl Follower {
    pub(in crate::observe) fn new(options: Options, now: Instant) -> Self {
        Self {
            options,
            client: Side::default(),
            server: Side::default(),
            phase: Phase::Greeting,
            shared: Capabilities::empty(),
            zstd_level: 0,
            waiting: Waiting::new(now),
            identity: Identity::default(),
            statements: Statements::default(),
            settings: Settings::default(),
            default_collation: 0,
            astray: false,
            early: false,
            file_open: false,
        }
    }

    /// Whether the end of the login was seen, so that commands can be sent; `false` if the connection isn't followed
    /// any more.
    pub(in crate::observe) fn is_in_command_phase(&self) -> bool {
        self.phase == Phase::Command
    }

    /// Whether the connection isn't followed any more.
    pub(in crate::observe) fn is_opaque(&self) -> bool {
        self.phase == Phase::Opaque
    }

    /// Whether no command is open, and neither side is in the middle of a packet.
    pub(in crate::observe) fn is_at_rest(&self) -> bool {
        let is_inside = self.client.is_inside() || self.server.is_inside();
        let has_open = !self.waiting.is_empty() || self.file_open || self.early;
        self.is_opaque() || !(is_inside || has_open)
    }

    /// Whether the client is in the middle of a packet, or of a frame.
    pub(in crate::observe) fn is_inside_command(&self) -> bool {
        self.client.is_inside()
    }

    /// Whether packets travel in compressed frames, or will from the end of the login on.
    pub(in crate::observe) fn is_compressed(&self) -> bool {
        // Before, `shared` has what the server offers.
        let has_answered = matches!(self.phase, Phase::Authentication | Phase::Command);
        has_answered && self.compression().is_some()
    }

    /// Which sequence id an error packet would have that is put into the server's stream where it
    /// stands: as an answer, as the end of one, or unasked. Nothing in the middle of a packet or a
    /// frame, and while the client sends a file.
    pub(in crate::observe) fn place_for_error(&self) -> Option<u8> {
        // Before the login is done, and inside of a packet, an error would be read as something else.
        // A client that sends a file doesn't read until it has sent all of it, and then expects a later sequence id.
        let has_place = self.phase == Phase::Command && !self.server.is_inside() && !self.file_open;
        let pending = self.waiting.front();
        has_place.then(|| pending.map_or(0, |pending| pending.by.answered_by))
    }

    /// How that packet is compressed, where packets are, and the sequence id of its frame.
    pub(in crate::observe) fn frame_for_error(&self) -> Option<(Algorithm, u8)> {
        let algorithm = self.compression()?;
        // Compressed frames have a numbering of their own, which follows the side that sent last.
        let next = match self.waiting.front() {
            None => 0,
            Some(pending) => match pending.by.answering_frame {
                Some(next) => next,
                None => self.server.next_frame()?,
            },
        };
        Some((algorithm, next))
    }

    /// From here on the caller terminates TLS, and gives decrypted bytes.
    pub(in crate::observe) fn begin_decrypted(&mut self) {
        if self.phase == Phase::Tls {
            self.phase = Phase::HandshakeResponse;
        }
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
        self.take(from, bytes, see);
        if from == Direction::Server {
            self.waiting.note_first_byte(self.server.is_inside());
        }
    }

    fn take(&mut self, from: Direction, bytes: &[u8], see: &mut impl FnMut(Event)) {
        // Each round cuts one message off the bytes, and may change the phase: what follows is then read in
        // the new one. Bytes of a message that isn't complete are kept in `Side`, so the loop ends with all
        // bytes used.
        let mut rest = bytes;
        loop {
            match self.phase {
                Phase::Opaque => return,
                // What follows an SSLRequest is TLS. Unless the caller decrypts it, no more can be seen.
                Phase::Tls if !rest.is_empty() => return self.lose(Loss::Encrypted, see),
                _ => {}
            }
            if from == Direction::Server {
                // Most bytes of most connections are rows, so these are counted without a cut each.
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
                    return self.lose(Loss::CompressedFrame(reason), see);
                }
            }
        }
    }

    /// The connection has ended; commands without an answer won't get one.
    pub(in crate::observe) fn end(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        self.phase = Phase::Opaque;
        self.cut_off(now, see);
    }

    /// The server has ended the connection, which the client may not know yet: commands without an
    /// answer won't get one.
    pub(in crate::observe) fn cut_off(&mut self, now: Instant, see: &mut impl FnMut(Event)) {
        self.waiting.set_now(now);
        self.give_up(see);
    }

    /// Stops following: from here on all bytes are passed over.
    pub(super) fn close(&mut self, see: &mut impl FnMut(Event)) {
        self.phase = Phase::Opaque;
        self.give_up(see);
    }

    fn give_up(&mut self, see: &mut impl FnMut(Event)) {
        while let Some(pending) = self.waiting.pop() {
            self.finish(pending, Outcome::CutOff, see);
        }
    }

    fn hold(&self, from: Direction) -> Hold {
        let most = self.options.max_held;
        let front = self.waiting.front().map(|pending| &pending.by.response);
        match from {
            _ if self.options.messages => Hold::All(most),
            Direction::Client if front.is_some_and(Response::wants_file) => Hold::Nothing,
            Direction::Server if front.is_some_and(Response::is_known_by_first_byte) => {
                Hold::Ends(most)
            }
            _ => Hold::All(most),
        }
    }

    fn take_from_client(&mut self, cut: Cut, see: &mut impl FnMut(Event)) {
        match self.phase {
            Phase::HandshakeResponse => self.handshake_response(&cut, see),
            Phase::Authentication => self.emit_from_client(cut, What::AuthResponse, see),
            Phase::Command => self.in_command_phase(cut, see),
            Phase::Greeting | Phase::Tls | Phase::Opaque => {
                self.emit_from_client(cut, What::Unasked, see);
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
        self.close(see);
        see(Event::Lost(loss));
    }

    pub(super) fn emit_from_client(&self, cut: Cut, what: What, see: &mut impl FnMut(Event)) {
        if self.options.messages {
            let command = self.waiting.number();
            see(self.message(Direction::Client, cut, what, command));
        }
    }

    pub(super) fn emit_from_server(&self, cut: &Cut, what: What, see: &mut impl FnMut(Event)) {
        self.emit(Direction::Server, cut, what, see);
    }

    pub(super) fn emit(
        &self,
        direction: Direction,
        cut: &Cut,
        what: What,
        see: &mut impl FnMut(Event),
    ) {
        if self.options.messages {
            let kind = self.kind(cut, what);
            see(Event::Message(Message {
                direction,
                payload: cut.payload.clone(),
                len: cut.len,
                command: None,
                kind,
            }));
        }
    }

    pub(super) fn message(
        &self,
        direction: Direction,
        cut: Cut,
        what: What,
        command: Option<u64>,
    ) -> Event {
        let kind = self.kind(&cut, what);
        Event::Message(Message {
            direction,
            payload: cut.payload,
            len: cut.len,
            command,
            kind,
        })
    }

    fn kind(&self, cut: &Cut, what: What) -> MessageKind {
        MessageKind::Classic {
            sequence_id: cut.sequence_id,
            what,
            capabilities: self.shared,
        }
    }
}

pub(super) fn is(pending: &Pending, code: CommandCode) -> bool {
    pending.answer.command.kind == CommandKind::Classic(code)
}

/// The end of a login that can't be read, or the start of one.
pub(super) fn undecodable(error: &DecodeError) -> What {
    What::Undecodable(error.clone())
}

pub(super) const COMPRESSION: Capabilities =
    Capabilities::COMPRESS.union(Capabilities::ZSTD_COMPRESSION_ALGORITHM);
