use std::io;

use mynah_session::observe::Direction;

use crate::fault::DueFault;
use crate::gate::{GateCommand, Prepared, Standing};

/// Follows the bytes of a connection, after they have been sent. It decides nothing.
pub(crate) trait ByteObserver {
    /// Bytes were received and are about to be forwarded: their time is taken now.
    fn arrived(&mut self) {}

    /// These bytes of a side were forwarded.
    fn passed(&mut self, from: Direction, bytes: &[u8]);

    /// These bytes were sent to the client in place of the server's answer to a command.
    fn answered(&mut self, bytes: &[u8]) {
        self.passed(Direction::Server, bytes);
    }

    /// A side has closed its stream, or was lost with this error.
    fn ended(&mut self, _side: Direction, _lost: Option<&io::Error>) {}

    /// From here on, the bytes are decrypted traffic.
    fn begin_decrypted(&mut self) {}
}

/// Says where a connection stands after the bytes that have passed: gates and the proxy's part in logins decide by it.
pub(crate) trait Follow: ByteObserver {
    /// The state of the connection: whether the next command can be decided now.
    fn standing(&self) -> Standing;

    /// Whether a request of the X Protocol has no answer yet.
    fn awaits_answer(&self) -> bool;

    /// How many COM_CHANGE_USER the client has sent.
    fn change_users(&self) -> u32;

    /// Whether there are rules for faults, and the client's commands can be cut from here on.
    fn wants_commands(&self) -> bool {
        false
    }

    /// Whether there are rules for faults.
    fn has_faults(&self) -> bool {
        false
    }

    /// Says, once, that there are rules for faults and that they don't see the commands, if this is so.
    fn note_unseen(&mut self) {}

    /// Whether it is the X Protocol that is followed.
    fn is_x(&self) -> bool {
        false
    }

    /// The statement that the server has prepared under a number.
    fn prepared(&self, _id: u32) -> Option<Prepared> {
        None
    }

    /// The fault that is to be played at a command.
    fn due_fault(&mut self, _command: &GateCommand<'_>) -> Option<Box<DueFault>> {
        None
    }
}
