#![doc = include_str!("../README.md")]

pub mod classic;
mod encodings;
mod error;
mod handler;
mod login;
mod reply;
mod rows;
mod statement;

pub use encodings::Encodings;
pub use error::SessionError;
pub use handler::{Connection, Handler};
pub use login::{Account, Certificate, Greeting, Login, Tls};
pub use reply::{Completion, Failure, Outcome, Reply, ResultSet};
pub use rows::{Rows, RowsBuilder};
pub use statement::Statement;
