use bytes::Bytes;
use mynah_auth::client::Exchange as Login;
use mynah_classic::Capabilities;
use mynah_classic::command::ComChangeUser;
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, AuthSwitchResponse, HandshakeResponse41,
    HandshakeV10, SslRequest,
};
use mynah_classic::response::{ErrPacket, OkPacket};
use mynah_wire::Message;

use super::core::Core;
use super::event::Action;
use super::state::{ExpectAuthentication, ExpectTls, State};
use super::{ClientError, TlsMode};

impl Core {
    pub(super) fn greeting(&mut self, payload: &Bytes) -> Result<State, ClientError> {
        if payload.first() == Some(&ERR) {
            let error = read::<ErrPacket>(payload, Capabilities::PROTOCOL_41)?;
            return Err(ClientError::Refused(error));
        }
        let greeting = read::<HandshakeV10>(payload, ())?;
        if !greeting.capabilities.contains(Capabilities::PROTOCOL_41) {
            return Err(ClientError::Protocol320);
        }
        if !self.wants_tls(&greeting)? {
            return self.respond(&greeting);
        }
        let request = SslRequest {
            capabilities: self.capabilities(&greeting) | Capabilities::SSL,
            max_packet_size: self.options.max_packet_size,
            character_set: self.options.character_set,
        };
        self.exchange.send(&request, ())?;
        self.actions.push_back(Action::StartTls);
        Ok(State::ExpectTls(ExpectTls { greeting }))
    }

    /// Answers the greeting, under TLS if that was to be.
    pub(super) fn respond(&mut self, greeting: &HandshakeV10) -> Result<State, ClientError> {
        let mut capabilities = self.capabilities(greeting);
        if self.wants_tls(greeting)? {
            capabilities |= Capabilities::SSL;
        }
        let mut login = Login::new(self.options.auth.clone());
        let (method, auth_response) =
            login.greeting(&greeting.auth_plugin_name, &greeting.auth_plugin_data)?;
        let has = |capability| capabilities.contains(capability);
        let options = &self.options;
        let mut response = HandshakeResponse41 {
            capabilities,
            max_packet_size: options.max_packet_size,
            character_set: options.character_set,
            username: options.username.clone(),
            auth_response: auth_response.into(),
            database: options.database.clone(),
            client_plugin_name: Bytes::new(),
            attributes: Default::default(),
            zstd_compression_level: 0,
        };
        if has(Capabilities::PLUGIN_AUTH) {
            response.client_plugin_name = method.name().into();
        }
        if has(Capabilities::CONNECT_ATTRS) {
            response.attributes = options.attributes.clone();
        }
        if has(Capabilities::ZSTD_COMPRESSION_ALGORITHM) {
            response.zstd_compression_level = options.zstd_compression_level;
        }
        self.exchange.send(&response, ())?;
        Ok(State::ExpectAuthentication(ExpectAuthentication {
            shared: capabilities & greeting.capabilities,
            login,
        }))
    }

    /// Logs in once more. Once there is TLS it stays.
    pub(super) fn change_user(
        &mut self,
        shared: Capabilities,
        change: &ComChangeUser,
        mut auth: mynah_auth::client::Credentials,
    ) -> Result<State, ClientError> {
        auth.channel = self.options.auth.channel;
        self.options.auth = auth;
        self.exchange.start_command();
        self.exchange.send(change, shared)?;
        Ok(State::ExpectAuthentication(ExpectAuthentication {
            shared,
            login: Login::new(self.options.auth.clone()),
        }))
    }

    pub(super) fn authentication(
        &mut self,
        mut state: ExpectAuthentication,
        payload: &Bytes,
    ) -> Result<State, ClientError> {
        let login = &mut state.login;
        let answer = match payload.first() {
            Some(&OK) => {
                let ok = read::<OkPacket>(payload, state.shared)?;
                self.actions.push_back(Action::LoggedIn(ok));
                return Ok(State::Ready(state.shared));
            }
            Some(&ERR) => {
                let error = read::<ErrPacket>(payload, state.shared)?;
                return Err(ClientError::Refused(error));
            }
            // From before there were names: one method is meant.
            Some(&AuthSwitchRequest::HEADER) if payload.len() == 1 => {
                Some(login.begin(b"mysql_old_password", b"")?)
            }
            Some(&AuthSwitchRequest::HEADER) => {
                let switch = read::<AuthSwitchRequest>(payload, ())?;
                Some(login.begin(&switch.plugin_name, &switch.plugin_provided_data)?)
            }
            Some(&AuthNextFactor::HEADER) => {
                let next = read::<AuthNextFactor>(payload, ())?;
                Some(login.next_factor(&next.plugin_name, &next.plugin_provided_data)?)
            }
            _ => {
                let more = read::<AuthMoreData>(payload, ())?;
                login.more_data(&more.authentication_method_data)?
            }
        };
        if let Some(data) = answer {
            let response = AuthSwitchResponse { data: data.into() };
            self.exchange.send(&response, ())?;
        }
        Ok(State::ExpectAuthentication(state))
    }

    /// The client's capability flags, for a server with this greeting.
    fn capabilities(&self, greeting: &HandshakeV10) -> Capabilities {
        let mut wanted = self.options.capabilities | NEEDED;
        wanted.set(
            Capabilities::CONNECT_WITH_DB,
            !self.options.database.is_empty(),
        );
        // MariaDB says that it has more capabilities by leaving this one out, and so do its
        // clients.
        if !greeting.capabilities.contains(Capabilities::LONG_PASSWORD) {
            wanted.remove(Capabilities::LONG_PASSWORD);
        }
        wanted & (greeting.capabilities - Capabilities::SSL)
    }

    fn wants_tls(&self, greeting: &HandshakeV10) -> Result<bool, ClientError> {
        let offered = greeting.capabilities.contains(Capabilities::SSL);
        match (self.options.tls, offered) {
            (TlsMode::Required, false) => Err(ClientError::TlsNotOffered),
            (mode, offered) => Ok(offered && mode != TlsMode::Disabled),
        }
    }
}

fn read<M: Message>(payload: &Bytes, cx: M::Context) -> Result<M, ClientError> {
    let read = M::from_payload_lenient(payload, cx).map_err(|source| ClientError::Message {
        message: M::NAME,
        source,
    });
    read.map(|(message, _rest)| message)
}

/// What this client can't do without.
const NEEDED: Capabilities = Capabilities::PROTOCOL_41
    .union(Capabilities::SECURE_CONNECTION)
    .union(Capabilities::PLUGIN_AUTH)
    .union(Capabilities::PLUGIN_AUTH_LENENC_CLIENT_DATA);

const OK: u8 = 0x00;
const ERR: u8 = 0xff;
