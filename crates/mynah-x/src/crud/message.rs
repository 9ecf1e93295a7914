use prost::Message;

use super::{
    Collection, Column, DataModel, Limit, LimitExpr, Order, Projection, RowLock, RowLockOptions,
    TypedRow, UpdateOperation, ViewAlgorithm, ViewCheckOption, ViewSqlSecurity,
};
use crate::datatypes::Scalar;
use crate::expr::Expr;

/// A client reads documents or rows.
///
/// Documentation page: Mysqlx::Crud::Find.
#[derive(Clone, PartialEq, Message)]
pub struct Find {
    /// The collection to read.
    #[prost(message, required, tag = "2")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "3")]
    pub data_model: Option<i32>,
    /// The parts to read of each; all if this is empty.
    #[prost(message, repeated, tag = "4")]
    pub projection: Vec<Projection>,
    /// The condition; absent for all.
    #[prost(message, optional, tag = "5")]
    pub criteria: Option<Expr>,
    /// The greatest number to read.
    #[prost(message, optional, tag = "6")]
    pub limit: Option<Limit>,
    /// The order.
    #[prost(message, repeated, tag = "7")]
    pub order: Vec<Order>,
    /// The grouping: documents or rows in which these are equal become one.
    #[prost(message, repeated, tag = "8")]
    pub grouping: Vec<Expr>,
    /// The condition for groups.
    #[prost(message, optional, tag = "9")]
    pub grouping_criteria: Option<Expr>,
    /// The values of the placeholders.
    #[prost(message, repeated, tag = "11")]
    pub args: Vec<Scalar>,
    /// How the documents or rows read are locked.
    #[prost(enumeration = "RowLock", optional, tag = "12")]
    pub locking: Option<i32>,
    /// What happens with those that other sessions have locked.
    #[prost(enumeration = "RowLockOptions", optional, tag = "13")]
    pub locking_options: Option<i32>,
    /// The greatest number to read, as an expression that may be a placeholder.
    #[prost(message, optional, tag = "14")]
    pub limit_expr: Option<LimitExpr>,
}

/// A client inserts documents or rows.
///
/// Documentation page: Mysqlx::Crud::Insert.
#[derive(Clone, PartialEq, Message)]
pub struct Insert {
    /// The collection to insert into.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "2")]
    pub data_model: Option<i32>,
    /// The columns that rows have values for; all if this is empty.
    #[prost(message, repeated, tag = "3")]
    pub projection: Vec<Column>,
    /// The documents or rows.
    #[prost(message, repeated, tag = "4")]
    pub row: Vec<TypedRow>,
    /// The values of the placeholders.
    #[prost(message, repeated, tag = "5")]
    pub args: Vec<Scalar>,
    /// Whether documents replace existing ones with the same ids.
    #[prost(bool, optional, tag = "6")]
    pub upsert: Option<bool>,
}

/// A client changes documents or rows.
///
/// Documentation page: Mysqlx::Crud::Update.
#[derive(Clone, PartialEq, Message)]
pub struct Update {
    /// The collection to change.
    #[prost(message, required, tag = "2")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "3")]
    pub data_model: Option<i32>,
    /// The condition; absent for all.
    #[prost(message, optional, tag = "4")]
    pub criteria: Option<Expr>,
    /// The greatest number to change.
    #[prost(message, optional, tag = "5")]
    pub limit: Option<Limit>,
    /// The order.
    #[prost(message, repeated, tag = "6")]
    pub order: Vec<Order>,
    /// The changes.
    #[prost(message, repeated, tag = "7")]
    pub operation: Vec<UpdateOperation>,
    /// The values of the placeholders.
    #[prost(message, repeated, tag = "8")]
    pub args: Vec<Scalar>,
    /// The greatest number to change, as an expression that may be a placeholder.
    #[prost(message, optional, tag = "9")]
    pub limit_expr: Option<LimitExpr>,
}

/// A client deletes documents or rows.
///
/// Documentation page: Mysqlx::Crud::Delete.
#[derive(Clone, PartialEq, Message)]
pub struct Delete {
    /// The collection to delete from.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "2")]
    pub data_model: Option<i32>,
    /// The condition; absent for all.
    #[prost(message, optional, tag = "3")]
    pub criteria: Option<Expr>,
    /// The greatest number to delete.
    #[prost(message, optional, tag = "4")]
    pub limit: Option<Limit>,
    /// The order.
    #[prost(message, repeated, tag = "5")]
    pub order: Vec<Order>,
    /// The values of the placeholders.
    #[prost(message, repeated, tag = "6")]
    pub args: Vec<Scalar>,
    /// The greatest number to delete, as an expression that may be a placeholder.
    #[prost(message, optional, tag = "7")]
    pub limit_expr: Option<LimitExpr>,
}

/// A client creates a view of the result of a [`Find`].
///
/// Documentation page: Mysqlx::Crud::CreateView.
#[derive(Clone, PartialEq, Message)]
pub struct CreateView {
    /// The view.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// The account that counts as its definer.
    #[prost(string, optional, tag = "2")]
    pub definer: Option<String>,
    /// How it is computed; absent for the server's choice.
    #[prost(enumeration = "ViewAlgorithm", optional, tag = "3")]
    pub algorithm: Option<i32>,
    /// The account whose privileges apply; absent for the definer.
    #[prost(enumeration = "ViewSqlSecurity", optional, tag = "4")]
    pub security: Option<i32>,
    /// The condition that rows written through the view must meet.
    #[prost(enumeration = "ViewCheckOption", optional, tag = "5")]
    pub check: Option<i32>,
    /// Its columns' names; those of the statement if this is empty.
    #[prost(string, repeated, tag = "6")]
    pub column: Vec<String>,
    /// The statement behind the view.
    #[prost(message, required, tag = "7")]
    pub stmt: Find,
    /// Whether it replaces an existing view.
    #[prost(bool, optional, tag = "8")]
    pub replace_existing: Option<bool>,
}

/// A client changes a view.
///
/// Documentation page: Mysqlx::Crud::ModifyView.
#[derive(Clone, PartialEq, Message)]
pub struct ModifyView {
    /// The view.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// The account that counts as its definer.
    #[prost(string, optional, tag = "2")]
    pub definer: Option<String>,
    /// How it is computed.
    #[prost(enumeration = "ViewAlgorithm", optional, tag = "3")]
    pub algorithm: Option<i32>,
    /// The account whose privileges apply.
    #[prost(enumeration = "ViewSqlSecurity", optional, tag = "4")]
    pub security: Option<i32>,
    /// The condition that rows written through the view must meet.
    #[prost(enumeration = "ViewCheckOption", optional, tag = "5")]
    pub check: Option<i32>,
    /// Its columns' names.
    #[prost(string, repeated, tag = "6")]
    pub column: Vec<String>,
    /// The statement behind the view; absent to keep the current one.
    #[prost(message, optional, tag = "7")]
    pub stmt: Option<Find>,
}

/// A client drops a view.
///
/// Documentation page: Mysqlx::Crud::DropView.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct DropView {
    /// The view.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Whether a missing view is no error.
    #[prost(bool, optional, tag = "2")]
    pub if_exists: Option<bool>,
}
