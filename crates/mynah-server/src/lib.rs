#![doc = include_str!("../README.md")]

mod backend;
mod builder;
mod cell;
mod column;
mod handler;
mod on_connect;
mod results;
mod running;

pub use backend::Backend;
pub use builder::{Builder, Server};
pub use cell::Cell;
pub use column::Column;
pub use mynah_classic::{ColumnFlags, ColumnType, error_code as codes};
pub use mynah_net::{Connections, Limits, ListenAddress, NetError, TlsOptions, TlsServer};
pub use mynah_session::{
    Account, Completion, Connection, Failure, LocalFile, Login, Param, Prepared, Statement,
    StatementCommand,
};
pub use results::{Finished, Results, RowError, RowWriter};
