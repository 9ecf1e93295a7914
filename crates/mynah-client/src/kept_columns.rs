use std::collections::HashMap;

use mynah_classic::Capabilities;

use crate::ColumnDefinition41;

/// The column definitions that the server sent last for each prepared statement. With MARIADB_CACHE_METADATA, the server
/// doesn't repeat them while they stay the same.
#[derive(Debug, Default)]
pub(crate) struct KeptColumns {
    /// Without MARIADB_CACHE_METADATA, nothing is kept.
    is_needed: bool,
    statements: HashMap<u32, Vec<ColumnDefinition41>>,
}

impl KeptColumns {
    pub(crate) fn new(shared: Capabilities) -> Self {
        Self {
            is_needed: shared.contains(Capabilities::MARIADB_CACHE_METADATA),
            statements: HashMap::new(),
        }
    }

    /// The columns of a prepared statement; none if they aren't kept.
    pub(crate) fn get(&self, statement_id: Option<u32>) -> &[ColumnDefinition41] {
        let kept = statement_id.and_then(|id| self.statements.get(&id));
        kept.map_or(&[], Vec::as_slice)
    }

    pub(crate) fn keep(&mut self, statement_id: Option<u32>, columns: &[ColumnDefinition41]) {
        if let (true, Some(id)) = (self.is_needed, statement_id) {
            self.statements.insert(id, columns.to_vec());
        }
    }

    pub(crate) fn forget(&mut self, statement_id: u32) {
        self.statements.remove(&statement_id);
    }
}
