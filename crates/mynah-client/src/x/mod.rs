//! The client of the X Protocol. It is shaped like that of the classic protocol; the crate's front page has an example.

mod answer;
mod argument;
mod authentication;
mod capabilities;
mod client;
mod notices;
mod options;
mod prepared;
mod raw;
mod row;
mod text;
mod wire;

pub use answer::Answer;
pub use client::Client;
pub use mynah_auth::x::Mechanism;
pub use mynah_x::compress::Algorithm;
pub use mynah_x::field::Cell;
pub use mynah_x::notice::{Level, Warning};
pub use mynah_x::resultset::{ColumnMetaData, FieldType};
pub use mynah_x::sql::StmtExecute;
pub use mynah_x::{ClientMessage, ServerMessage};
pub use notices::Notices;
pub use options::Options;
pub use prepared::Prepared;
pub use raw::Raw;
pub use row::Row;
