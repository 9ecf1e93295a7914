use mynah_relay::{Decision, Gate, GateCommand};

use crate::Replay;
use crate::classic::Classic;
use crate::deciding::Deciding;
use crate::x::X;

/// Decides for one connection what is answered from the recording.
#[derive(Debug)]
pub(crate) struct ReplayGate {
    replay: Replay,
    deciding: Deciding,
    /// What is known of a connection of the classic protocol.
    classic: Classic,
    /// What is known of a connection of the X Protocol.
    x: X,
}

impl ReplayGate {
    pub(crate) fn new(replay: Replay) -> Self {
        Self {
            deciding: Deciding::new(replay.clone()),
            replay,
            classic: Classic::default(),
            x: X::default(),
        }
    }
}

impl Gate for ReplayGate {
    fn decide(&mut self, command: &GateCommand<'_>) -> Decision {
        let name = command.name().unwrap_or_default();
        if RESETS.contains(&name) {
            // The server frees prepared statements and forgets the session's state, so the gate forgets them as well.
            *self = Self::new(self.replay.clone());
            return Decision::Pass;
        }
        // Names of the classic protocol begin with `COM_`.
        match name.is_empty() || name.starts_with("COM_") {
            true => self.classic.decide(command, &mut self.deciding),
            false => self.x.decide(command, &mut self.deciding),
        }
    }
}

/// Commands that begin a session anew.
const RESETS: [&str; 4] = [
    "COM_RESET_CONNECTION",
    "COM_CHANGE_USER",
    "SESS_RESET",
    "SESS_CLOSE",
];
