use std::sync::Arc;

use mynah_fault::Drawn;

use super::{FaultPoint, FaultRule, InstalledFault};

/// A fault that is to be played at a command.
#[derive(Clone, Debug)]
pub(crate) struct DueFault {
    pub(super) rule: Arc<InstalledFault>,
    pub(super) drawn: Drawn,
}

/// A fault that the proxy plays at a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlayedFault {
    /// The id of the rule that the fault belongs to.
    pub rule: u64,
    /// Whether the fault is played before the command is forwarded, or on its answer.
    pub at: FaultPoint,
    /// The names of what the fault does, with commas: `latency, reset_peer`.
    pub fault: String,
    /// The number of the command on its connection, from 1.
    pub command: u64,
}

impl DueFault {
    pub(super) fn rule(&self) -> &FaultRule {
        self.rule.rule()
    }

    /// The fault, as it is played at the command of this number.
    pub(crate) fn played(&self, command: u64) -> PlayedFault {
        PlayedFault {
            rule: self.rule.id(),
            at: self.rule().at(),
            fault: self.drawn.fault().to_string(),
            command,
        }
    }

    /// Why a connection has ended by it.
    pub(super) fn why(&self) -> String {
        format!("fault {}: {}", self.rule.id(), self.rule())
    }
}
