use std::sync::Arc;

use mynah_classic::tables::Product;
use mynah_session::observe::Executed;
use mynah_session::sql::Secrets;

use crate::trace::redact::{Column, Rules, column_of};

/// A command that has begun.
#[derive(Debug)]
pub(super) struct OpenCommand {
    pub(super) number: u64,
    pub(super) secrets: Arc<Secrets>,
    /// How long its statement is.
    pub(super) len: usize,
    /// Whether its rows show earlier statements, one of which was about a password.
    pub(super) hides_rows: bool,
    /// Whether a parameter is hidden for its content.
    pub(super) hides_parameters: bool,
    pub(super) executed: Option<Executed>,
    /// Whose numbers of collations columns have.
    pub(super) product: Product,
    pub(super) columns: Vec<Column>,
}

impl OpenCommand {
    /// The columns of its rows are those of the statement that was prepared.
    pub(super) fn take_columns(&mut self, rules: Rules<'_>) {
        let is_secret = !self.secrets.is_empty();
        let known = self.executed.iter().flat_map(Executed::columns);
        self.columns = known
            .map(|column| column_of(column, is_secret, rules, self.product))
            .collect();
    }
}
