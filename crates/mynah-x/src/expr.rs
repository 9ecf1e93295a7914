//! `Mysqlx.Expr`: the expressions of CRUD messages.

use prost::{Enumeration, Message};

use crate::datatypes::Scalar;

/// An expression.
///
/// Documentation page: Mysqlx::Expr::Expr.
#[derive(Clone, PartialEq, Message)]
pub struct Expr {
    /// The field below that has the expression.
    #[prost(enumeration = "ExprType", required, tag = "1")]
    pub r#type: i32,
    /// `IDENT`.
    #[prost(message, optional, boxed, tag = "2")]
    pub identifier: Option<Box<ColumnIdentifier>>,
    /// `VARIABLE`.
    #[prost(string, optional, tag = "3")]
    pub variable: Option<String>,
    /// `LITERAL`.
    #[prost(message, optional, boxed, tag = "4")]
    pub literal: Option<Box<Scalar>>,
    /// `FUNC_CALL`.
    #[prost(message, optional, boxed, tag = "5")]
    pub function_call: Option<Box<FunctionCall>>,
    /// `OPERATOR`.
    #[prost(message, optional, boxed, tag = "6")]
    pub operator: Option<Box<Operator>>,
    /// `PLACEHOLDER`: the index of the argument, from 0.
    #[prost(uint32, optional, tag = "7")]
    pub position: Option<u32>,
    /// `OBJECT`.
    #[prost(message, optional, tag = "8")]
    pub object: Option<Object>,
    /// `ARRAY`.
    #[prost(message, optional, tag = "9")]
    pub array: Option<Array>,
}

/// The kind of an [`Expr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ExprType {
    /// A column, or a place in a document.
    Ident = 1,
    /// A value.
    Literal = 2,
    /// A user variable.
    Variable = 3,
    /// A function call.
    FuncCall = 4,
    /// An operator with its operands.
    Operator = 5,
    /// An argument.
    Placeholder = 6,
    /// Expressions with names.
    Object = 7,
    /// Expressions without names.
    Array = 8,
}

/// The name of an object in a schema.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Identifier {
    /// Its name.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// Its schema.
    #[prost(string, optional, tag = "2")]
    pub schema_name: Option<String>,
}

/// One step of a path in a document.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct DocumentPathItem {
    /// The kind of step.
    #[prost(enumeration = "DocumentPathItemType", required, tag = "1")]
    pub r#type: i32,
    /// The name of a `MEMBER`.
    #[prost(string, optional, tag = "2")]
    pub value: Option<String>,
    /// The index of an `ARRAY_INDEX`, from 0.
    #[prost(uint32, optional, tag = "3")]
    pub index: Option<u32>,
}

/// The kind of a [`DocumentPathItem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum DocumentPathItemType {
    /// `.name`.
    Member = 1,
    /// `.*`.
    MemberAsterisk = 2,
    /// `[index]`.
    ArrayIndex = 3,
    /// `[*]`.
    ArrayIndexAsterisk = 4,
    /// `**`.
    DoubleAsterisk = 5,
}

/// A column, or a place in the document of a column or of a collection.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct ColumnIdentifier {
    /// The path; empty for the whole document.
    #[prost(message, repeated, tag = "1")]
    pub document_path: Vec<DocumentPathItem>,
    /// The column's name; absent for a collection.
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
    /// The table's name.
    #[prost(string, optional, tag = "3")]
    pub table_name: Option<String>,
    /// The schema's name.
    #[prost(string, optional, tag = "4")]
    pub schema_name: Option<String>,
}

/// A function call.
#[derive(Clone, PartialEq, Message)]
pub struct FunctionCall {
    /// The function.
    #[prost(message, required, tag = "1")]
    pub name: Identifier,
    /// Its arguments.
    #[prost(message, repeated, tag = "2")]
    pub param: Vec<Expr>,
}

/// An operator with its operands.
#[derive(Clone, PartialEq, Message)]
pub struct Operator {
    /// The operator: `==`, `&&`, `in` and the like.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// Its operands.
    #[prost(message, repeated, tag = "2")]
    pub param: Vec<Expr>,
}

/// Expressions with names, in order: a document.
#[derive(Clone, PartialEq, Message)]
pub struct Object {
    /// The expressions.
    #[prost(message, repeated, tag = "1")]
    pub fld: Vec<ObjectField>,
}

/// One expression of an [`Object`].
#[derive(Clone, PartialEq, Message)]
pub struct ObjectField {
    /// Its name.
    #[prost(string, required, tag = "1")]
    pub key: String,
    /// The value, as an expression.
    #[prost(message, required, tag = "2")]
    pub value: Expr,
}

/// Expressions without names, in order.
#[derive(Clone, PartialEq, Message)]
pub struct Array {
    /// The expressions.
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Expr>,
}
