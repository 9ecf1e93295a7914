//! The client's side of a connection.

use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_x::compress::Algorithm;
use mynah_x::connection::CapabilitiesSet;
use mynah_x::datatypes::{AnyValue, ScalarValue};
use mynah_x::session::{AuthenticateContinue, AuthenticateStart};
use mynah_x::{ClientMessageType, Message as _};

use super::follower::Follower;
use super::side::{Cut, HEADER};
use crate::observe::identity::Identity;
use crate::observe::{Answer, Command, CommandKind, Event, LoginAttempt, Loss, Message};
use crate::sql::Settings;

impl Follower {
    pub(super) fn asked(
        &mut self,
        cut: Cut,
        message: Option<Message>,
        see: &mut impl FnMut(Event),
    ) {
        if self.waiting.is_full() {
            return self.lose(Loss::TooManyCommands, see);
        }
        let number = self.waiting.next_number();
        let message_type = ClientMessageType(cut.message_type);
        self.note(message_type, &cut.payload, see);
        let command = Command {
            number,
            kind: CommandKind::X(message_type),
            payload: cut.payload,
            len: cut.len,
            settings: Settings::of_x(),
            ..Command::none()
        };
        see(Event::Started(command.clone()));
        if let Some(message) = message {
            let command = Some(number);
            see(Event::Message(Message { command, ..message }));
        }
        let sent = cut.len + HEADER as u64;
        let answer = Box::new(Answer::to(command, sent, StatusFlags::empty()));
        let pending = self.waiting.begin(answer, self.options.max_held, ());
        self.waiting.push(pending);
    }

    /// Remembers what a message of the client changes if the server agrees.
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
            ClientMessageType::PREPARE_PREPARE => self.prepared.prepare(payload),
            ClientMessageType::PREPARE_DEALLOCATE => self.prepared.deallocate(payload),
            ClientMessageType::SESS_RESET | ClientMessageType::SESS_CLOSE => self.prepared.clear(),
            ClientMessageType::SESS_AUTHENTICATE_START => {
                if let Ok(start) = AuthenticateStart::from_payload(payload) {
                    let data = start.auth_data.as_ref().or(start.initial_response.as_ref());
                    self.method = start.mech_name.into();
                    let login = self.attempt(data.unwrap_or(&Bytes::new()));
                    if !login.user.is_empty() {
                        self.login(login, see);
                    }
                }
            }
            ClientMessageType::SESS_AUTHENTICATE_CONTINUE => {
                if let Ok(more) = AuthenticateContinue::from_payload(payload) {
                    let login = self.attempt(&more.auth_data);
                    self.login(login, see);
                }
            }
            _ => {}
        }
    }

    fn login(&mut self, login: LoginAttempt, see: &mut impl FnMut(Event)) {
        let identity = Identity {
            user: login.user.clone(),
            schema: login.schema.clone(),
        };
        self.identity.change_to(identity, see);
        see(Event::Login(login));
    }

    /// Reads schema, user and secret, which are separated by NULs. Data in another form may be secret as a
    /// whole.
    fn attempt(&self, data: &Bytes) -> LoginAttempt {
        let method = self.method.clone();
        let mut parts = data.splitn(3, |&byte| byte == 0);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(schema), Some(user), Some(_)) => LoginAttempt {
                schema: data.slice_ref(schema),
                user: data.slice_ref(user),
                method,
                capabilities: None,
            },
            _ => LoginAttempt {
                method,
                ..LoginAttempt::default()
            },
        }
    }
}
