use std::sync::Arc;

use mynah_expect::Tests;
use mynah_net::Connections;
use mynah_script::{Answer, Globals, Positions};

use crate::ScriptControl;

/// The state of a mock that HTTP clients can read and change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// The values that sessions share, `mysqld.global` in scripts; sessions of a test that was opened have the test's
    /// own values.
    pub globals: Arc<Globals>,
    /// The open connections of the mock's clients.
    pub connections: Connections,
    /// The tests: expectations, journals, reports.
    pub tests: Arc<Tests<Answer>>,
    /// The positions of sessions in the script's array of statements.
    pub positions: Positions,
    /// The script; with `None`, requests to change it are refused.
    pub script: Option<Arc<dyn ScriptControl>>,
}

impl Served {
    /// A state with these globals and connections, new tests, and no script.
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
