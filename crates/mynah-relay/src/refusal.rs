use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::error_code;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_session::observe::ServerError;
use mynah_wire::{Message, Splitter};

/// The error for a client whose connection can't be made or must end: an error packet with the number that a server
/// has for it. A client's own numbers, such as 2003, would confuse a client that receives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) state: [u8; 5],
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn too_many_connections() -> Self {
        Self::new(
            error_code::ER_CON_COUNT_ERROR,
            b"08004",
            "Too many connections",
        )
    }

    /// No upstream of several can be used, for these reasons. Full ones may have room later, as clients know by this
    /// number.
    pub(crate) fn no_upstream(reasons: &str, are_full: bool) -> Self {
        match are_full {
            true => Self {
                message: format!("Too many connections: {reasons}"),
                ..Self::too_many_connections()
            },
            false => Self::unknown(format!("No upstream can be used: {reasons}")),
        }
    }

    pub(crate) fn unreachable(server: &str, why: &str) -> Self {
        Self::unknown(format!(
            "Can't connect to MySQL server at '{server}': {why}"
        ))
    }

    pub(crate) fn late(message: &str) -> Self {
        let message = format!("Got timeout reading communication packets: {message}");
        Self::new(error_code::ER_NET_READ_INTERRUPTED, b"08S01", message)
    }

    pub(crate) fn not_mysql(server: &str, found: &str) -> Self {
        Self::unknown(format!(
            "What listens at '{server}' is no MySQL server: {found}"
        ))
    }

    pub(crate) fn tls(message: impl Into<String>) -> Self {
        Self::unknown(message)
    }

    pub(crate) fn insecure() -> Self {
        let message =
            "Connections using insecure transport are prohibited: this proxy requires TLS.";
        Self::new(error_code::ER_SECURE_TRANSPORT_REQUIRED, b"HY000", message)
    }

    pub(crate) fn password(message: impl Into<String>) -> Self {
        Self::unknown(message)
    }

    pub(crate) fn out_of_order() -> Self {
        Self::new(
            error_code::ER_NET_PACKETS_OUT_OF_ORDER,
            b"08S01",
            "Got packets out of order",
        )
    }

    pub(crate) fn not_introduced() -> Self {
        let message = "Bad handshake: a connection from there begins with a header of the PROXY protocol \
                       (--accept-proxy-protocol)";
        Self::new(error_code::ER_HANDSHAKE_ERROR, b"08S01", message)
    }

    pub(crate) fn idle() -> Self {
        let message = "The proxy disconnected the client because of inactivity.";
        Self::new(error_code::ER_CLIENT_INTERACTION_TIMEOUT, b"HY000", message)
    }

    pub(crate) fn shutdown() -> Self {
        Self::new(
            error_code::ER_SERVER_SHUTDOWN,
            b"08S01",
            "Server shutdown in progress",
        )
    }

    /// As a packet; before a greeting there is no state in it.
    pub(crate) fn packet(&self, sequence_id: u8, shared: Capabilities) -> Bytes {
        let mut wire = BytesMut::new();
        Splitter::new(sequence_id).payload(&mut wire, &self.payload(shared));
        wire.freeze()
    }

    /// What such a packet carries.
    pub(crate) fn payload(&self, shared: Capabilities) -> Bytes {
        let packet = ErrPacket {
            error_code: self.code,
            sql_state: Some(SqlState(self.state)),
            error_message: self.message.clone().into(),
        };
        // An error always has a form.
        packet.to_payload(shared).unwrap_or_default()
    }

    /// An error with the number that servers use for errors without one of their own.
    fn unknown(message: impl Into<String>) -> Self {
        Self::new(error_code::ER_UNKNOWN_ERROR, b"HY000", message)
    }

    fn new(code: u16, state: &[u8; 5], message: impl Into<String>) -> Self {
        Self {
            code,
            state: *state,
            message: message.into(),
        }
    }
}

impl From<&Refusal> for ServerError {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code.into(),
            sql_state: Some(SqlState(refusal.state)),
            message: refusal.message.clone().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `libmariadb` takes an error whose number is in its own tables for a malformed packet.
    #[test]
    fn no_number_is_one_of_clients() {
        for refusal in [
            Refusal::too_many_connections(),
            Refusal::no_upstream("a", false),
            Refusal::no_upstream("a", true),
            Refusal::unreachable("a", "b"),
            Refusal::late("a"),
            Refusal::not_mysql("a", "b"),
            Refusal::tls("a"),
            Refusal::insecure(),
            Refusal::password("a"),
            Refusal::out_of_order(),
            Refusal::not_introduced(),
            Refusal::idle(),
            Refusal::shutdown(),
        ] {
            let code = refusal.code;
            let is_of_clients = (2000..=2999).contains(&code) || (5000..=5999).contains(&code);
            assert!(!is_of_clients, "{refusal:?}");
        }
    }
}
