use std::io;

use mynah_session::observe::Direction;

use crate::gate::Standing;

/// Looks on while bytes pass. It is told after they have been sent, and decides nothing.
pub(crate) trait Watch {
    /// Bytes have come that are about to be sent on: the moment that counts.
    fn arrived(&mut self) {}

    /// These have passed.
    fn passed(&mut self, from: Direction, bytes: &[u8]);

    /// A side has closed, or was lost for a reason; nothing more comes from it.
    fn ended(&mut self, _side: Direction, _lost: Option<&io::Error>) {}

    /// From here on, events describe traffic that the client encrypted.
    fn tls_is_ended_here(&mut self) {}
}

/// Knows from what has passed where a connection stands, for what decides: gates, and the proxy's part in logins.
pub(crate) trait Follow: Watch {
    /// Whether a command can be decided.
    fn standing(&self) -> Standing;

    /// Whether the client has asked for something by the X Protocol that has no answer yet.
    fn awaits_answer(&self) -> bool;

    /// How many COM_CHANGE_USER the client has sent.
    fn change_users(&self) -> u32;
}
