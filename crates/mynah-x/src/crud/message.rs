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
    /// Of which collection.
    #[prost(message, required, tag = "2")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "3")]
    pub data_model: Option<i32>,
    /// What of each; all if this is empty.
    #[prost(message, repeated, tag = "4")]
    pub projection: Vec<Projection>,
    /// Which ones; absent for all.
    #[prost(message, optional, tag = "5")]
    pub criteria: Option<Expr>,
    /// How many at most.
    #[prost(message, optional, tag = "6")]
    pub limit: Option<Limit>,
    /// In which order.
    #[prost(message, repeated, tag = "7")]
    pub order: Vec<Order>,
    /// What is the same in those that become one.
    #[prost(message, repeated, tag = "8")]
    pub grouping: Vec<Expr>,
    /// Which of those that became one.
    #[prost(message, optional, tag = "9")]
    pub grouping_criteria: Option<Expr>,
    /// What the placeholders stand for.
    #[prost(message, repeated, tag = "11")]
    pub args: Vec<Scalar>,
    /// How what is read is locked.
    #[prost(enumeration = "RowLock", optional, tag = "12")]
    pub locking: Option<i32>,
    /// What happens with what others have locked.
    #[prost(enumeration = "RowLockOptions", optional, tag = "13")]
    pub locking_options: Option<i32>,
    /// How many at most, if the number may be a placeholder.
    #[prost(message, optional, tag = "14")]
    pub limit_expr: Option<LimitExpr>,
}

/// A client inserts documents or rows.
///
/// Documentation page: Mysqlx::Crud::Insert.
#[derive(Clone, PartialEq, Message)]
pub struct Insert {
    /// Into which collection.
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
    /// What the placeholders stand for.
    #[prost(message, repeated, tag = "5")]
    pub args: Vec<Scalar>,
    /// Whether documents take the place of those that have their ids.
    #[prost(bool, optional, tag = "6")]
    pub upsert: Option<bool>,
}

/// A client changes documents or rows.
///
/// Documentation page: Mysqlx::Crud::Update.
#[derive(Clone, PartialEq, Message)]
pub struct Update {
    /// Of which collection.
    #[prost(message, required, tag = "2")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "3")]
    pub data_model: Option<i32>,
    /// Which ones; absent for all.
    #[prost(message, optional, tag = "4")]
    pub criteria: Option<Expr>,
    /// How many at most.
    #[prost(message, optional, tag = "5")]
    pub limit: Option<Limit>,
    /// In which order.
    #[prost(message, repeated, tag = "6")]
    pub order: Vec<Order>,
    /// What is changed.
    #[prost(message, repeated, tag = "7")]
    pub operation: Vec<UpdateOperation>,
    /// What the placeholders stand for.
    #[prost(message, repeated, tag = "8")]
    pub args: Vec<Scalar>,
    /// How many at most, if the number may be a placeholder.
    #[prost(message, optional, tag = "9")]
    pub limit_expr: Option<LimitExpr>,
}

/// A client deletes documents or rows.
///
/// Documentation page: Mysqlx::Crud::Delete.
#[derive(Clone, PartialEq, Message)]
pub struct Delete {
    /// Of which collection.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Documents or rows.
    #[prost(enumeration = "DataModel", optional, tag = "2")]
    pub data_model: Option<i32>,
    /// Which ones; absent for all.
    #[prost(message, optional, tag = "3")]
    pub criteria: Option<Expr>,
    /// How many at most.
    #[prost(message, optional, tag = "4")]
    pub limit: Option<Limit>,
    /// In which order.
    #[prost(message, repeated, tag = "5")]
    pub order: Vec<Order>,
    /// What the placeholders stand for.
    #[prost(message, repeated, tag = "6")]
    pub args: Vec<Scalar>,
    /// How many at most, if the number may be a placeholder.
    #[prost(message, optional, tag = "7")]
    pub limit_expr: Option<LimitExpr>,
}

/// A client makes a view of what a [`Find`] reads.
///
/// Documentation page: Mysqlx::Crud::CreateView.
#[derive(Clone, PartialEq, Message)]
pub struct CreateView {
    /// The view.
    #[prost(message, required, tag = "1")]
    pub collection: Collection,
    /// Who is said to have made it.
    #[prost(string, optional, tag = "2")]
    pub definer: Option<String>,
    /// How it is computed; absent for as the server likes.
    #[prost(enumeration = "ViewAlgorithm", optional, tag = "3")]
    pub algorithm: Option<i32>,
    /// Whose privileges it has; absent for those of who made it.
    #[prost(enumeration = "ViewSqlSecurity", optional, tag = "4")]
    pub security: Option<i32>,
    /// What rows that are written through it must be like.
    #[prost(enumeration = "ViewCheckOption", optional, tag = "5")]
    pub check: Option<i32>,
    /// Its columns' names; those of the statement if this is empty.
    #[prost(string, repeated, tag = "6")]
    pub column: Vec<String>,
    /// What it shows.
    #[prost(message, required, tag = "7")]
    pub stmt: Find,
    /// Whether it takes the place of one that is there.
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
    /// Who is said to have made it.
    #[prost(string, optional, tag = "2")]
    pub definer: Option<String>,
    /// How it is computed.
    #[prost(enumeration = "ViewAlgorithm", optional, tag = "3")]
    pub algorithm: Option<i32>,
    /// Whose privileges it has.
    #[prost(enumeration = "ViewSqlSecurity", optional, tag = "4")]
    pub security: Option<i32>,
    /// What rows that are written through it must be like.
    #[prost(enumeration = "ViewCheckOption", optional, tag = "5")]
    pub check: Option<i32>,
    /// Its columns' names.
    #[prost(string, repeated, tag = "6")]
    pub column: Vec<String>,
    /// What it shows; absent for what it has shown so far.
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
    /// Whether it is fine if there is none.
    #[prost(bool, optional, tag = "2")]
    pub if_exists: Option<bool>,
}
