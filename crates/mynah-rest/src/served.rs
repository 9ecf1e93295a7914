use std::sync::Arc;

use mynah_expect::Tests;
use mynah_net::Connections;
use mynah_script::{Answer, Globals, Positions};

use crate::ScriptControl;

/// The state of a mock that HTTP clients can read and change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// The values that the sessions of the mock share, `mysqld.global` in scripts; sessions of a test that was opened
    /// have the test's own values.
    pub globals: Arc<Globals>,
    /// The open connections of the mock's MySQL clients, of both protocols; HTTP clients aren't among them.
    pub connections: Connections,
    /// The open tests, and the test that statements without an open test share; each has expectations, a journal and a
    /// report.
    pub tests: Arc<Tests<Answer>>,
    /// The positions of sessions in the script's array of statements, which a reset sets back to the first entry.
    pub positions: Positions,
    /// The script that the mock plays, and the way to replace it; with `None`, requests to replace it get status 501.
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
