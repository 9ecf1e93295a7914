use mynah_auth::x::Mechanism;
use mynah_session::classic::client::TlsMode;
use mynah_x::compress::Algorithm;
use mynah_x::connection::{Capabilities, CapabilitiesGet, CapabilitiesSet};
use mynah_x::datatypes::{Any, AnyValue, Object, Scalar, ScalarValue};
use mynah_x::{MessageErrorKind, ServerMessage};

use super::Client;
use crate::Error;

impl Client {
    /// Starts TLS, and agrees with the server on everything else that precedes a login.
    pub(super) async fn agree_on_capabilities(&mut self) -> Result<(), Error> {
        let mut offered = self.offered().await.map_err(of_classic_server)?;
        if self.wants_tls(&offered)? {
            self.set([("tls", Scalar::bool(true).into())]).await?;
            if let Some(tls) = &self.options.login.tls {
                self.wire.socket.start_tls(tls).await?;
            }
            // What the server said before wasn't protected, and under TLS it offers more mechanisms.
            offered = self.offered().await?;
        }
        let names = offered.get("authentication.mechanisms");
        self.mechanisms = texts(names).filter_map(Mechanism::from_name).collect();
        // As in the classic protocol, a user whose password has expired can log in to change it.
        if offered.get("client.pwd_expire_ok").is_some() {
            let accepts = Scalar::bool(true).into();
            self.set([("client.pwd_expire_ok", accepts)]).await?;
        }
        let algorithms = match offered.get("compression").and_then(Any::value) {
            Some(AnyValue::Object(compression)) => compression.get("algorithm"),
            _ => None,
        };
        let wanted = self.options.compression;
        let mut algorithms = texts(algorithms).filter_map(Algorithm::from_name);
        if let Some(algorithm) = algorithms.find(|algorithm| Some(*algorithm) == wanted) {
            let name = Any::from(Scalar::string(algorithm.name()));
            let compression: Object = [("algorithm", name)].into_iter().collect();
            self.set([("compression", compression.into())]).await?;
            self.wire.compress(algorithm)?;
        }
        Ok(())
    }

    /// The server's capabilities.
    async fn offered(&mut self) -> Result<Capabilities, Error> {
        match self.request(CapabilitiesGet {}).await? {
            ServerMessage::Capabilities(offered) => Ok(offered),
            other => Err(Error::unexpected(&other, "Mysqlx.Connection.Capabilities")),
        }
    }

    async fn set<const N: usize>(&mut self, all: [(&str, Any); N]) -> Result<(), Error> {
        let capabilities: Capabilities = all.into_iter().collect();
        self.run(CapabilitiesSet { capabilities }).await
    }

    fn wants_tls(&self, offered: &Capabilities) -> Result<bool, Error> {
        match (self.options.login.tls_mode, offered.get("tls").is_some()) {
            (TlsMode::Required, false) => Err(Error::TlsNotOffered),
            (mode, is_offered) => Ok(is_offered && mode != TlsMode::Disabled),
        }
    }
}

/// Recognises the first packet of a server of the classic protocol, which is a message of a type that no server of the
/// X Protocol sends.
fn of_classic_server(error: Error) -> Error {
    let Error::Message(message) = &error else {
        return error;
    };
    match message.kind {
        MessageErrorKind::UnknownType {
            message_type: GREETING | ERR,
        } => Error::ClassicServer,
        _ => error,
    }
}

/// The texts of an array; none if it isn't one.
fn texts(value: Option<&Any>) -> impl Iterator<Item = &[u8]> {
    let values = match value.and_then(Any::value) {
        Some(AnyValue::Array(array)) => array.value.as_slice(),
        _ => &[],
    };
    values
        .iter()
        .filter_map(|value| match value.scalar_value() {
            Some(ScalarValue::String(text)) => Some(&text.value[..]),
            _ => None,
        })
}

/// The first byte of HandshakeV10.
const GREETING: u8 = 10;
/// The first byte of an ERR packet, which a server of the classic protocol may send in place of its greeting.
const ERR: u8 = 0xff;
