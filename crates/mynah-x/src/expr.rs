//! `Mysqlx.Expr`: the expressions of CRUD messages.

use prost::{Enumeration, Message};

use crate::datatypes::Scalar;

/// An expression, as in the criteria of a CRUD message. [`type`](Self::type) says which of the other fields
/// has it.
///
/// Documentation page: Mysqlx::Expr::Expr.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Expr {
    /// Says which of the other fields has the expression: an [`ExprType`].
    #[prost(enumeration = "ExprType", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::Named::<ExprType>"))]
    pub r#type: i32,
    /// The column or field, if the type is `IDENT`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "2")]
    pub identifier: Option<Box<ColumnIdentifier>>,
    /// The name of the user variable, if the type is `VARIABLE`; with other types it has no meaning, and is usually
    /// absent.
    #[prost(string, optional, tag = "3")]
    pub variable: Option<String>,
    /// The value, if the type is `LITERAL`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "4")]
    pub literal: Option<Box<Scalar>>,
    /// The function call, if the type is `FUNC_CALL`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "5")]
    pub function_call: Option<Box<FunctionCall>>,
    /// The operator with its operands, if the type is `OPERATOR`; with other types it has no meaning, and is usually
    /// absent.
    #[prost(message, optional, boxed, tag = "6")]
    pub operator: Option<Box<Operator>>,
    /// The index of the argument that takes the placeholder's place, from 0, if the type is `PLACEHOLDER`; with other
    /// types it has no meaning, and is usually absent.
    #[prost(uint32, optional, tag = "7")]
    pub position: Option<u32>,
    /// The document, if the type is `OBJECT`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, tag = "8")]
    pub object: Option<Object>,
    /// The list, if the type is `ARRAY`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, tag = "9")]
    pub array: Option<Array>,
}

/// The type of an [`Expr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ExprType {
    /// A column, or a field of a document, in `identifier`.
    Ident = 1,
    /// A value, in `literal`.
    Literal = 2,
    /// A user variable, in `variable`.
    Variable = 3,
    /// A function call, in `function_call`.
    FuncCall = 4,
    /// An operator with its operands, in `operator`.
    Operator = 5,
    /// A placeholder for an argument, whose index is in `position`.
    Placeholder = 6,
    /// A document whose values are expressions, in `object`.
    Object = 7,
    /// A list of expressions, in `array`.
    Array = 8,
}

/// The name of a function or another object in a schema.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Identifier {
    /// The name of the function or other object.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// The name of the object's schema; absent if none is named.
    #[prost(string, optional, tag = "2")]
    pub schema_name: Option<String>,
}

/// A step of the path to a field in a document.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DocumentPathItem {
    /// The type of the step: a [`DocumentPathItemType`].
    #[prost(enumeration = "DocumentPathItemType", required, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<DocumentPathItemType>")
    )]
    pub r#type: i32,
    /// The member's name, if the type is `MEMBER`; with other types it has no meaning, and is usually absent.
    #[prost(string, optional, tag = "2")]
    pub value: Option<String>,
    /// The index in an array, from 0, if the type is `ARRAY_INDEX`; with other types it has no meaning, and is usually
    /// absent.
    #[prost(uint32, optional, tag = "3")]
    pub index: Option<u32>,
}

/// The type of a [`DocumentPathItem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum DocumentPathItemType {
    /// A member of an object by its name: `.name`.
    Member = 1,
    /// All members of an object: `.*`.
    MemberAsterisk = 2,
    /// An element of an array by its index: `[index]`.
    ArrayIndex = 3,
    /// All elements of an array: `[*]`.
    ArrayIndexAsterisk = 4,
    /// All values below, at any depth: `**`.
    DoubleAsterisk = 5,
}

/// A column, or a field in the document of a column or a collection.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ColumnIdentifier {
    /// The path to the field; empty for the whole column or document.
    #[prost(message, repeated, tag = "1")]
    pub document_path: Vec<DocumentPathItem>,
    /// The column's name; absent in a collection.
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
    /// The name of the column's table; absent if none is named.
    #[prost(string, optional, tag = "3")]
    pub table_name: Option<String>,
    /// The name of the table's schema; absent if none is named.
    #[prost(string, optional, tag = "4")]
    pub schema_name: Option<String>,
}

/// The call of a function with arguments, in an expression.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FunctionCall {
    /// The function's name, with or without a schema.
    #[prost(message, required, tag = "1")]
    pub name: Identifier,
    /// The arguments of the call.
    #[prost(message, repeated, tag = "2")]
    pub param: Vec<Expr>,
}

/// An operator with its operands.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Operator {
    /// The operator: `==`, `&&`, `in` and the like.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// The operands of the operator, in order.
    #[prost(message, repeated, tag = "2")]
    pub param: Vec<Expr>,
}

/// A document whose values are expressions.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Object {
    /// The named expressions of the document, in order.
    #[prost(message, repeated, tag = "1")]
    pub fld: Vec<ObjectField>,
}

/// A named expression in an [`Object`].
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectField {
    /// The name that the value has in the document.
    #[prost(string, required, tag = "1")]
    pub key: String,
    /// The expression that computes the value.
    #[prost(message, required, tag = "2")]
    pub value: Expr,
}

/// A list of expressions.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Array {
    /// The expressions of the list, in order.
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Expr>,
}
