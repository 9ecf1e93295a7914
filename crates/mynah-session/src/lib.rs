#![doc = include_str!("../README.md")]

mod character_sets;
pub mod classic;
mod closing_error;
mod encodings;
mod error;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod handler;
mod kill;
mod login;
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
pub mod x;

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
