//! The workspace's tokenizer of SQL.

pub use mynah_sql::{Comments, Reading};
pub(crate) use mynah_sql::{Token, TokenKind, Tokens};
