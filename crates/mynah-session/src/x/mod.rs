//! The X Protocol: a server's side of a connection, and its messages as statements.

mod asked;
mod cell;
mod column;
mod document;
mod expression;
mod notice;
mod param;
mod render;
mod request;
pub mod server;

pub use crate::x_types::{Change, Notice, NoticePayload, NoticeScope, Projection, XRequest};
pub use asked::{prepared_statement, statement};
