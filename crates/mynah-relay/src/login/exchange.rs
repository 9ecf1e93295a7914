use std::io;

use bytes::Bytes;
use mynah_auth::Nonce;
use mynah_auth::rsa::PublicKey;
use mynah_classic::connection::{AuthMoreData, AuthNextFactor, AuthSwitchRequest};
use mynah_session::observe::Direction;
use mynah_wire::Message;

use super::keys::Keys;
use super::wire::Wire;
use crate::Failure;
use crate::pump::Watch;
use crate::refusal::Refusal;

/// What is said between client and server until it is decided who the client is, where their
/// sequence ids differ, or one of the two may send its password in clear and the other not.
pub(super) struct Exchange<'a, 'w, W> {
    pub(super) client: &'a mut Wire<'w>,
    pub(super) server: &'a mut Wire<'w>,
    pub(super) keys: &'a Keys,
    pub(super) watch: &'a mut W,
    pub(super) nonce: Nonce,
}

/// How a login ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    LoggedIn,
    Refused,
}

/// The verdict that a packet of the server is, if it is one.
pub(super) fn verdict(payload: &[u8]) -> Option<Verdict> {
    match payload.first() {
        Some(&OK) => Some(Verdict::LoggedIn),
        Some(&ERR) => Some(Verdict::Refused),
        _ => None,
    }
}

/// Who speaks next when the server has said something that is no verdict.
pub(super) fn speaks_next(payload: &[u8]) -> Direction {
    if payload == FAST_AUTHENTICATION {
        Direction::Server
    } else {
        Direction::Client
    }
}

impl<W: Watch> Exchange<'_, '_, W> {
    pub(super) async fn run(mut self) -> Result<Verdict, Failure> {
        self.server.turn.is(Direction::Server);
        loop {
            let from_server = tokio::select! {
                packet = self.server.receive() => packet.map_err(Failure::Server)?,
                // Commands wait for the verdict.
                packet = self.client.receive_answer() => {
                    let packet = packet.map_err(Failure::client)?;
                    let packet = packet.ok_or_else(|| Failure::Client(end()))?;
                    self.watch.passed(Direction::Client, &packet.wire);
                    self.server.send(&packet.payload).await.map_err(Failure::Server)?;
                    self.server.turn.is(Direction::Server);
                    continue;
                }
            };
            let packet = from_server.ok_or_else(|| Failure::Server(end()))?;
            let payload = packet.payload;
            self.tell_client(&payload).await?;
            if let Some(verdict) = verdict(&payload) {
                return Ok(verdict);
            }
            self.server.turn.is(speaks_next(&payload));
            match payload.first() {
                Some(&AuthMoreData::HEADER) if payload[..] == FULL_AUTHENTICATION => {
                    self.password(ASK_CACHING_SHA2).await?;
                }
                Some(&(AuthSwitchRequest::HEADER | AuthNextFactor::HEADER))
                    if self.begins_sha256(&payload) =>
                {
                    self.password(ASK_SHA256).await?;
                }
                _ => {}
            }
        }
    }

    /// Notes what a method begins with; says whether it is one that sends the password at once.
    fn begins_sha256(&mut self, payload: &Bytes) -> bool {
        // A next factor has the same form behind another first byte.
        let mut switch = bytes::BytesMut::from(&payload[..]);
        if let Some(first) = switch.first_mut() {
            *first = AuthSwitchRequest::HEADER;
        }
        let Ok(switch) = AuthSwitchRequest::from_payload(&switch.freeze(), ()) else {
            return false;
        };
        self.nonce = Nonce::from_bytes(&switch.plugin_provided_data);
        switch.plugin_name[..] == *b"sha256_password"
    }

    /// The client's password is next, in the form that its channel has for it; the server gets it
    /// in the form that its own has.
    pub(super) async fn password(&mut self, ask: u8) -> Result<(), Failure> {
        let packet = self.client.expect_while(self.server).await?;
        self.watch.passed(Direction::Client, &packet.wire);
        let payload = packet.payload;
        let secure = (
            self.client.stream.is_secure(),
            self.server.stream.is_secure(),
        );
        let forward = match secure {
            // An empty password is a NUL, or nothing, everywhere.
            (true, false) if payload.len() > 1 => self.encrypted(&payload, ask).await?,
            (false, true) if payload[..] == [ask] => self.decrypted().await?,
            _ => payload,
        };
        let sent = self.server.send(&forward).await;
        self.server.turn.is(Direction::Server);
        sent.map(drop).map_err(Failure::Server)
    }

    /// The password that came in clear, for the server's key, which is asked for.
    async fn encrypted(&mut self, clear: &[u8], ask: u8) -> Result<Bytes, Failure> {
        let sent = self.server.send(&[ask]).await;
        sent.map_err(Failure::Server)?;
        self.encrypt(clear).await
    }

    /// Sends the password that came in clear once the server has sent its key.
    pub(super) async fn encrypt_for_answer(&mut self, clear: &[u8]) -> Result<(), Failure> {
        let packet = self.server.expect().await.map_err(Failure::Server)?;
        let payload = packet.payload;
        if matches!(payload.first(), Some(&(AuthSwitchRequest::HEADER | ERR))) {
            // The account has another method, or there is none: all goes on as usual.
            let is_sha256 = self.begins_sha256(&payload);
            self.tell_client(&payload).await?;
            if payload.first() == Some(&ERR) {
                return Err(Failure::Refused);
            }
            if is_sha256 {
                self.password(ASK_SHA256).await?;
            }
            return Ok(());
        }
        let encrypted = self.encrypt_with(&payload, clear).await?;
        let sent = self.server.send(&encrypted).await;
        sent.map(drop).map_err(Failure::Server)
    }

    async fn encrypt(&mut self, clear: &[u8]) -> Result<Bytes, Failure> {
        let packet = self.server.expect().await.map_err(Failure::Server)?;
        self.encrypt_with(&packet.payload, clear).await
    }

    async fn encrypt_with(&mut self, key: &Bytes, clear: &[u8]) -> Result<Bytes, Failure> {
        let key = match AuthMoreData::from_payload(key, ()) {
            Ok(more) => PublicKey::from_pem(&more.authentication_method_data),
            Err(_) => {
                // It is an error: the client's to know.
                self.tell_client(key).await?;
                return Err(Failure::Refused);
            }
        };
        let password = clear.strip_suffix(b"\0").unwrap_or(clear);
        let encrypted = key.and_then(|key| key.encrypt(password, &self.nonce));
        encrypted
            .map(Bytes::from)
            .map_err(|error| Failure::Told(Refusal::password(error.to_string())))
    }

    /// The client asks for a key to encrypt its password with: it gets one, and the server the
    /// password.
    pub(super) async fn decrypted(&mut self) -> Result<Bytes, Failure> {
        let key = self.keys.private().await?;
        let pem = key.public_key_pem().map_err(Failure::Auth)?;
        let mut more = vec![AuthMoreData::HEADER];
        more.extend(pem);
        self.tell_client(&more).await?;
        let packet = self.client.expect_while(self.server).await?;
        self.watch.passed(Direction::Client, &packet.wire);
        let Some(mut password) = key.decrypt(&packet.payload, &self.nonce) else {
            let message = "the password is not encrypted for the key that was sent";
            return Err(Failure::Told(Refusal::password(message)));
        };
        password.push(0);
        Ok(password.into())
    }

    async fn tell_client(&mut self, payload: &[u8]) -> Result<(), Failure> {
        let sent = self.client.send(payload).await.map_err(Failure::Client)?;
        self.watch.passed(Direction::Server, &sent);
        Ok(())
    }
}

pub(super) fn end() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

const OK: u8 = 0x00;
const ERR: u8 = 0xff;
const FAST_AUTHENTICATION: [u8; 2] = [AuthMoreData::HEADER, 3];
const FULL_AUTHENTICATION: [u8; 2] = [AuthMoreData::HEADER, 4];
pub(super) const ASK_CACHING_SHA2: u8 = 2;
pub(super) const ASK_SHA256: u8 = 1;
