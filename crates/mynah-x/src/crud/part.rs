use prost::{Enumeration, Message};

use crate::expr::{ColumnIdentifier, DocumentPathItem, Expr};

/// Whether a message is about documents or about rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum DataModel {
    /// Documents of a collection.
    Document = 1,
    /// Rows of a table.
    Table = 2,
}

/// A collection, a table or a view.
///
/// Documentation page: Mysqlx::Crud::Collection.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Collection {
    /// The name of the collection, table or view.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// The schema; absent for the one in use.
    #[prost(string, optional, tag = "2")]
    pub schema: Option<String>,
}

/// A column that a value is written to.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Column {
    /// The name of the column that a value is inserted into.
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    /// An alias for the column that a value is inserted into.
    #[prost(string, optional, tag = "2")]
    pub alias: Option<String>,
    /// The path of a field in the column's document.
    #[prost(message, repeated, tag = "3")]
    pub document_path: Vec<DocumentPathItem>,
}

/// A field, column or expression to return of each document or row.
#[derive(Clone, PartialEq, Message)]
pub struct Projection {
    /// The expression to return.
    #[prost(message, required, tag = "1")]
    pub source: Expr,
    /// The expression's name in the result (AS).
    #[prost(string, optional, tag = "2")]
    pub alias: Option<String>,
}

/// A LIMIT: the greatest number of documents or rows, and how many to skip.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Limit {
    /// The greatest number of documents or rows.
    #[prost(uint64, required, tag = "1")]
    pub row_count: u64,
    /// How many documents or rows to skip first.
    #[prost(uint64, optional, tag = "2")]
    pub offset: Option<u64>,
}

/// Like [`Limit`], but with expressions, which may be placeholders.
#[derive(Clone, PartialEq, Message)]
pub struct LimitExpr {
    /// The greatest number of documents or rows.
    #[prost(message, required, tag = "1")]
    pub row_count: Expr,
    /// How many documents or rows to skip first.
    #[prost(message, optional, tag = "2")]
    pub offset: Option<Expr>,
}

/// A key of a sort order: an expression and a direction.
#[derive(Clone, PartialEq, Message)]
pub struct Order {
    /// The expression to sort by.
    #[prost(message, required, tag = "1")]
    pub expr: Expr,
    /// The direction: an [`OrderDirection`]. If it is absent, the order is ascending.
    #[prost(enumeration = "OrderDirection", optional, tag = "2")]
    pub direction: Option<i32>,
}

/// The direction in which a key of a sort order sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum OrderDirection {
    /// Ascending.
    Asc = 1,
    /// Descending.
    Desc = 2,
}

/// A single change of an Update.
///
/// Documentation page: Mysqlx::Crud::UpdateOperation.
#[derive(Clone, PartialEq, Message)]
pub struct UpdateOperation {
    /// The column or field to change.
    #[prost(message, required, tag = "1")]
    pub source: ColumnIdentifier,
    /// The kind of change: an [`UpdateType`].
    #[prost(enumeration = "UpdateType", required, tag = "2")]
    pub operation: i32,
    /// The new value; absent for kinds without one.
    #[prost(message, optional, tag = "3")]
    pub value: Option<Expr>,
}

/// The kind of an [`UpdateOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum UpdateType {
    /// Sets a column.
    Set = 1,
    /// Removes a member.
    ItemRemove = 2,
    /// Sets a member, whether it exists or not.
    ItemSet = 3,
    /// Sets a member that exists.
    ItemReplace = 4,
    /// Merges documents.
    ItemMerge = 5,
    /// Inserts a value into an array.
    ArrayInsert = 6,
    /// Appends a value to an array.
    ArrayAppend = 7,
    /// Applies a merge patch (RFC 7396) to a document.
    MergePatch = 8,
}

/// One document or row to insert.
#[derive(Clone, PartialEq, Message)]
pub struct TypedRow {
    /// The document, or the row's values.
    #[prost(message, repeated, tag = "1")]
    pub field: Vec<Expr>,
}

/// The lock that a read takes on documents or rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum RowLock {
    /// Other sessions may still read them.
    SharedLock = 1,
    /// Other sessions may neither read nor change them.
    ExclusiveLock = 2,
}

/// What a read does with documents or rows that other sessions have locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum RowLockOptions {
    /// The statement fails.
    Nowait = 1,
    /// The rows are skipped.
    SkipLocked = 2,
}

/// The ALGORITHM of a view: how a statement on it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ViewAlgorithm {
    /// By the server's choice.
    Undefined = 1,
    /// As part of the statement that uses it.
    Merge = 2,
    /// Before the statement that uses it, into a temporary table.
    Temptable = 3,
}

/// The account whose privileges apply to a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ViewSqlSecurity {
    /// The account that uses the view.
    Invoker = 1,
    /// The account that defined the view.
    Definer = 2,
}

/// The condition that rows written through a view must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ViewCheckOption {
    /// That of the view.
    Local = 1,
    /// That of the view and of the views it is based on.
    Cascaded = 2,
}
