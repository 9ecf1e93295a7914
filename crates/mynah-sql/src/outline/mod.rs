//! What a statement does and which tables it names, by its tokens.

mod begin;
mod definitions;
mod kind;
mod level;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod walk;
mod with;

pub use kind::StatementKind;
pub use table::TableName;

use crate::cursor::Cursor;
use crate::{Effects, Reading};
use walk::Walk;

/// The outline of a statement: its kind, and the tables that it names. It is made of the statement's tokens, without a
/// parser, so the statement needn't be valid.
///
/// ```
/// use mynah_sql::{Outline, Reading, StatementKind};
///
/// let outline = Outline::of(b"insert into log select * from shop.orders o", Reading::default());
/// assert_eq!(outline.kind, StatementKind::Insert);
/// let tables: Vec<_> = outline.tables.iter().map(ToString::to_string).collect();
/// assert_eq!(tables, ["log", "shop.orders"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What the statement does.
    pub kind: StatementKind,
    /// The tables and views that the statement names, each once, in the order of the text; without aliases, and
    /// without names that a WITH clause defines. The tables of all statements, if the text has several. Tables that a
    /// statement uses without naming them, as in a view, a trigger or a procedure, aren't known. Empty if the
    /// [kind](Self::kind) is unknown because the end of a literal isn't certain.
    pub tables: Vec<TableName>,
    /// Whether the statement names more tables than are in [`tables`](Self::tables), which has at most 256.
    pub has_more_tables: bool,
}

impl Outline {
    /// The outline of a statement's text. `reading` decides how the text is parsed.
    #[must_use]
    pub fn of(sql: &[u8], reading: Reading) -> Self {
        Walk::new(Cursor::new(sql, reading)).outline().0
    }

    /// The outline and the effects of a statement's text.
    pub(crate) fn watched(sql: &[u8], reading: Reading) -> (Self, Effects) {
        let (outline, cursor) = Walk::new(Cursor::watched(sql, reading)).outline();
        (outline, cursor.effects())
    }
}
