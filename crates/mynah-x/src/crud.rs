//! `Mysqlx.Crud`: reading and changing documents and rows without SQL.

mod message;
mod part;

pub use message::{CreateView, Delete, DropView, Find, Insert, ModifyView, Update};
pub use part::{
    Collection, Column, DataModel, Limit, LimitExpr, Order, OrderDirection, Projection, RowLock,
    RowLockOptions, TypedRow, UpdateOperation, UpdateType, ViewAlgorithm, ViewCheckOption,
    ViewSqlSecurity,
};
