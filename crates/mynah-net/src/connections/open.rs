use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::ClientConnection;

/// The open connections by their ids, and what is known of all connections together.
#[derive(Debug, Default)]
pub(super) struct Open {
    by_id: HashMap<u32, Arc<ClientConnection>>,
    /// How many of them only wait for their clients to read the last message.
    not_counted: usize,
    /// The statements of the connections that are closed.
    closed_statements: u64,
}

impl Open {
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<ClientConnection>> {
        self.by_id.values()
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn get(&self, id: u32) -> Option<&Arc<ClientConnection>> {
        self.by_id.get(&id)
    }

    pub(super) fn insert(&mut self, connection: Arc<ClientConnection>) {
        self.by_id.insert(connection.id(), connection);
    }

    pub(super) fn remove(&mut self, id: u32) {
        if let Some(connection) = self.by_id.remove(&id) {
            self.note_removed(&connection);
        }
    }

    /// Removes the connections for which `is_meant` is true.
    pub(super) fn remove_all(
        &mut self,
        is_meant: impl Fn(&ClientConnection) -> bool,
    ) -> Vec<Arc<ClientConnection>> {
        let meant = self.by_id.extract_if(|_, connection| is_meant(connection));
        let removed: Vec<_> = meant.map(|(_, connection)| connection).collect();
        for connection in &removed {
            self.note_removed(connection);
        }
        removed
    }

    fn note_removed(&mut self, connection: &ClientConnection) {
        self.closed_statements += connection.statements.load(Relaxed);
        if !connection.is_counted.load(Relaxed) {
            self.not_counted = self.not_counted.saturating_sub(1);
        }
    }

    /// How many connections count towards a limit.
    pub(super) fn counted(&self) -> usize {
        self.by_id.len().saturating_sub(self.not_counted)
    }

    pub(super) fn stop_counting(&mut self, connection: &ClientConnection) {
        if self.get(connection.id()).is_some() && connection.is_counted.swap(false, Relaxed) {
            self.not_counted += 1;
        }
    }

    pub(super) fn statements(&self) -> u64 {
        let open = self.all();
        let open: u64 = open
            .map(|connection| connection.statements.load(Relaxed))
            .sum();
        open.saturating_add(self.closed_statements)
    }
}
