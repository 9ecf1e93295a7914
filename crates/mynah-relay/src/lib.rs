#![doc = include_str!("../README.md")]

mod about;
mod counters;
mod digests;
mod error;
mod failure;
mod fault;
mod filter;
mod forward;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod gate;
mod http;
mod itself;
mod login;
mod mirror;
mod observer;
mod options;
mod proxy_protocol;
mod pump;
mod record;
mod refusal;
mod relay;
mod routes;
mod shared;
mod statement;
mod subscribe;
mod summary;
mod tls_reload;
mod trace;
mod upstream;
mod upstreams;
mod watch;
mod x;

pub use error::RelayError;
pub(crate) use failure::LoginFailure;
pub use fault::{FaultPoint, FaultRule, FaultRuleError, FaultRules, InstalledFault, PlayedFault};
pub use filter::Filter;
pub use gate::{Decision, Gate, GateCommand, Gates, Held, Release};
pub use mirror::{Mirror, MirrorAccounts, MirrorOptions};
pub use mynah_filter::FilterError;
pub use mynah_recording::{
    Check, Comparison, Difference, Protocol as RecordedProtocol, PseudonymError, Pseudonyms,
    ReadError as RecordingError, Recording, RowsLimit, Rules as VolatileRules, ScriptForm, check,
    read as read_recording, write_text,
};
pub use mynah_session::observe;
pub use options::{DigestOptions, HttpOptions, Protocol, RelayOptions, RelayTls, Route};
pub use proxy_protocol::{NotSenders, ProxySenders, ProxyVersion};
pub use record::{
    ConvertOptions, FileForm, LeftJournal, NotALine, OpenPart, RecordError, RecordOptions,
    RecordStatus, Recorder, XStatements, convert, record_diff,
};
pub use relay::Relay;
pub use subscribe::{Closed, ClosedBy, Connection, Event, Events, Received, Subscription, Tally};
pub use summary::{CommandSummary, Summary};
pub use trace::{Output, Overflow, Rule, RuleError, TraceError, TraceFormat, TraceOptions};
pub use upstream::{Address, NoAddress};
pub use upstreams::{CheckAccount, UpstreamOptions, UpstreamPolicy};
