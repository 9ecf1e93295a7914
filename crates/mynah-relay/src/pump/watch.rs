use std::io;

use mynah_session::observe::Direction;

use crate::gate::Standing;

/// Follows the bytes of a connection, after they have been sent. It decides nothing.
pub(crate) trait Watch {
    /// Bytes have arrived and are about to be sent on: their time is taken now.
    fn arrived(&mut self) {}

    /// These have passed.
    fn passed(&mut self, from: Direction, bytes: &[u8]);

    /// A side has closed, or was lost for a reason; nothing more comes from it.
    fn ended(&mut self, _side: Direction, _lost: Option<&io::Error>) {}

    /// From here on, events describe traffic that the client encrypted.
    fn begin_decrypted(&mut self) {}
}

/// Says where a connection stands after the bytes that have passed: gates and the proxy's part in logins decide by it.
pub(crate) trait Follow: Watch {
    /// Whether a command can be decided.
    fn standing(&self) -> Standing;

    /// Whether the client has asked for something by the X Protocol that has no answer yet.
    fn awaits_answer(&self) -> bool;

    /// How many COM_CHANGE_USER the client has sent.
    fn change_users(&self) -> u32;
}
