use std::sync::Arc;

use mynah_session::observe;

use super::Digests;
use crate::Event;
use crate::statement::{is_execution, is_fetch};
use crate::subscribe::{Seen, Subscriber};

/// Adds a connection's statements to the counts of all connections.
#[derive(Debug)]
pub(crate) struct DigestCounter(Arc<Digests>);

impl DigestCounter {
    pub(crate) fn new(digests: &Arc<Digests>) -> Self {
        Self(Arc::clone(digests))
    }
}

impl Subscriber for DigestCounter {
    fn on_event(&mut self, seen: Seen<'_>) {
        if let Event::Observed(observe::Event::Completed(answer)) = seen.event
            && let Some(facts) = seen.statement
        {
            let (kind, schema) = (answer.command.kind, &seen.connection.schema);
            if is_execution(kind) {
                self.0.add(schema, facts, answer);
            } else if is_fetch(kind) {
                self.0.add_rows(schema, facts, answer.rows);
            }
        }
    }
}
