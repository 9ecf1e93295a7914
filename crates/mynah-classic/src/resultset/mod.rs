//! The messages of a result set: number of columns, column definitions, and rows, as text and as
//! binary.

mod binary_row;
mod column_count;
mod column_definition;
mod column_definition320;
mod column_names;
mod convert;
mod extended_metadata;
mod field_list_column;
mod text_row;

pub use binary_row::BinaryRow;
pub use column_count::{ColumnCount, MetadataFollows};
pub use column_definition::ColumnDefinition41;
pub use column_definition320::ColumnDefinition320;
pub use column_names::{ColumnNames, NameParts};
pub use convert::CellError;
pub use extended_metadata::ExtendedMetadata;
pub use field_list_column::FieldListColumn;
pub use text_row::{Cells, TextRow};
