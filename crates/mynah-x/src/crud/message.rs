use prost::Message;

use super::{
    Collection, Column, DataModel, Limit, LimitExpr, Order, Projection, RowLock, RowLockOptions,
    TypedRow, UpdateOperation, ViewAlgorithm, ViewCheckOption, ViewSqlSecurity,
};
use crate::datatypes::Scalar;
use crate::expr::Expr;

/// Reads documents or rows. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::Find.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Find {
    /// The collection, table or view to read.
    #[prost(message, required, tag = "2")]
    pub collection: Collection,
    /// Whether the message is about documents or rows: a [`DataModel`](super::DataModel). Absent counts as
    /// documents.
    #[prost(enumeration = "DataModel", optional, tag = "3")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<DataModel>", default)
    )]
    pub data_model: Option<i32>,
    /// The fields or columns to return; all if this is empty.
    #[prost(message, repeated, tag = "4")]
    pub projection: Vec<Projection>,
    /// The condition on documents or rows; absent for all of them.
    #[prost(message, optional, tag = "5")]
    pub criteria: Option<Expr>,
    /// The greatest number of documents or rows to return; absent for no limit, or if there is a `limit_expr`.
    #[prost(message, optional, tag = "6")]
    pub limit: Option<Limit>,
    /// The order in which documents or rows are returned.
    #[prost(message, repeated, tag = "7")]
    pub order: Vec<Order>,
    /// The expressions by which documents or rows are grouped.
    #[prost(message, repeated, tag = "8")]
    pub grouping: Vec<Expr>,
    /// The condition on groups (HAVING); absent for all groups.
    #[prost(message, optional, tag = "9")]
    pub grouping_criteria: Option<Expr>,
    /// The values of the placeholders, in order.
    #[prost(message, repeated, tag = "11")]
    pub args: Vec<Scalar>,
    /// The lock to take on what is read: a [`RowLock`](super::RowLock). Absent for none.
    #[prost(enumeration = "RowLock", optional, tag = "12")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<RowLock>", default)
    )]
    pub locking: Option<i32>,
    /// What to do if another session holds the lock: a [`RowLockOptions`](super::RowLockOptions). Absent to wait.
    #[prost(enumeration = "RowLockOptions", optional, tag = "13")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<RowLockOptions>", default)
    )]
    pub locking_options: Option<i32>,
    /// The greatest number to return, as expressions that may be placeholders; in place of `limit`. Absent for
    /// none.
    #[prost(message, optional, tag = "14")]
    pub limit_expr: Option<LimitExpr>,
}

/// Inserts documents or rows. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::Insert.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Insert {
    /// The collection or table to insert into.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Whether the message is about documents or rows: a [`DataModel`](super::DataModel). Absent counts as
    /// documents.
    #[prost(enumeration = "DataModel", optional, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<DataModel>", default)
    )]
    pub data_model: Option<i32>,
    /// The columns that the rows have values for; all if this is empty.
    #[prost(message, repeated, tag = "3")]
    pub projection: Vec<Column>,
    /// The documents or rows to insert.
    #[prost(message, repeated, tag = "4")]
    pub row: Vec<TypedRow>,
    /// The values of the placeholders, in order.
    #[prost(message, repeated, tag = "5")]
    pub args: Vec<Scalar>,
    /// Whether a document replaces the existing one with the same `_id`; absent for no.
    #[prost(bool, optional, tag = "6")]
    pub upsert: Option<bool>,
}

/// Changes documents or rows. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::Update.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Update {
    /// The collection or table to change.
    #[prost(message, required, tag = "2")]
    pub collection: Collection,
    /// Whether the message is about documents or rows: a [`DataModel`](super::DataModel). Absent counts as
    /// documents.
    #[prost(enumeration = "DataModel", optional, tag = "3")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<DataModel>", default)
    )]
    pub data_model: Option<i32>,
    /// The condition on documents or rows; absent for all of them.
    #[prost(message, optional, tag = "4")]
    pub criteria: Option<Expr>,
    /// The greatest number of documents or rows to change; absent for no limit, or if there is a `limit_expr`.
    #[prost(message, optional, tag = "5")]
    pub limit: Option<Limit>,
    /// The order in which documents or rows are changed.
    #[prost(message, repeated, tag = "6")]
    pub order: Vec<Order>,
    /// The changes to each document or row, in order.
    #[prost(message, repeated, tag = "7")]
    pub operation: Vec<UpdateOperation>,
    /// The values of the placeholders, in order.
    #[prost(message, repeated, tag = "8")]
    pub args: Vec<Scalar>,
    /// The greatest number to change, as expressions that may be placeholders; in place of `limit`. Absent for
    /// none.
    #[prost(message, optional, tag = "9")]
    pub limit_expr: Option<LimitExpr>,
}

/// Deletes documents or rows. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::Delete.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Delete {
    /// The collection or table to delete from.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Whether the message is about documents or rows: a [`DataModel`](super::DataModel). Absent counts as
    /// documents.
    #[prost(enumeration = "DataModel", optional, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<DataModel>", default)
    )]
    pub data_model: Option<i32>,
    /// The condition on documents or rows; absent for all of them.
    #[prost(message, optional, tag = "3")]
    pub criteria: Option<Expr>,
    /// The greatest number of documents or rows to delete; absent for no limit, or if there is a `limit_expr`.
    #[prost(message, optional, tag = "4")]
    pub limit: Option<Limit>,
    /// The order in which documents or rows are deleted.
    #[prost(message, repeated, tag = "5")]
    pub order: Vec<Order>,
    /// The values of the placeholders, in order.
    #[prost(message, repeated, tag = "6")]
    pub args: Vec<Scalar>,
    /// The greatest number to delete, as expressions that may be placeholders; in place of `limit`. Absent for
    /// none.
    #[prost(message, optional, tag = "7")]
    pub limit_expr: Option<LimitExpr>,
}

/// Creates a view on the result of a [`Find`]. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::CreateView.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CreateView {
    /// The name of the view to create.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// The account of the DEFINER clause; absent for the client's own.
    #[prost(string, optional, tag = "2")]
    pub definer: Option<String>,
    /// The ALGORITHM of the view: a [`ViewAlgorithm`](super::ViewAlgorithm). Absent for the server's choice.
    #[prost(enumeration = "ViewAlgorithm", optional, tag = "3")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ViewAlgorithm>", default)
    )]
    pub algorithm: Option<i32>,
    /// SQL SECURITY, the account whose privileges apply: a [`ViewSqlSecurity`](super::ViewSqlSecurity). Absent for
    /// the definer's.
    #[prost(enumeration = "ViewSqlSecurity", optional, tag = "4")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ViewSqlSecurity>", default)
    )]
    pub security: Option<i32>,
    /// The WITH CHECK OPTION of the view: a [`ViewCheckOption`](super::ViewCheckOption), which says which
    /// conditions a row that is written through the view must meet. Absent for a view without this option.
    #[prost(enumeration = "ViewCheckOption", optional, tag = "5")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ViewCheckOption>", default)
    )]
    pub check: Option<i32>,
    /// The names of the view's columns; those of the statement if this is empty.
    #[prost(string, repeated, tag = "6")]
    pub column: Vec<String>,
    /// The statement that the view shows the result of.
    #[prost(message, required, tag = "7")]
    pub stmt: Find,
    /// Whether an existing view of this name is replaced; absent for no.
    #[prost(bool, optional, tag = "8")]
    pub replace_existing: Option<bool>,
}

/// Changes a view. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::ModifyView.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ModifyView {
    /// The name of the view to change.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// The account of the DEFINER clause; absent if the message doesn't set it.
    #[prost(string, optional, tag = "2")]
    pub definer: Option<String>,
    /// The ALGORITHM of the view: a [`ViewAlgorithm`](super::ViewAlgorithm). Absent if the message doesn't set it.
    #[prost(enumeration = "ViewAlgorithm", optional, tag = "3")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ViewAlgorithm>", default)
    )]
    pub algorithm: Option<i32>,
    /// SQL SECURITY, the account whose privileges apply: a [`ViewSqlSecurity`](super::ViewSqlSecurity). Absent if
    /// the message doesn't set it.
    #[prost(enumeration = "ViewSqlSecurity", optional, tag = "4")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ViewSqlSecurity>", default)
    )]
    pub security: Option<i32>,
    /// The WITH CHECK OPTION of the view: a [`ViewCheckOption`](super::ViewCheckOption), which says which
    /// conditions a row that is written through the view must meet. Absent if the message doesn't set it.
    #[prost(enumeration = "ViewCheckOption", optional, tag = "5")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ViewCheckOption>", default)
    )]
    pub check: Option<i32>,
    /// The names of the view's columns; those of the statement if this is empty.
    #[prost(string, repeated, tag = "6")]
    pub column: Vec<String>,
    /// The statement that the view shows the result of; absent if the message doesn't set it.
    #[prost(message, optional, tag = "7")]
    pub stmt: Option<Find>,
}

/// Drops a view. Sent by a client.
///
/// Documentation page: Mysqlx::Crud::DropView.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DropView {
    /// The name of the view to drop.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Whether the message succeeds even if the view doesn't exist; absent for no.
    #[prost(bool, optional, tag = "2")]
    pub if_exists: Option<bool>,
}
