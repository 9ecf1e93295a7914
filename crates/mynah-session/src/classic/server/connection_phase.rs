//! The login: from the greeting to the OK.

use super::connecting::{Connecting, Step};
use super::core::Core;
use super::event::Input;
use super::greeting::greet;
use crate::{Answer, SessionError};

impl Connecting {
    /// Takes what it waits for.
    pub(super) fn take(self, core: &mut Core, input: Input) -> Result<Step, SessionError> {
        match (self, input) {
            (Self::HandshakeResponse(state), Input::Message(payload)) => {
                state.response(core, &payload)
            }
            (Self::Authentication(state), Input::Message(payload)) => {
                state.response(core, &payload)
            }
            (Self::Tls(state), Input::TlsStarted(tls)) => Ok(state.tls_started(core, tls)),
            (state, Input::Answer(answer)) => state.answered(core, answer),
            (state, input) => Err(state.unexpected(input.name())),
        }
    }

    fn answered(self, core: &mut Core, answer: Answer) -> Result<Step, SessionError> {
        match (self, answer) {
            (Self::Greeting, Answer::Greeting(greeting)) => greet(core, greeting),
            (Self::Nonce(state), Answer::Nonce(nonce)) => Ok(state.nonce(core, nonce)),
            (Self::Account(state), Answer::Account(account)) => state.account(core, account),
            (Self::RsaKey(state), Answer::RsaKey(key)) => {
                core.rsa_key = key;
                state.challenge(core)
            }
            (state, answer) => Err(state.unexpected(answer.name())),
        }
    }

    fn unexpected(&self, event: &'static str) -> SessionError {
        SessionError::Unexpected {
            state: self.name(),
            event,
        }
    }
}
