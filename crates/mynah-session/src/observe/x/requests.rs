//! What a client asks for.

use bytes::Bytes;
use mynah_x::compress::Algorithm;
use mynah_x::connection::CapabilitiesSet;
use mynah_x::datatypes::{AnyValue, ScalarValue};
use mynah_x::session::{AuthenticateContinue, AuthenticateStart};
use mynah_x::{ClientMessageType, Message as _};

use super::side::{Cut, HEADER};
use super::{Answer, Event, Loss, Message, Observer, Outcome, Who};

impl Observer {
    pub(super) fn asked(&mut self, cut: Cut, tell: Option<Message>, see: &mut impl FnMut(Event)) {
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
            schema: None,
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
