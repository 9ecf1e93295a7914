//! The messages of a text result set.

mod column_count;
mod column_definition;
mod text_row;

pub use column_count::ColumnCount;
pub use column_definition::ColumnDefinition41;
pub use text_row::{Cells, TextRow};
