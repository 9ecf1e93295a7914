#![doc = include_str!("../README.md")]
// What serves several protocols is partly unused with one of them.
#![cfg_attr(not(all(feature = "classic", feature = "x")), allow(dead_code))]

mod bulk;
mod character_sets;
#[cfg(feature = "classic")]
pub mod classic;
mod closing_error;
mod encodings;
mod error;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod handler;
mod json_string;
mod kill;
mod login;
#[cfg(all(feature = "classic", feature = "x"))]
pub mod observe;
mod param;
pub mod placeholders;
mod prepared;
mod process;
mod progress;
mod question;
mod reply;
mod rows;
pub mod sql;
mod state;
mod statement;
mod stored_password;
#[cfg(feature = "x")]
pub mod x;
mod x_types;

pub use bulk::BulkExecution;
pub use character_sets::CharacterSets;
pub use closing_error::ClosingError;
pub use encodings::Encodings;
pub use error::SessionError;
pub use handler::{Connection, Handler};
pub use kill::Kill;
pub use login::{Account, Certificate, FullAuthentication, Greeting, Login, PublicKey, Tls};
pub use param::Param;
pub use prepared::Prepared;
pub use process::{Process, Statistics};
pub use question::{Answer, Question};
pub use reply::{
    Completion, Failure, LocalFile, LocalInfile, Outcome, RawPacket, Reply, ResultSet,
};
pub use reply::{Warning, WarningLevel};
pub use rows::{RowSource, Rows, RowsBuilder};
pub use state::SessionState;
pub use statement::{Statement, StatementCommand};
pub use stored_password::StoredPassword;
pub use x_types::{Change, Notice, NoticePayload, NoticeScope, Projection, XRequest};
