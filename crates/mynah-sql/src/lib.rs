#![doc = include_str!("../README.md")]

mod characters;
mod comments;
mod cursor;
mod effects;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod lexeme;
pub mod literal;
mod outline;
mod pieces;
mod read;
mod reading;
mod tokens;
mod variable;

pub use characters::Characters;
pub use comments::Comments;
pub use effects::{Assignment, Effect, Effects, Scope, Value};
pub use outline::{Outline, StatementKind, TableName};
pub use pieces::{Piece, Pieces};
pub use reading::Reading;
pub use tokens::{Token, TokenKind, Tokens};
pub use variable::{SystemVariable, Told, VariableAccess};
