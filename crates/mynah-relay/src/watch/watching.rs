use std::sync::Arc;

use mynah_session::observe::Observer;

use super::watchers::{Watcher, Watchers};
use crate::subscribe::{Seen, Subscriber as _};
use crate::trace::ConnectionTrace;

/// The watchers of one connection.
///
/// A watcher that asks for messages joins when no command is open: what is secret in an answer is known from its
/// command. Other watchers join at once.
#[derive(Debug)]
pub(crate) struct Watching {
    watchers: Arc<Watchers>,
    connection: u32,
    /// The list of watchers that was last looked at.
    generation: u64,
    joined: Vec<Joined>,
    /// Those that join once no command is open.
    due: Vec<Arc<Watcher>>,
    /// Whether the last change came while a command was open.
    is_unsettled: bool,
}

#[derive(Debug)]
struct Joined {
    id: u64,
    wants_messages: bool,
    trace: ConnectionTrace,
}

impl Watching {
    /// Of a connection that begins now.
    pub(crate) fn new(watchers: &Arc<Watchers>, connection: u32) -> Self {
        let mut watching = Self {
            watchers: Arc::clone(watchers),
            connection,
            generation: 0,
            joined: Vec::new(),
            due: Vec::new(),
            is_unsettled: false,
        };
        if watching.is_changed() {
            watching.look();
            let due = std::mem::take(&mut watching.due);
            watching.joined = due.iter().map(|new| Joined::new(new, None)).collect();
        }
        watching
    }

    /// Whether there is something to do for [`follow`](Self::follow).
    #[inline]
    pub(crate) fn is_changed(&self) -> bool {
        self.generation != self.watchers.generation() || self.is_unsettled
    }

    /// Whether there are watchers.
    #[inline]
    pub(crate) fn has_some(&self) -> bool {
        !self.joined.is_empty()
    }

    /// Whether a watcher wants messages.
    pub(crate) fn wants_messages(&self) -> bool {
        self.joined.iter().any(|joined| joined.wants_messages)
    }

    /// Has watchers join and leave. `is_at_rest` says whether those can join that want messages.
    pub(crate) fn follow(&mut self, known: &Observer, is_at_rest: bool) {
        if self.generation != self.watchers.generation() {
            self.look();
        }
        let ready = self
            .due
            .extract_if(.., |due| is_at_rest || !due.trace.wants_messages());
        let ready: Vec<_> = ready.map(|new| Joined::new(&new, Some(known))).collect();
        self.joined.extend(ready);
        self.is_unsettled = !is_at_rest;
    }

    /// Gives an event to the watchers.
    pub(crate) fn see(&mut self, seen: Seen<'_>) {
        for joined in &mut self.joined {
            joined.trace.on_event(seen);
        }
    }

    /// Looks who watches now.
    fn look(&mut self) {
        let (generation, watchers) = self.watchers.of_connection(self.connection);
        self.generation = generation;
        let is_there = |id| watchers.iter().any(|watcher| watcher.id == id);
        self.joined.retain(|joined| is_there(joined.id));
        let joined = &self.joined;
        let is_joined = |id| joined.iter().any(|joined| joined.id == id);
        self.due = watchers
            .iter()
            .filter(|watcher| !is_joined(watcher.id))
            .cloned()
            .collect();
    }
}

impl Joined {
    /// `known` is what is known of a connection that has begun before.
    fn new(watcher: &Watcher, known: Option<&Observer>) -> Self {
        Self {
            id: watcher.id,
            wants_messages: watcher.trace.wants_messages(),
            trace: match known {
                Some(known) => ConnectionTrace::joining(&watcher.trace, known),
                None => ConnectionTrace::new(&watcher.trace),
            },
        }
    }
}
