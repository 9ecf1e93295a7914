#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(feature = "javascript"),
    allow(dead_code, unused_imports, reason = "the engine alone uses some of it")
)]

mod beacon;
mod check;
mod checked;
mod code;
mod contents;
mod document;
mod error;
mod expectations;
mod fault_seed;
#[cfg(all(feature = "fuzz", feature = "javascript"))]
#[doc(hidden)]
pub mod fuzz;
mod globals;
mod isolation;
mod javascript;
mod locked;
mod options;
mod outline;
mod plan;
mod positions;
mod prelude;
mod prepared;
mod progress;
mod reason;
mod recording;
mod script;
mod session;
mod source;
mod source_answer;
mod time;
mod unanswered;
#[cfg(feature = "javascript")]
mod vm;
mod worker;

pub use check::Finding;
pub use checked::Checked;
pub use error::ScriptError;
pub use expectations::{Answer, Compute, Computed, read_expectations};
pub use globals::{ChangeError, GlobalValues, Globals, GlobalsFull};
pub use isolation::{Class, Isolation, UnknownIsolation};
pub use mynah_expect::{NeverMet, Report};
pub use options::ScriptOptions;
pub use outline::TextPosition;
pub use positions::Positions;
pub use prelude::{Identity, PreludeKind, UnknownPrelude};
pub use progress::Progress;
pub use recording::{ReplayOptions, ReplayTime, UnknownReplayTime, recorded_reply};
pub use script::{STACK_SIZE, Script};
pub use session::Session;
pub use time::Time;
pub use worker::Worker;
