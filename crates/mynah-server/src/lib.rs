#![doc = include_str!("../README.md")]

mod assumed;
mod backend;
mod blocking;
mod builder;
mod cancellation;
mod cell;
mod column;
mod command;
mod connection;
mod handler;
mod handover;
mod kill;
mod on_connect;
mod results;
mod running;

pub use backend::Backend;
pub use blocking::blocking;
pub use builder::{Builder, Server};
pub use cancellation::Cancellation;
pub use cell::Cell;
pub use column::Column;
pub use connection::Connection;
pub use kill::KillRequest;
pub use mynah_auth::AuthError;
pub use mynah_classic::command::Command;
pub use mynah_classic::response::SqlState;
pub use mynah_classic::value::{Value, ValueType};
pub use mynah_classic::{ColumnFlags, ColumnType, StatusFlags, error_code as codes};
pub use mynah_net::{
    Connections, Limits, ListenAddress, NetError, SelfSigned, TlsError, TlsMode, TlsOptions,
    TlsServer, TlsVersion,
};
pub use mynah_session::{
    Account, BulkExecution, Certificate, Completion, Failure, FullAuthentication, Kill, LocalFile,
    Login, Param, Prepared, Process, Statement, StatementCommand, Statistics, StoredPassword, Tls,
};
pub use results::{Finished, Results, RowError, RowWriter};
