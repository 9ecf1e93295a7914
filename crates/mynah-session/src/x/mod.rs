//! The X Protocol: a server's side of a connection, and its messages as statements.

mod asked;
mod cell;
mod column;
mod document;
mod expression;
mod json_string;
mod notice;
mod param;
mod render;
mod request;
pub mod server;

pub use asked::{prepared_statement, statement};
pub use notice::{Notice, NoticePayload, NoticeScope};
pub use request::{Change, Projection, XRequest};
