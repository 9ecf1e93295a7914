//! The workspace's tokenizer of SQL.

pub use mynah_session::sql::{Comments, Reading};
pub(crate) use mynah_session::sql::{Token, TokenKind, Tokens};
