use std::sync::Arc;

use mynah_expect::Tests;
use mynah_net::Connections;
use mynah_script::{Answer, Globals, Positions};

use crate::ScriptControl;

/// The state of a mock that HTTP clients may read and change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// What its scripts share.
    pub globals: Arc<Globals>,
    /// The connections of its clients.
    pub connections: Connections,
    /// What tests expect, and the journal.
    pub tests: Arc<Tests<Answer>>,
    /// Where its sessions are in an array of statements.
    pub positions: Positions,
    /// What plays its script; without it the script can't be changed.
    pub script: Option<Arc<dyn ScriptControl>>,
}

impl Served {
    /// Globals and connections, with tests of their own.
    #[must_use]
    pub fn new(globals: Arc<Globals>, connections: Connections) -> Self {
        Self {
            globals,
            connections,
            tests: Arc::new(Tests::new(mynah_expect::TestOptions::default())),
            positions: Positions::default(),
            script: None,
        }
    }
}
