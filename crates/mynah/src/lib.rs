#![doc = include_str!("../README.md")]

mod check;
mod error;
mod mock;
mod options;
mod script;
mod server;
mod service;

pub use check::check_script;
pub use error::StartError;
pub use mock::{
    Cell, Condition, ErrorName, Mock, MockGuard, MockServer, MockServerBuilder, Respond, Response,
    Rows, SqlType, TimedOut, error, matchers, ok,
};
pub use mynah_classic::error_code as codes;
pub use mynah_expect as expect;
pub use mynah_net::{ConnectionInfo, ConnectionTls, Connections, ListenAddress, Protocol};
pub use mynah_net::{LossCause, LostWorker, LostWorkers};
pub use mynah_net::{SelfSigned, TlsMode, TlsOptions, TlsVersion, UnknownTlsVersion};
pub use mynah_net::{raise_open_files, read_http_token};
pub use mynah_rest::{PingError, ping};
pub use mynah_script::{Answer, read_expectations};
pub use mynah_script::{Checked, Finding, Report, ScriptError, TextPosition};
pub use mynah_script::{Class, GlobalValues, Globals, Isolation, Progress, UnknownIsolation};
pub use mynah_script::{NeverMet, ReplayOptions, ReplayTime, UnknownReplayTime};
pub use mynah_script::{PreludeKind, UnknownPrelude};
pub use options::{Compression, InlineScript, Options};
pub use server::{Reloader, ScriptServer, TestResults};
