#![doc = include_str!("../README.md")]

mod answer;
mod client;
mod error;
mod kept_columns;
mod login;
mod options;
mod prepared;
mod row;
mod socket;
mod traffic;
mod wire;
pub mod x;

pub use answer::Answer;
pub use client::Client;
pub use error::Error;
pub use mynah_classic::Capabilities;
pub use mynah_classic::command::{ComQuery, Command};
pub use mynah_classic::response::OkPacket;
pub use mynah_classic::resultset::ColumnDefinition41;
pub use mynah_classic::value::Value;
pub use mynah_net::{ListenAddress as Address, TlsClient, TlsClientOptions, TlsVerify};
pub use mynah_session::classic::Part;
pub use options::{Files, Options};
pub use prepared::Prepared;
pub use row::Row;
pub use traffic::{OnTraffic, Traffic};
