use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::connection::HandshakeResponse;
use mynah_session::observe::{
    self, Answer, Command, CommandKind, Direction, LoginAttempt, Message, MessageKind, What,
};
use mynah_wire::Message as _;

use super::job::{Job, Login, Task};
use super::lane::{LaneSender, Refused};
use super::open_lane::OpenLane;
use super::running::Mirror;
use super::skipped::skipped;
use super::target::MirrorTarget;
use crate::record::{ConnectionRecorder, HeldEntry};
use crate::subscribe::{Connection, Event, Seen, Subscriber};

/// A client's connection whose commands a second server gets, too.
#[derive(Debug)]
pub(crate) struct MirroredConnection {
    mirror: Mirror,
    target: MirrorTarget,
    recorder: ConnectionRecorder,
    /// The commands in the order in which they were sent, from the first one without a whole answer on.
    commands: VecDeque<Sent>,
    login: LoginAttempt,
    /// The collation that the client has asked for at its login.
    character_set: u8,
    /// The capability flags that are in force on the client's connection.
    shared: Capabilities,
    lane: Lane,
}

#[derive(Debug)]
enum Lane {
    /// The client has not logged in.
    None,
    Open(LaneSender),
    /// What follows isn't compared, for this reason.
    Ended(String),
}

/// A command that the client has sent.
#[derive(Debug)]
struct Sent {
    number: u64,
    entries: Vec<HeldEntry>,
    /// What the client has sent of a file.
    file: BytesMut,
    is_file_cut: bool,
    /// The answer, once it is complete.
    answer: Option<Box<Answer>>,
}

impl Sent {
    /// The command without its answer, and the answer.
    fn split(mut self) -> Option<(Self, Box<Answer>)> {
        let answer = self.answer.take()?;
        Some((self, answer))
    }
}

impl MirroredConnection {
    pub(crate) fn new(mirror: &Mirror, target: &MirrorTarget) -> Self {
        Self {
            recorder: mirror.first_recorder(),
            mirror: mirror.clone(),
            target: target.clone(),
            commands: VecDeque::new(),
            login: LoginAttempt::default(),
            character_set: 0,
            shared: Capabilities::empty(),
            lane: Lane::None,
        }
    }

    fn observed(&mut self, event: &observe::Event, about: &Connection, is_of_gate: bool) {
        let number = match event {
            observe::Event::Login(login) => {
                self.login = login.clone();
                None
            }
            observe::Event::LoggedIn => {
                self.logged_in(about);
                None
            }
            observe::Event::Message(message) => {
                self.message(message);
                None
            }
            observe::Event::Started(command) => {
                self.started(command);
                Some(command.number)
            }
            observe::Event::Completed(answer) => Some(answer.command.number),
            observe::Event::Lost(loss) => {
                self.end(
                    about,
                    &format!("the proxy can't follow the connection: {loss}"),
                    0,
                );
                None
            }
            _ => None,
        };
        let entries = self.recorder.take_held();
        let Some(number) = number else {
            return;
        };
        // The servers don't know of a command that a gate has answered.
        if is_of_gate && matches!(event, observe::Event::Completed(_)) {
            self.commands.retain(|sent| sent.number != number);
        }
        let mut sent = self.commands.iter_mut();
        if let Some(sent) = sent.find(|sent| sent.number == number) {
            sent.entries.extend(entries);
            if let observe::Event::Completed(answer) = event {
                sent.answer = Some(answer.clone());
            }
        }
        self.put_answered(about);
    }

    fn started(&mut self, command: &Command) {
        self.commands.push_back(Sent {
            number: command.number,
            entries: Vec::new(),
            file: BytesMut::new(),
            is_file_cut: false,
            answer: None,
        });
    }

    fn message(&mut self, message: &Message) {
        let MessageKind::Classic {
            what, capabilities, ..
        } = &message.kind
        else {
            return;
        };
        match what {
            What::HandshakeResponse => {
                let read = HandshakeResponse::from_payload_lenient(&message.payload, ());
                if let Ok((HandshakeResponse::V41(response), _)) = read {
                    self.character_set = response.character_set;
                }
            }
            What::File if matches!(self.lane, Lane::Open(_)) => {
                // Only the first command that has no whole answer can have asked for one.
                if let Some(sent) = self.commands.front_mut() {
                    let len = sent.file.len() + message.payload.len();
                    if len > MOST_FILE || message.len > message.payload.len() as u64 {
                        sent.is_file_cut = true;
                    } else {
                        sent.file.extend_from_slice(&message.payload);
                    }
                }
            }
            _ if message.direction == Direction::Server => self.shared = *capabilities,
            _ => {}
        }
    }

    fn logged_in(&mut self, about: &Connection) {
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        let login = Login {
            user: text(&self.login.user),
            schema: text(&self.login.schema),
        };
        match &self.lane {
            Lane::None => {
                let is_x = self.login.capabilities.is_none();
                let lane = self.mirror.open(OpenLane {
                    connection: about.id,
                    target: self.target.clone(),
                    login,
                    is_x,
                    character_set: self.character_set,
                    capabilities: self.login.capabilities.unwrap_or_default() & self.shared,
                });
                self.lane = Lane::Open(lane);
            }
            // In the X Protocol, a client can log in again.
            Lane::Open(_) => self.put(
                about,
                Job {
                    task: Task::LogIn(login),
                    entries: Vec::new(),
                    size: SMALL,
                },
            ),
            Lane::Ended(_) => {}
        }
    }

    /// Puts the commands into the lane whose answers are complete, in the order in which they were sent.
    fn put_answered(&mut self, about: &Connection) {
        let is_answered = |sent: &Sent| sent.answer.is_some();
        while self.commands.front().is_some_and(is_answered) {
            let Some((sent, answer)) = self.commands.pop_front().and_then(Sent::split) else {
                return;
            };
            if is_of_login(answer.command.kind) {
                continue;
            }
            if let Some(reason) = skipped(&answer) {
                let job = Job {
                    task: Task::Skip(reason),
                    entries: sent.entries,
                    size: SMALL,
                };
                self.put(about, job);
                continue;
            }
            let too_long = match (answer.command.is_cut(), sent.is_file_cut) {
                (true, _) => Some("a command is longer than the proxy holds"),
                (_, true) => Some("a file for LOAD DATA LOCAL is longer than 16 MiB"),
                _ => None,
            };
            if let Some(reason) = too_long {
                self.end(about, reason, sent.entries.len());
                continue;
            }
            let size = answer.sent.saturating_add(answer.received);
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let job = Job {
                size: size.saturating_add(sent.file.len()).saturating_add(SMALL),
                entries: sent.entries,
                task: Task::Run {
                    answer,
                    file: sent.file.freeze(),
                },
            };
            self.put(about, job);
        }
    }

    fn put(&mut self, about: &Connection, job: Job) {
        let lane = match &self.lane {
            // A login that failed has nothing that could be compared.
            Lane::None => return,
            Lane::Ended(reason) => {
                return self.mirror.tally().skip(reason, job.entries.len());
            }
            Lane::Open(lane) => lane,
        };
        match lane.put(job) {
            Ok(()) => {}
            Err(Refused::Full(job)) => self.end(about, FULL, job.entries.len()),
            Err(Refused::Closed(job, reason)) => {
                self.mirror.tally().skip(&reason, job.entries.len());
                self.lane = Lane::Ended(reason);
            }
        }
    }

    /// Ends the comparison of the connection from here on; what is in the lane is still compared.
    fn end(&mut self, about: &Connection, reason: &str, answers: usize) {
        if let Lane::Open(_) = self.lane {
            let (id, listener) = (about.id, &about.listener);
            log::warn!(listener:%; "connection {id} isn't compared any more: {reason}");
            self.mirror.tally().end_connection(reason, answers);
            self.lane = Lane::Ended(reason.to_owned());
        } else if let Lane::Ended(reason) = &self.lane {
            self.mirror.tally().skip(reason, answers);
        }
    }

    /// The client has left.
    fn closed(&mut self) {
        // Cursors that were open are incomplete on both servers.
        let left = self.recorder.take_held();
        if matches!(self.lane, Lane::Open(_)) {
            let reason = "the client left before it had the whole answer";
            self.mirror.tally().skip(reason, left.len());
        }
        self.lane = Lane::None;
    }
}

impl Subscriber for MirroredConnection {
    fn on_event(&mut self, seen: Seen<'_>) {
        self.recorder.on_event(seen);
        match seen.event {
            Event::Observed(event) => self.observed(event, seen.connection, seen.is_of_gate),
            Event::Closed(_) => self.closed(),
            _ => {}
        }
    }
}

/// Whether it is a message of a login of the X Protocol, which the second server's client sends itself.
fn is_of_login(kind: CommandKind) -> bool {
    use mynah_x::ClientMessageType as Type;
    matches!(
        kind,
        CommandKind::X(
            Type::CON_CAPABILITIES_GET
                | Type::CON_CAPABILITIES_SET
                | Type::SESS_AUTHENTICATE_START
                | Type::SESS_AUTHENTICATE_CONTINUE
        )
    )
}

/// What a job holds besides bytes that were sent.
const SMALL: usize = 256;

/// The longest file that a second server gets.
const MOST_FILE: usize = 16 * 1024 * 1024;

const FULL: &str = "the second server is too slow: the queue is full";
