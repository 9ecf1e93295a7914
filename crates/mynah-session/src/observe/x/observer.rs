use std::collections::VecDeque;

use bytes::Bytes;
use mynah_x::compress::{Algorithm, Decompressor};
use mynah_x::connection::{CapabilitiesSet, Compression};
use mynah_x::datatypes::{AnyValue, ScalarValue};
use mynah_x::notice::{FrameType, Parameter, SessionStateChanged};
use mynah_x::session::{AuthenticateContinue, AuthenticateStart};
use mynah_x::status::Error;
use mynah_x::{ClientMessageType, Message as _, ServerMessageType, notice};

use super::side::{Cut, HEADER, Side, whole};
use super::{Answer, Event, Loss, Message, Outcome, Who};
use crate::observe::{Direction, Options};

/// Follows a connection of the X Protocol from the middle, as bytes pass. Each message of a client
/// has its answer, in order; which message of the server ends it depends on what was asked.
#[derive(Debug)]
pub struct Observer {
    options: Options,
    client: Side,
    server: Side,
    pending: VecDeque<Box<Answer>>,
    /// How many bytes of what is pending are held.
    held: usize,
    count: u64,
    who: Who,
    /// What the client has set, and the server not yet agreed to.
    wants_tls: bool,
    wants_compression: Option<Algorithm>,
    tls_ends_here: bool,
    encrypted: bool,
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

    /// The connection has ended; what has no answer won't get one.
    pub fn end(&mut self, see: &mut impl FnMut(Event)) {
        self.is_opaque = true;
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
        let inflate = &mut self.side(from).inflate;
        let inflated = match (inflate, Compression::from_payload(&cut.payload)) {
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

    fn asked(&mut self, cut: Cut, tell: Option<Message>, see: &mut impl FnMut(Event)) {
        if self.pending.len() >= MAX_PENDING {
            return self.lose(Loss::TooMany, see);
        }
        self.count += 1;
        let number = self.count;
        let message_type = ClientMessageType(cut.message_type);
        self.note(message_type, &cut.payload, see);
        see(Event::Started {
            number,
            message_type,
        });
        if let Some(message) = tell {
            let number = Some(number);
            see(Event::Message(Message { number, ..message }));
        }
        let fits = self.held + cut.payload.len() <= self.options.max_held;
        let payload = if fits { cut.payload } else { Bytes::new() };
        self.held += payload.len();
        self.pending.push_back(Box::new(Answer {
            number,
            message_type,
            payload,
            outcome: Outcome::Done,
            rows: 0,
            results: 0,
            affected_rows: 0,
            last_insert_id: 0,
            warnings: 0,
            sent: cut.len + HEADER as u64,
            received: 0,
        }));
    }

    /// What a message of the client changes once the server agrees.
    fn note(
        &mut self,
        message_type: ClientMessageType,
        payload: &Bytes,
        see: &mut impl FnMut(Event),
    ) {
        match message_type {
            ClientMessageType::CON_CAPABILITIES_SET => {
                let Ok(set) = CapabilitiesSet::from_payload(payload) else {
                    return;
                };
                self.wants_tls = set.switches_to_tls();
                let compression = set.capabilities.get("compression");
                let algorithm = match compression.and_then(|value| value.value()) {
                    Some(AnyValue::Object(object)) => object.get("algorithm"),
                    _ => None,
                };
                self.wants_compression = match algorithm.and_then(|any| any.scalar_value()) {
                    Some(ScalarValue::String(name)) => Algorithm::from_name(&name.value),
                    _ => None,
                };
            }
            ClientMessageType::SESS_AUTHENTICATE_START => {
                if let Ok(start) = AuthenticateStart::from_payload(payload) {
                    let data = start.auth_data.as_ref().or(start.initial_response.as_ref());
                    self.who = who(data.unwrap_or(&Bytes::new()), start.mech_name);
                    if !self.who.user.is_empty() {
                        see(Event::Login(self.who.clone()));
                    }
                }
            }
            ClientMessageType::SESS_AUTHENTICATE_CONTINUE => {
                if let Ok(more) = AuthenticateContinue::from_payload(payload) {
                    self.who = who(&more.auth_data, std::mem::take(&mut self.who.mechanism));
                    see(Event::Login(self.who.clone()));
                }
            }
            _ => {}
        }
    }

    fn answered(&mut self, cut: &Cut, tell: Option<Message>, see: &mut impl FnMut(Event)) {
        let message_type = ServerMessageType(cut.message_type);
        let number = self.pending.front().map(|answer| answer.number);
        if let Some(message) = tell {
            see(Event::Message(Message { number, ..message }));
        }
        let Some(answer) = self.pending.front_mut() else {
            if let (ServerMessageType::ERROR, Ok(error)) =
                (message_type, Error::from_payload(&cut.payload))
            {
                see(Event::Refused(error));
            }
            return;
        };
        answer.received += cut.len + HEADER as u64;
        let outcome = match message_type {
            ServerMessageType::ERROR => Some(Outcome::Failed(
                Error::from_payload(&cut.payload).unwrap_or_default(),
            )),
            ServerMessageType::RESULTSET_ROW => {
                answer.rows += 1;
                None
            }
            ServerMessageType::RESULTSET_FETCH_DONE
            | ServerMessageType::RESULTSET_FETCH_SUSPENDED
            | ServerMessageType::RESULTSET_FETCH_DONE_MORE_RESULTSETS
            | ServerMessageType::RESULTSET_FETCH_DONE_MORE_OUT_PARAMS => {
                answer.results += 1;
                None
            }
            ServerMessageType::NOTICE => {
                take_in(answer, &cut.payload);
                None
            }
            ServerMessageType::OK
            | ServerMessageType::CONN_CAPABILITIES
            | ServerMessageType::SESS_AUTHENTICATE_CONTINUE
            | ServerMessageType::SESS_AUTHENTICATE_OK
            | ServerMessageType::SQL_STMT_EXECUTE_OK => Some(Outcome::Done),
            _ => None,
        };
        let Some(outcome) = outcome else { return };
        if let Some(answer) = self.pending.pop_front() {
            let asked = answer.message_type;
            let failed = match &outcome {
                Outcome::Failed(error) => Some(error.clone()),
                _ => None,
            };
            self.finish(answer, outcome, see);
            self.agreed(asked, message_type, failed, see);
        }
    }

    /// What follows from an answer for what comes next.
    fn agreed(
        &mut self,
        asked: ClientMessageType,
        answer: ServerMessageType,
        failed: Option<Error>,
        see: &mut impl FnMut(Event),
    ) {
        match asked {
            ClientMessageType::CON_CAPABILITIES_SET => {
                let tls = std::mem::take(&mut self.wants_tls);
                let compression = self.wants_compression.take();
                if answer != ServerMessageType::OK {
                    return;
                }
                if tls {
                    see(Event::TlsStarts);
                    self.encrypted = !self.tls_ends_here;
                }
                if let Some(algorithm) = compression {
                    self.client.inflate = Decompressor::new(algorithm).ok().map(Box::new);
                    self.server.inflate = Decompressor::new(algorithm).ok().map(Box::new);
                    see(Event::Compressed(algorithm));
                }
            }
            ClientMessageType::SESS_AUTHENTICATE_START
            | ClientMessageType::SESS_AUTHENTICATE_CONTINUE => match failed {
                Some(error) => see(Event::Refused(error)),
                None if answer == ServerMessageType::SESS_AUTHENTICATE_OK => see(Event::LoggedIn),
                None => {}
            },
            _ => {}
        }
    }

    fn finish(&mut self, mut answer: Box<Answer>, outcome: Outcome, see: &mut impl FnMut(Event)) {
        self.held = self.held.saturating_sub(answer.payload.len());
        answer.outcome = outcome;
        see(Event::Completed(answer));
    }

    fn lose(&mut self, loss: Loss, see: &mut impl FnMut(Event)) {
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

/// Numbers that are told of a statement before it ends.
fn take_in(answer: &mut Answer, payload: &Bytes) {
    let Ok(frame) = notice::Frame::from_payload(payload) else {
        return;
    };
    let kind = i32::try_from(frame.r#type)
        .ok()
        .and_then(|kind| FrameType::try_from(kind).ok());
    match (kind, frame.payload) {
        (Some(FrameType::Warning), _) => {
            answer.warnings = answer.warnings.saturating_add(1);
        }
        (Some(FrameType::SessionStateChanged), Some(payload)) => {
            let Ok(changed) = SessionStateChanged::from_payload(&payload) else {
                return;
            };
            let first = changed.value.first().and_then(|scalar| scalar.value());
            let Some(ScalarValue::Uint(number)) = first else {
                return;
            };
            match Parameter::try_from(changed.param) {
                Ok(Parameter::RowsAffected) => answer.affected_rows = number,
                Ok(Parameter::GeneratedInsertId) => answer.last_insert_id = number,
                _ => {}
            }
        }
        _ => {}
    }
}

/// Schema, user and a secret, with NULs between them. What isn't of that form may be all secret.
fn who(data: &Bytes, mechanism: String) -> Who {
    let mut parts = data.splitn(3, |&byte| byte == 0);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(schema), Some(user), Some(_)) => Who {
            schema: data.slice_ref(schema),
            user: data.slice_ref(user),
            mechanism,
        },
        _ => Who {
            mechanism,
            ..Who::default()
        },
    }
}

/// How many messages may wait for their answers.
const MAX_PENDING: usize = 65_536;
