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
    /// Its name.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// The schema it is in; absent for the one in use.
    #[prost(string, optional, tag = "2")]
    pub schema: Option<String>,
}

/// A column that is written to.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Column {
    /// Its name.
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    /// Another name for it.
    #[prost(string, optional, tag = "2")]
    pub alias: Option<String>,
    /// A place in its document.
    #[prost(message, repeated, tag = "3")]
    pub document_path: Vec<DocumentPathItem>,
}

/// Something that is read of each document or row.
#[derive(Clone, PartialEq, Message)]
pub struct Projection {
    /// What.
    #[prost(message, required, tag = "1")]
    pub source: Expr,
    /// The name it has in the result.
    #[prost(string, optional, tag = "2")]
    pub alias: Option<String>,
}

/// How many documents or rows at most.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Limit {
    /// How many.
    #[prost(uint64, required, tag = "1")]
    pub row_count: u64,
    /// How many are left out first.
    #[prost(uint64, optional, tag = "2")]
    pub offset: Option<u64>,
}

/// The same, with numbers that may be placeholders.
#[derive(Clone, PartialEq, Message)]
pub struct LimitExpr {
    /// How many.
    #[prost(message, required, tag = "1")]
    pub row_count: Expr,
    /// How many are left out first.
    #[prost(message, optional, tag = "2")]
    pub offset: Option<Expr>,
}

/// What the order depends on.
#[derive(Clone, PartialEq, Message)]
pub struct Order {
    /// What is compared.
    #[prost(message, required, tag = "1")]
    pub expr: Expr,
    /// Which way; absent for the smallest first.
    #[prost(enumeration = "OrderDirection", optional, tag = "2")]
    pub direction: Option<i32>,
}

/// Which way an [`Order`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum OrderDirection {
    /// The smallest first.
    Asc = 1,
    /// The greatest first.
    Desc = 2,
}

/// One change that an update makes.
///
/// Documentation page: Mysqlx::Crud::UpdateOperation.
#[derive(Clone, PartialEq, Message)]
pub struct UpdateOperation {
    /// Where.
    #[prost(message, required, tag = "1")]
    pub source: ColumnIdentifier,
    /// What.
    #[prost(enumeration = "UpdateType", required, tag = "2")]
    pub operation: i32,
    /// The new value, if the change has one.
    #[prost(message, optional, tag = "3")]
    pub value: Option<Expr>,
}

/// What an [`UpdateOperation`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum UpdateType {
    /// Sets a column.
    Set = 1,
    /// Removes a member.
    ItemRemove = 2,
    /// Sets a member, be it there or not.
    ItemSet = 3,
    /// Sets a member that is there.
    ItemReplace = 4,
    /// Merges documents.
    ItemMerge = 5,
    /// Puts something into an array.
    ArrayInsert = 6,
    /// Puts something at the end of an array.
    ArrayAppend = 7,
    /// Changes a document as RFC 7396 has it.
    MergePatch = 8,
}

/// One document or row that is inserted.
#[derive(Clone, PartialEq, Message)]
pub struct TypedRow {
    /// The document, or the row's values.
    #[prost(message, repeated, tag = "1")]
    pub field: Vec<Expr>,
}

/// How the rows that are read are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum RowLock {
    /// Others may read them.
    SharedLock = 1,
    /// Nobody else may.
    ExclusiveLock = 2,
}

/// What happens with rows that others have locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum RowLockOptions {
    /// The statement fails.
    Nowait = 1,
    /// They are left out.
    SkipLocked = 2,
}

/// How a view is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ViewAlgorithm {
    /// As the server likes.
    Undefined = 1,
    /// As part of the statement.
    Merge = 2,
    /// By itself first.
    Temptable = 3,
}

/// Whose privileges a view has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ViewSqlSecurity {
    /// Those of who uses it.
    Invoker = 1,
    /// Those of who made it.
    Definer = 2,
}

/// What rows that are written through a view must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ViewCheckOption {
    /// In it.
    Local = 1,
    /// In it and in the views it is made of.
    Cascaded = 2,
}
