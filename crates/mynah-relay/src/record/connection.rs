use std::collections::{BTreeMap, VecDeque};

use mynah_classic::connection::{Handshake, HandshakeResponse};
use mynah_recording::{Entry, Login, PartName, Protocol, Server};
use mynah_session::observe::{
    self, Answer, Command, CommandKind, LoginAttempt, Loss, Message, MessageKind, What,
};
use mynah_wire::Message as _;

use super::cursors::{Recorded, Suspended};
use super::of_classic::OfClassic;
use super::of_x::OfX;
use super::recorder::Recorder;
use super::routing::test_id;
use crate::subscribe::{Connection, Event, Seen, Subscriber};

/// Records what is answered on a connection.
#[derive(Debug)]
pub(crate) struct ConnectionRecorder {
    pub(super) recorder: Recorder,
    classic: OfClassic,
    x: OfX,
    /// What the client says of itself.
    attributes: BTreeMap<String, String>,
    /// The parts that were open when unanswered commands were sent, by the commands' numbers.
    open_parts: VecDeque<(u64, PartName)>,
    /// The login that isn't decided yet.
    login: Option<LoginAttempt>,
    is_logged_in: bool,
    is_x: bool,
    /// The entries that [`take_held`](Self::take_held) returns; `None` if entries go to the recorder at once.
    held: Option<Vec<HeldEntry>>,
}

/// An entry that isn't in a recording yet.
#[derive(Debug)]
pub(crate) struct HeldEntry {
    /// The part that the entry belongs to; `None` for the one that is open.
    pub(crate) part: Option<String>,
    pub(crate) entry: Entry,
}

impl ConnectionRecorder {
    pub(crate) fn new(recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            classic: OfClassic::new(recorder.hides()),
            x: OfX::new(recorder.hides()),
            attributes: BTreeMap::new(),
            open_parts: VecDeque::new(),
            login: None,
            is_logged_in: false,
            is_x: false,
            held: None,
        }
    }

    /// A recorder that holds its entries until they are taken.
    pub(crate) fn holding(recorder: &Recorder) -> Self {
        Self {
            held: Some(Vec::new()),
            ..Self::new(recorder)
        }
    }

    /// Takes the entries that are held.
    pub(crate) fn take_held(&mut self) -> Vec<HeldEntry> {
        self.held.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn observed(&mut self, event: &observe::Event, about: &Connection, is_of_gate: bool) {
        match event {
            observe::Event::Started(command) => self.started(command),
            observe::Event::Message(message) => self.message(message),
            observe::Event::Completed(answer) => self.completed(answer, about, is_of_gate),
            observe::Event::Login(login) => self.login = Some(login.clone()),
            observe::Event::LoggedIn => self.logged_in(),
            observe::Event::Lost(loss) => {
                let Connection { id, listener, .. } = about;
                log::warn!(listener:%; "connection {id} isn't recorded any more: {loss}");
                // Before the login there are no statements, and a binary log isn't recorded in any case.
                let has_statements = self.is_logged_in || matches!(loss, Loss::NoLoginEnd(_));
                if has_statements && !matches!(loss, Loss::OtherProtocol(_)) {
                    self.recorder.note_loss();
                }
            }
            _ => {}
        }
    }

    fn started(&mut self, command: &Command) {
        let part = self.recorder.open_part();
        self.open_parts.push_back((command.number, part));
        match command.kind {
            CommandKind::Classic(_) => {
                let closed = self.classic.started(command);
                self.write_all(closed);
            }
            CommandKind::X(_) => {
                self.is_x = true;
                self.x.started(command);
            }
        }
    }

    fn message(&mut self, message: &Message) {
        match &message.kind {
            MessageKind::Classic { what, .. } => {
                match what {
                    What::Greeting => self.greeting(message),
                    What::HandshakeResponse => self.note_attributes(message),
                    _ => {}
                }
                self.classic.message(message, what);
            }
            MessageKind::X { message_type, .. } => self.x.message(message, *message_type),
        }
    }

    fn completed(&mut self, answer: &Answer, about: &Connection, is_of_gate: bool) {
        // The client may have set another part as soon as it had the answer.
        let number = answer.command.number;
        let place = self.open_parts.iter().position(|(of, _)| *of == number);
        let open = place.and_then(|place| self.open_parts.remove(place));
        let open = open.map(|(_, part)| part);
        let recorded = match answer.command.kind {
            CommandKind::Classic(code) => self.classic.completed(answer, code),
            CommandKind::X(message_type) => self.x.completed(answer, message_type),
        };
        match recorded {
            // The answer of a gate isn't the server's.
            _ if is_of_gate => {}
            None => {}
            Some(Recorded::Whole(mut whole)) => {
                self.route(&mut whole, about, open);
                self.write(*whole);
            }
            Some(Recorded::Suspended(id, mut suspended)) => {
                self.route(&mut suspended, about, open);
                let before = match answer.command.kind {
                    CommandKind::Classic(_) => self.classic.cursors.suspend(id, *suspended),
                    CommandKind::X(_) => self.x.cursors.suspend(id, *suspended),
                };
                self.write_all(before.into_iter().collect());
            }
        }
    }

    /// Finds the part of a statement, where that isn't known yet: `open`, unless the statement has the id of a test.
    fn route(&self, recorded: &mut Suspended, about: &Connection, open: Option<PartName>) {
        if recorded.part.is_none() {
            let named = test_id(&mut recorded.entry, &self.attributes, about);
            recorded.part = named.or_else(|| open.map(|part| part.0));
        }
    }

    fn write_all(&mut self, all: Vec<Suspended>) {
        for each in all {
            self.write(each);
        }
    }

    fn write(&mut self, recorded: Suspended) {
        let Suspended {
            part,
            mut entry,
            building,
            took,
        } = recorded;
        let is_prepared = building.prepared.is_some();
        let (prepared, answer) = building.finish(took);
        entry.prepared = prepared;
        let answered = answer.outcome.is_some() || answer.incomplete.is_some();
        // The complete answer to a prepare is in `prepared`, not among the answers; only a failed or incomplete
        // prepare is one.
        if answered && !(is_prepared && answer.incomplete.is_none()) {
            entry.answers.push(answer);
        }
        if is_prepared || answered {
            match &mut self.held {
                Some(held) => held.push(HeldEntry { part, entry }),
                None => self.recorder.record(part, entry),
            }
        }
    }

    fn greeting(&self, message: &Message) {
        let Ok((Handshake::V10(greeting), _)) =
            Handshake::from_payload_lenient(&message.payload, ())
        else {
            return;
        };
        self.recorder.note_server(Server {
            version: Some(String::from_utf8_lossy(&greeting.server_version).into_owned()),
            collation: Some(greeting.character_set.into()),
            status: Some(greeting.status_flags.bits()),
            protocols: vec![Protocol::Classic],
        });
    }

    fn note_attributes(&mut self, message: &Message) {
        let read = HandshakeResponse::from_payload_lenient(&message.payload, ());
        if let Ok((HandshakeResponse::V41(response), _)) = read {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let all = response.attributes.iter().map_while(Result::ok);
            self.attributes = all
                .map(|(name, value)| (text(&name), text(&value)))
                .collect();
        }
    }

    fn logged_in(&mut self) {
        self.is_logged_in = true;
        let Some(login) = self.login.take() else {
            return;
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let protocol = match self.is_x {
            true => Protocol::X,
            false => Protocol::Classic,
        };
        // The X Protocol has no greeting that `greeting` could note, so the first login shows that the server
        // speaks it.
        if self.is_x {
            self.recorder.note_server(Server {
                protocols: vec![protocol],
                ..Server::default()
            });
        }
        self.recorder.note_login(Login {
            user: text(&login.user),
            schema: text(&login.schema),
            method: text(&login.method),
            protocol,
        });
    }

    /// The connection is gone, and with it its cursors.
    fn closed(&mut self) {
        let left = self.classic.cursors.close_all();
        self.write_all(left);
        let left = self.x.cursors.close_all();
        self.write_all(left);
    }
}

impl Subscriber for ConnectionRecorder {
    fn on_event(&mut self, seen: Seen<'_>) {
        match seen.event {
            Event::Observed(event) => self.observed(event, seen.connection, seen.is_of_gate),
            Event::Closed(_) => self.closed(),
            _ => {}
        }
    }
}
