//! The client proves which user it is, by the account's method.

use bytes::Bytes;
use mynah_auth::LongNonce;
use mynah_auth::server::Step as AuthStep;
use mynah_classic::connection::{AuthMoreData, AuthSwitchRequest};
use mynah_classic::response::{OkPacket, SessionStateChange, SessionStateChanges};
use mynah_classic::{Capabilities, StatusFlags};

use super::authentication;
use super::connecting::{Connecting, ExpectAccount, ExpectAuthentication, ExpectRsaKey, Step};
use super::core::Core;
use super::event::Action;
use crate::{Account, Failure, Question, SessionError, SessionState};

impl ExpectAccount {
    /// A client that logs in once more gets this nonce.
    pub(super) fn nonce(self: Box<Self>, core: &mut Core, nonce: LongNonce) -> Step {
        // The greeting's nonce has been used: an answer to it may have been recorded.
        core.switch_nonce = nonce;
        core.ask(Question::Account(Box::new(self.pending.login.clone())));
        Step::Wait(Connecting::Account(self))
    }

    /// Chooses the method that the client has to pass.
    pub(super) fn account(
        self,
        core: &mut Core,
        account: Result<Box<Account>, Failure>,
    ) -> Result<Step, SessionError> {
        let Self { pending, first } = self;
        let account = match account {
            Ok(account) => *account,
            Err(failure) => return Step::refused(core, failure, pending.shared),
        };
        let client = authentication::client_method(pending.shared, &first.plugin_name);
        let greeted = first.greeted.as_deref();
        let method = match authentication::choose(&account, &client, greeted) {
            Ok(method) => method,
            Err(failure) => return Step::refused(core, failure, pending.shared),
        };
        let next = ExpectRsaKey {
            pending,
            account,
            method,
            first,
        };
        // Making a key takes so long that it is asked for only if this login needs one.
        if authentication::needs_rsa_key(&next.account, method, core.channel)
            && core.rsa_key.is_none()
        {
            core.ask(Question::RsaKey);
            return Ok(Step::Wait(Connecting::RsaKey(Box::new(next))));
        }
        next.challenge(core)
    }
}

impl ExpectRsaKey {
    /// Checks what the client sent along, or asks it to answer by another method.
    pub(super) fn challenge(self, core: &mut Core) -> Result<Step, SessionError> {
        let Self {
            pending,
            account,
            method,
            first,
        } = self;
        let client = authentication::client_method(pending.shared, &first.plugin_name);
        // If the client's first response is for this method, it was computed from the greeting's nonce.
        // Otherwise an AuthSwitchRequest sends another nonce ("Protocol::AuthSwitchRequest").
        let answered = client.answered(method, first.greeted.as_deref());
        let nonce: &[u8] = if answered {
            core.nonce.as_bytes()
        } else {
            core.switch_nonce.as_bytes()
        };
        let user = &pending.login.username;
        let exchange = match authentication::exchange(&account, method, nonce, user, core) {
            Ok(exchange) => exchange,
            Err(failure) => return Step::refused(core, failure, pending.shared),
        };
        let next = Box::new(ExpectAuthentication {
            pending,
            account,
            exchange,
        });
        if answered {
            return next.response(core, &first.auth_response);
        }
        let request = AuthSwitchRequest {
            plugin_name: method.name().into(),
            plugin_provided_data: next.exchange.plugin_data().into(),
        };
        core.exchange.send(&request, ())?;
        Ok(Step::Wait(Connecting::Authentication(next)))
    }
}

impl ExpectAuthentication {
    /// Checks what the client sent.
    pub(super) fn response(
        mut self: Box<Self>,
        core: &mut Core,
        response: &[u8],
    ) -> Result<Step, SessionError> {
        let more_data = match self.exchange.handle(response) {
            AuthStep::More(data) => {
                core.exchange.send(&auth_more_data(data), ())?;
                return Ok(Step::Wait(Connecting::Authentication(self)));
            }
            AuthStep::Passed { more_data } => more_data,
            AuthStep::Refused(_) => return self.deny(core),
        };
        // Whatever is wrong, user, certificate or password, the client gets the same error.
        if !self.account.admits(&self.pending.login) {
            return self.deny(core);
        }
        // From now on this user's hash is enough, as with the cache of a server.
        if let Some(hash) = self.exchange.learned() {
            let user = self.account.cached_as(&self.pending.login.username);
            core.options.passwords.remember(&user, hash);
        }
        if let Some(data) = more_data {
            core.exchange.send(&auth_more_data(data), ())?;
        }
        let mut session = self.pending;
        // After the password, as servers report locked accounts and expired passwords.
        if let Some(error) = self.account.error {
            return Step::refused(core, error, session.shared);
        }
        let ok = login_ok(&session.session, session.shared);
        core.exchange.send(&ok, session.shared)?;
        // Until here a small limit held, because clients that aren't logged in must not make the server hold
        // much.
        core.exchange.set_limit(core.options.max_allowed_packet);
        core.exchange.start_command();
        core.login_version += 1;
        // Compression begins behind the OK packet ("Compression").
        let compression = session.compression.take();
        core.actions.extend(compression.map(Action::Compress));
        Ok(Step::Passed(session))
    }

    fn deny(&self, core: &mut Core) -> Result<Step, SessionError> {
        let failure = authentication::access_denied(&self.pending.login);
        Step::refused(core, failure, self.pending.shared)
    }
}

fn auth_more_data(data: Vec<u8>) -> AuthMoreData {
    AuthMoreData {
        authentication_method_data: data.into(),
    }
}

/// The OK that ends a login. It says of a session which schema it is in, and that it has no
/// transaction open, to a client that tracks it.
fn login_ok(session: &SessionState, shared: Capabilities) -> OkPacket {
    let mut ok = OkPacket {
        status_flags: session.flags(),
        ..OkPacket::default()
    };
    if shared.contains(Capabilities::SESSION_TRACK) {
        let schema = session.schema.clone().map(SessionStateChange::Schema);
        // MySQL Router's mock says this.
        let none = SessionStateChange::TransactionCharacteristics(Bytes::new());
        ok.session_state_changes = SessionStateChanges::new(schema.iter().chain([&none]));
        ok.status_flags |= StatusFlags::SESSION_STATE_CHANGED;
    }
    ok
}
