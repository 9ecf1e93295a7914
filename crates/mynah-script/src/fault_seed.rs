use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Once;

use log::warn;

/// What the toxicity of faults is drawn from.
#[derive(Debug)]
pub(crate) struct FaultSeed {
    number: u64,
    /// Has run once the log says which number it is. A number that was given needs no record.
    is_logged: Once,
}

impl FaultSeed {
    /// This number, or a random one.
    pub(crate) fn new(number: Option<u64>) -> Self {
        let is_logged = Once::new();
        let number = number.inspect(|_| is_logged.call_once(|| {}));
        Self {
            number: number.unwrap_or_else(|| RandomState::new().build_hasher().finish()),
            is_logged,
        }
    }

    /// The number, for a fault of this toxicity. If a random one decides, the log says how to get the same again.
    pub(crate) fn number(&self, toxicity: f64) -> u64 {
        if toxicity < 1.0 {
            self.is_logged.call_once(|| {
                warn!(
                    "faults are drawn from a random seed; --fault-seed {} plays the same ones again",
                    self.number
                );
            });
        }
        self.number
    }
}
