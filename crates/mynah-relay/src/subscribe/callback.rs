use std::fmt;
use std::sync::Arc;
use std::thread;

use super::{Connection, Event, Seen, Subscriber};

/// A function that is called with each event.
#[derive(Clone)]
pub(super) struct Callback(Arc<Function>);

type Function = dyn Fn(&Connection, &Event) + Send + Sync;

impl Callback {
    pub(super) fn new(function: impl Fn(&Connection, &Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(function))
    }
}

impl Subscriber for Callback {
    /// If the function panics, the connection ends. Its last event doesn't call the function again.
    fn on_event(&mut self, seen: Seen<'_>) {
        if !thread::panicking() {
            self.0(seen.connection, seen.event);
        }
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}
