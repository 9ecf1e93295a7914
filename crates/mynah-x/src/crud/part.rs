use prost::{Enumeration, Message};

use crate::expr::{ColumnIdentifier, DocumentPathItem, Expr};

/// Whether a message is about documents or about rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum DataModel {
    /// The message is about documents of a collection.
    Document = 1,
    /// The message is about rows of a table.
    Table = 2,
}

/// A collection, a table or a view.
///
/// Documentation page: Mysqlx::Crud::Collection.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Collection {
    /// The name of the collection, table or view.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// The schema; absent for the one in use.
    #[prost(string, optional, tag = "2")]
    pub schema: Option<String>,
}

/// A column that a row to insert has a value for.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Column {
    /// The name of the column; absent if none is given.
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    /// An alias of the column, which has no meaning in an insert; absent for none.
    #[prost(string, optional, tag = "2")]
    pub alias: Option<String>,
    /// The path of a field in the column's document; empty for the column itself.
    #[prost(message, repeated, tag = "3")]
    pub document_path: Vec<DocumentPathItem>,
}

/// A field, column or expression to return of each document or row.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Projection {
    /// The expression to return.
    #[prost(message, required, tag = "1")]
    pub source: Expr,
    /// The expression's name in the result (AS); absent for the server's choice.
    #[prost(string, optional, tag = "2")]
    pub alias: Option<String>,
}

/// A LIMIT: the greatest number of documents or rows, and how many to skip.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Limit {
    /// The greatest number of documents or rows.
    #[prost(uint64, required, tag = "1")]
    pub row_count: u64,
    /// How many documents or rows to skip before the first one; absent for none.
    #[prost(uint64, optional, tag = "2")]
    pub offset: Option<u64>,
}

/// Like [`Limit`], but with expressions, which may be placeholders.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LimitExpr {
    /// The greatest number of documents or rows, as an expression.
    #[prost(message, required, tag = "1")]
    pub row_count: Expr,
    /// How many documents or rows to skip before the first one, as an expression; absent for none.
    #[prost(message, optional, tag = "2")]
    pub offset: Option<Expr>,
}

/// A key of a sort order: an expression and a direction.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Order {
    /// The expression to sort by.
    #[prost(message, required, tag = "1")]
    pub expr: Expr,
    /// The direction: an [`OrderDirection`]. If it is absent, the order is ascending.
    #[prost(enumeration = "OrderDirection", optional, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<OrderDirection>", default)
    )]
    pub direction: Option<i32>,
}

/// The direction in which a key of a sort order sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum OrderDirection {
    /// Ascending: the smallest value first.
    Asc = 1,
    /// Descending: the greatest value first.
    Desc = 2,
}

/// A single change of an Update.
///
/// Documentation page: Mysqlx::Crud::UpdateOperation.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UpdateOperation {
    /// The column or field to change.
    #[prost(message, required, tag = "1")]
    pub source: ColumnIdentifier,
    /// The kind of change: an [`UpdateType`].
    #[prost(enumeration = "UpdateType", required, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<UpdateType>")
    )]
    pub operation: i32,
    /// The new value, or the document to merge; absent for [`UpdateType::ItemRemove`].
    #[prost(message, optional, tag = "3")]
    pub value: Option<Expr>,
}

/// The kind of an [`UpdateOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum UpdateType {
    /// Sets a column of a table.
    Set = 1,
    /// Removes a member of a document.
    ItemRemove = 2,
    /// Sets a member of a document, whether it exists or not.
    ItemSet = 3,
    /// Sets a member of a document if it exists.
    ItemReplace = 4,
    /// Merges a document into the present one.
    ItemMerge = 5,
    /// Inserts a value into an array of a document.
    ArrayInsert = 6,
    /// Appends a value to an array of a document.
    ArrayAppend = 7,
    /// Applies a merge patch (RFC 7396) to a document.
    MergePatch = 8,
}

/// One document or row to insert.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TypedRow {
    /// The document, or the row's values.
    #[prost(message, repeated, tag = "1")]
    pub field: Vec<Expr>,
}

/// The lock that a read takes on documents or rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum RowLock {
    /// A shared lock: other sessions may read the documents or rows, but not change them.
    SharedLock = 1,
    /// An exclusive lock: other sessions may neither lock nor change the documents or rows.
    ExclusiveLock = 2,
}

/// What a read does with documents or rows that other sessions have locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum RowLockOptions {
    /// The statement fails at once.
    Nowait = 1,
    /// The documents or rows that are locked are left out of the result.
    SkipLocked = 2,
}

/// The ALGORITHM of a view: how a statement on it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ViewAlgorithm {
    /// The server chooses how.
    Undefined = 1,
    /// The view's statement is merged into the statement that uses it.
    Merge = 2,
    /// The view's statement is run first, into a temporary table.
    Temptable = 3,
}

/// The account whose privileges apply to a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ViewSqlSecurity {
    /// The account that uses the view.
    Invoker = 1,
    /// The account that defined the view.
    Definer = 2,
}

/// The condition that rows written through a view must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ViewCheckOption {
    /// Rows must meet the condition of the view itself.
    Local = 1,
    /// Rows must meet the conditions of the view and of the views that it is based on.
    Cascaded = 2,
}
