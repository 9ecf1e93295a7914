use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a part of a recording: a test's id, or `setup` for statements that came before the first test or
/// belong to no test.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartName(pub String);

impl PartName {
    /// The name of the part with statements that came before the first test or belong to no test.
    pub const SETUP: &str = "setup";

    /// The name of the part with statements that came before the first test or belong to no test.
    #[must_use]
    pub fn setup() -> Self {
        Self(Self::SETUP.to_owned())
    }

    /// Whether this is the part with statements that came before the first test or belong to no test.
    #[must_use]
    pub fn is_setup(&self) -> bool {
        self.0 == Self::SETUP
    }
}

impl Default for PartName {
    fn default() -> Self {
        Self::setup()
    }
}

impl Ord for PartName {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |name: &Self| !name.is_setup();
        key(self)
            .cmp(&key(other))
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for PartName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
