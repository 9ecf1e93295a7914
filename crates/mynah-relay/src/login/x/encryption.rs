//! TLS between client and proxy, and between proxy and server: what the capabilities say of it, and when it
//! starts.

use mynah_net::TlsMode;
use mynah_session::observe::Direction;
use mynah_x::connection::{Capabilities, CapabilitiesGet, CapabilitiesSet};
use mynah_x::datatypes::Scalar;
use mynah_x::status::{Error, Ok as XOk};
use mynah_x::{Frame, Message, ServerMessageType};

use super::Login;
use super::capabilities::{COMPRESSION, TLS, View};
use super::side::{to_client, to_server};
use super::state::{State, Then};
use crate::LoginFailure;
use crate::login::mediator::Action;
use crate::login::tls_use::no_tls;
use crate::refusal::Refusal;

impl Login {
    /// Forwards the server's capabilities, changed for the client's side.
    pub(super) fn on_capabilities(&mut self, answer: Frame) -> State {
        let is_capabilities =
            ServerMessageType(answer.message_type) == ServerMessageType::CONN_CAPABILITIES;
        let of_server = Capabilities::from_payload(&answer.payload).ok();
        let shown = of_server.filter(|_| is_capabilities).and_then(|of_server| {
            let (client, server) = (self.client.transport, self.server.transport);
            let view = View {
                offers_compression: self.compresses,
                offers_tls: self.tls.client.map(|mode| mode != TlsMode::Disabled),
                has_tls: client.has_tls,
                secure: (client.is_secure, server.is_secure),
            };
            let mut capabilities = of_server.clone();
            view.apply(&mut capabilities);
            (capabilities != of_server).then(|| to_client(capabilities))
        });
        self.send_to_client(&shown.unwrap_or(answer));
        State::ExpectMessage
    }

    /// The client sets capabilities, TLS perhaps among them.
    pub(super) fn on_set(&mut self, frame: Frame) -> Result<State, LoginFailure> {
        let set = CapabilitiesSet::from_payload(&frame.payload).ok();
        let compresses = set
            .as_ref()
            .and_then(|set| set.capabilities.get(COMPRESSION));
        if compresses.is_some() && !self.compresses {
            return Ok(self.refuse(COMPRESSION));
        }
        let Some(set) = set.filter(CapabilitiesSet::switches_to_tls) else {
            self.ask_server(&frame);
            return Ok(State::ExpectAnswer);
        };
        match self.tls.client {
            _ if self.client.transport.has_tls => Ok(self.refuse(TLS)),
            Some(TlsMode::Disabled) => Ok(self.refuse(TLS)),
            // The server is asked whether it would offer it.
            None if self.tls.server == Some(TlsMode::Disabled) => {
                self.ask_server(&to_server(CapabilitiesGet {}));
                Ok(State::ExpectOffer(frame, set))
            }
            _ => Ok(self.ask_for_tls(&frame, set)),
        }
    }

    /// The client may have TLS if the server has it.
    pub(super) fn on_offer(
        &mut self,
        frame: &Frame,
        set: CapabilitiesSet,
        answer: &Frame,
    ) -> Result<State, LoginFailure> {
        let of_server = Capabilities::from_payload(&answer.payload);
        if of_server.is_ok_and(|all| all.get(TLS).is_some()) {
            return Ok(self.ask_for_tls(frame, set));
        }
        Ok(self.refuse(TLS))
    }

    /// The client asks for TLS: it gets it, if the server agrees or doesn't have to.
    fn ask_for_tls(&mut self, frame: &Frame, set: CapabilitiesSet) -> State {
        if self.tls.server == Some(TlsMode::Disabled) {
            return self.set_others(set);
        }
        self.ask_server(frame);
        State::ExpectAgreement(set)
    }

    /// What the server says to TLS.
    pub(super) fn on_agreement(
        &mut self,
        set: CapabilitiesSet,
        answer: &Frame,
    ) -> Result<State, LoginFailure> {
        if ServerMessageType(answer.message_type) != ServerMessageType::ERROR {
            return Ok(self.agreed(answer, true));
        }
        if !is_about_tls(answer) {
            return Ok(self.agreed(answer, false));
        }
        if self.tls.server == Some(TlsMode::Required) {
            return Err(no_tls());
        }
        if self.tls.client.is_none() {
            return Ok(self.agreed(answer, false));
        }
        Ok(self.set_others(set))
    }

    /// Passes the client's other capabilities to the server.
    fn set_others(&mut self, mut set: CapabilitiesSet) -> State {
        let all = &mut set.capabilities.capabilities;
        all.retain(|capability| !capability.name.eq_ignore_ascii_case(TLS));
        if all.is_empty() {
            return self.agreed(&to_client(XOk::default()), false);
        }
        self.ask_server(&to_server(set));
        State::ExpectOthersSet
    }

    /// Forwards the server's answer; with an OK, TLS with the client begins.
    pub(super) fn agreed(&mut self, answer: &Frame, then_server: bool) -> State {
        self.send_to_client(answer);
        if ServerMessageType(answer.message_type) != ServerMessageType::OK {
            return State::ExpectMessage;
        }
        // What follows the request for TLS is the client's handshake and no message.
        let start = self.client.input.split().freeze();
        self.actions.push_back(Action::AcceptTls(start));
        State::AcceptingTls { then_server }
    }

    /// Refuses a capability with the text of MySQL's server: some clients compare it.
    fn refuse(&mut self, capability: &str) -> State {
        self.send_to_client(&to_client(Error {
            code: CAPABILITY_PREPARE_FAILED,
            msg: format!("Capability prepare failed for '{capability}'"),
            sql_state: "HY000".to_owned(),
            ..Error::default()
        }));
        State::ExpectMessage
    }

    /// TLS as it has to be before the client logs in.
    pub(super) fn secure(&mut self, then: Then) -> Result<State, LoginFailure> {
        if self.tls.is_required() && !self.client.transport.is_secure {
            return Err(LoginFailure::WithError(Refusal::insecure()));
        }
        let wanted = matches!(
            self.tls.server,
            Some(TlsMode::Preferred | TlsMode::Required)
        );
        if !wanted || self.server.transport.has_tls {
            return self.proceed(then);
        }
        let capabilities = [(TLS, Scalar::bool(true))].into_iter().collect();
        self.ask_server(&to_server(CapabilitiesSet { capabilities }));
        Ok(State::ExpectServersTls(then))
    }

    pub(super) fn on_servers_tls(
        &mut self,
        then: Then,
        answer: &Frame,
    ) -> Result<State, LoginFailure> {
        match ServerMessageType(answer.message_type) {
            ServerMessageType::OK => Ok(self.connect_tls(then)),
            _ if self.tls.server == Some(TlsMode::Required) => Err(no_tls()),
            _ => self.proceed(then),
        }
    }

    pub(super) fn connect_tls(&mut self, then: Then) -> State {
        self.actions.push_back(Action::ConnectTls);
        self.waits_for = Direction::Server;
        State::ConnectingTls(then)
    }
}

/// Whether the server refused TLS and not another capability.
fn is_about_tls(answer: &Frame) -> bool {
    Error::from_payload(&answer.payload).is_ok_and(|error| {
        error.code == CAPABILITY_PREPARE_FAILED && error.msg.contains(&format!("'{TLS}'"))
    })
}

const CAPABILITY_PREPARE_FAILED: u32 = 5001;
