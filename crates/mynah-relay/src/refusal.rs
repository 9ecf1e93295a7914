use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_wire::{Message, Splitter};

/// What a client is told when it can't be carried on: an error packet, by the numbers that clients
/// use for such things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    state: [u8; 5],
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn too_many_connections() -> Self {
        Self::new(1040, b"08004", "Too many connections")
    }

    pub(crate) fn unreachable(server: &str, why: &str) -> Self {
        let message = format!("Can't connect to MySQL server at '{server}': {why}");
        Self::new(2003, b"HY000", message)
    }

    pub(crate) fn lost(server: &str, why: &str) -> Self {
        let message = format!("Lost connection to MySQL server at '{server}': {why}");
        Self::new(2013, b"HY000", message)
    }

    pub(crate) fn late(message: &str) -> Self {
        let message = format!("Got timeout reading communication packets: {message}");
        Self::new(1159, b"08S01", message)
    }

    pub(crate) fn not_mysql(server: &str, found: &str) -> Self {
        let message = format!("What listens at '{server}' is no MySQL server: {found}");
        Self::new(2007, b"HY000", message)
    }

    pub(crate) fn tls(message: impl Into<String>) -> Self {
        Self::new(2026, b"HY000", message)
    }

    pub(crate) fn insecure() -> Self {
        let message =
            "Connections using insecure transport are prohibited: this proxy requires TLS.";
        Self::new(3159, b"HY000", message)
    }

    pub(crate) fn password(message: impl Into<String>) -> Self {
        Self::new(2061, b"HY000", message)
    }

    pub(crate) fn idle() -> Self {
        let message = "The proxy disconnected the client because of inactivity.";
        Self::new(4031, b"HY000", message)
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

    fn new(code: u16, state: &[u8; 5], message: impl Into<String>) -> Self {
        Self {
            code,
            state: *state,
            message: message.into(),
        }
    }
}
