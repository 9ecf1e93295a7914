use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_wire::{Header, PacketHeader, Scanner};
use mynah_x::{ClientMessageType, FrameHeader};

use super::answer::{Answer, Asked};
use super::command::{GateCommand, Prepared, is_command};
use super::release::Held;
use super::{Decision, Gate};

/// Cuts a client's bytes into commands, and has a gate decide on each. Time comes in as a value,
/// and bytes stay with the caller until they pass or are dropped.
pub(crate) struct Gatekeeper {
    gate: Option<Box<dyn Gate>>,
    framing: Framing,
    state: State,
    /// The statement that the next command executes.
    executed: Option<Prepared>,
}

/// The state of the command that comes next, or has begun.
///
/// ```text
/// Between --no command, or nothing is known of them--> Passing
///         --a command while an answer is due--> Between: it is decided later
///         --Pass, or a fault is due--> Passing
///         --Answer, Refuse--> Dropping
///         --Answer after a time--> Delayed --its time has come--> Dropping
///         --Delay--> Delayed --its time has come--> Passing
///         --Hold--> Held --released--> as it is decided then
/// Passing, Dropping --its last byte--> Between
/// ```
#[derive(Debug)]
enum State {
    Between,
    Passing,
    Dropping(Answer),
    /// Waits until this time. The command is then answered with the reply, or forwarded if there is none.
    Delayed(Instant, Option<Answer>),
    Held(Held, Asked),
}

/// Where a connection stands, as far as an observer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No commands can be recognized, as during the login or after encryption: what the client sends passes.
    Opaque,
    /// An answer to an earlier command is due; the next command is decided after it.
    AnswerDue,
    /// The next command can be decided. The capability flags are those of the connection.
    Ready(Capabilities),
}

/// The decision on the bytes at hand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// This many bytes pass.
    Pass(usize),
    /// This many bytes are dropped, and the client gets these as the answer.
    Drop(usize, Bytes),
    /// More bytes are needed before a decision.
    More,
    /// None for now; look again at this time, or when an event comes.
    Wait(Option<Instant>),
}

impl Gatekeeper {
    pub(crate) fn new(gate: Box<dyn Gate>, is_x: bool) -> Self {
        Self {
            gate: Some(gate),
            ..Self::without_gate(is_x)
        }
    }

    /// One that only cuts: all commands pass, unless a fault is due.
    pub(crate) fn without_gate(is_x: bool) -> Self {
        Self {
            gate: None,
            framing: match is_x {
                true => Framing::X(Scanner::new()),
                false => Framing::Classic(Scanner::new()),
            },
            state: State::Between,
            executed: None,
        }
    }

    /// Whether it has no gate, and the client's bytes so far ended with a command.
    pub(crate) fn is_dispensable(&self) -> bool {
        self.gate.is_none() && self.is_between()
    }

    /// Whether the bytes so far ended with a command.
    pub(crate) fn is_between(&self) -> bool {
        matches!(self.state, State::Between) && !self.framing.is_inside()
    }

    /// Asks for the fault of the command that begins here, if it can be decided on. Where one is due, the command
    /// passes the gate undecided.
    pub(crate) fn due<T>(
        &mut self,
        bytes: &[u8],
        standing: Standing,
        fault: impl FnOnce(&GateCommand<'_>) -> Option<T>,
    ) -> Option<T> {
        let Standing::Ready(shared) = standing else {
            return None;
        };
        if !self.is_between() {
            return None;
        }
        let Begun::Command(command) = self.framing.begun(bytes, shared) else {
            return None;
        };
        // If a fault is due, the command counts as decided: the gate isn't asked about it.
        let due = fault(&command)?;
        self.state = State::Passing;
        Some(due)
    }

    /// Notes which statement the command that begins here executes, if it can be decided on.
    pub(crate) fn note_executed(
        &mut self,
        bytes: &[u8],
        standing: Standing,
        prepared: impl FnOnce(u32) -> Option<Prepared>,
    ) {
        let Standing::Ready(shared) = standing else {
            return;
        };
        if self.gate.is_none() || !self.is_between() {
            return;
        }
        if let Begun::Command(command) = self.framing.begun(bytes, shared) {
            self.executed = command.executed_id().and_then(prepared);
        }
    }

    /// Decides on these bytes, of which there is one at least. They start where the last ones that
    /// passed or were dropped ended.
    pub(crate) fn admit(&mut self, bytes: &[u8], standing: Standing, now: Instant) -> Admitted {
        match self.state {
            State::Between if standing == Standing::Opaque => {
                self.framing.follow(bytes);
                return Admitted::Pass(bytes.len());
            }
            // Its beginning has passed unseen.
            State::Between if self.framing.is_inside() => self.state = State::Passing,
            State::Between => {
                return match self.begin(bytes, standing, now) {
                    Some(admitted) => admitted,
                    None => self.admit(bytes, standing, now),
                };
            }
            State::Delayed(until, _) if now < until => return Admitted::Wait(Some(until)),
            State::Delayed(_, ref mut answer) => {
                self.state = answer.take().map_or(State::Passing, State::Dropping);
            }
            State::Held(..) => return Admitted::Wait(None),
            State::Passing | State::Dropping(_) => {}
        }
        // The command is decided: its bytes pass or are dropped as they arrive, up to the end of its last packet.
        let (len, last) = self.framing.next(bytes);
        let Some(sequence_id) = last else {
            return match self.state {
                State::Dropping(_) => Admitted::Drop(len, Bytes::new()),
                _ => Admitted::Pass(len),
            };
        };
        match std::mem::replace(&mut self.state, State::Between) {
            State::Dropping(answer) => Admitted::Drop(len, answer.after(sequence_id)),
            _ => Admitted::Pass(len),
        }
    }

    /// Decides a command that was held back, if it is to be decided by now; says whether it was.
    pub(crate) fn poll_held(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<()> {
        let State::Held(held, asked) = &mut self.state else {
            return Poll::Pending;
        };
        let asked = *asked;
        held.poll(cx).map(|decision| {
            self.state = State::decided(decision, asked, now);
        })
    }

    /// Decides on the command that begins here; `None` if the decision is made already.
    fn begin(&mut self, bytes: &[u8], standing: Standing, now: Instant) -> Option<Admitted> {
        let shared = match standing {
            Standing::Ready(shared) => Some(shared),
            Standing::Opaque | Standing::AnswerDue => None,
        };
        let begun = self
            .framing
            .begun(bytes, shared.unwrap_or(Capabilities::empty()));
        self.state = match (begun, shared) {
            (Begun::More, _) => return Some(Admitted::More),
            (Begun::NoCommand, _) => State::Passing,
            // An answer of the gate would overtake the server's answer that is still due.
            (Begun::Command(_), None) => return Some(Admitted::Wait(None)),
            (Begun::Command(mut command), Some(shared)) => {
                if let Some(executed) = self.executed.take() {
                    command.set_executed(executed);
                }
                let asked = Asked {
                    kind: command.kind(),
                    shared,
                    x: command.x_form(),
                };
                match &mut self.gate {
                    None => State::Passing,
                    Some(gate) => State::decided(gate.decide(&command), asked, now),
                }
            }
        };
        None
    }
}

impl State {
    fn decided(decision: Decision, asked: Asked, now: Instant) -> Self {
        match decision {
            Decision::Pass => Self::Passing,
            Decision::Answer(reply) if reply.exec_time.is_zero() => {
                Self::Dropping(Answer::new(asked, reply))
            }
            Decision::Answer(reply) => {
                let until = now + reply.exec_time.min(LONGEST);
                Self::Delayed(until, Some(Answer::new(asked, reply)))
            }
            Decision::Refuse(failure) => Self::Dropping(Answer::failure(asked, failure)),
            Decision::Delay(time) => Self::Delayed(now + time.min(LONGEST), None),
            Decision::Hold(held) => Self::Held(held, asked),
        }
    }
}

impl std::fmt::Debug for Gatekeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gatekeeper")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// How the client's stream is cut.
#[derive(Debug)]
enum Framing {
    Classic(Scanner<PacketHeader>),
    X(Scanner<FrameHeader>),
}

/// How a packet, or a message, begins.
enum Begun<'a> {
    /// More bytes of the command are needed.
    More,
    /// No command begins here: the bytes continue one, or belong to a login.
    NoCommand,
    Command(GateCommand<'a>),
}

impl Framing {
    fn is_inside(&self) -> bool {
        match self {
            Self::Classic(packets) => packets.is_inside(),
            Self::X(frames) => frames.is_inside(),
        }
    }

    /// Follows the boundaries of bytes that pass without a decision.
    fn follow(&mut self, mut bytes: &[u8]) {
        match self {
            Self::Classic(packets) => while packets.next(&mut bytes).is_some() {},
            Self::X(frames) => while frames.next(&mut bytes).is_some() {},
        }
    }

    /// How many of these bytes belong to the current command, and its last sequence id if it ends among them.
    fn next(&mut self, bytes: &[u8]) -> (usize, Option<u8>) {
        let mut rest = bytes;
        let last = loop {
            match self {
                Self::Classic(packets) => match packets.next(&mut rest) {
                    None => break None,
                    // A packet of 2²⁴−1 bytes is continued by the next one ("Sending More Than 16Mb").
                    Some(part) if part.is_last && !part.header.is_continued() => {
                        break Some(part.header.sequence_id);
                    }
                    Some(_) => {}
                },
                Self::X(frames) => match frames.next(&mut rest) {
                    None => break None,
                    Some(part) if part.is_last => break Some(0),
                    Some(_) => {}
                },
            }
        };
        (bytes.len() - rest.len(), last)
    }

    /// The command that begins here, if one does.
    fn begun<'a>(&self, bytes: &'a [u8], shared: Capabilities) -> Begun<'a> {
        let command = match self {
            Self::Classic(_) => match PacketHeader::split(bytes) {
                None => return Begun::More,
                // A command begins with sequence id 0 ("Sequence ID"). Other ids belong to a login or to a file,
                // and an empty packet ends a file.
                Some((header, _)) if header.sequence_id != 0 || header.len == 0 => None,
                Some((header, after)) => match after.get(..header.len.min(LOOKED_AT)) {
                    None => return Begun::More,
                    Some(payload) => GateCommand::classic(payload, header.len, shared),
                },
            },
            Self::X(_) => match FrameHeader::split(bytes) {
                None => return Begun::More,
                Some((header, after)) => {
                    let len = header.payload_len();
                    let message_type = after.first().map(|first| ClientMessageType(*first));
                    match (after.get(..len.min(LOOKED_AT)), message_type) {
                        // A frame without a type is no message; the server refuses it.
                        _ if len == 0 => None,
                        (_, Some(message_type)) if !is_command(message_type) => None,
                        (None, _) => return Begun::More,
                        (Some(message), _) => GateCommand::x(message, len),
                    }
                }
            },
        };
        command.map_or(Begun::NoCommand, Begun::Command)
    }
}

/// A command isn't delayed for longer: a year.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How much of a command is there when it is decided.
const LOOKED_AT: usize = 64 * 1024;
