#![doc = include_str!("../README.md")]

mod beacon;
mod check;
mod checked;
mod document;
mod error;
mod expectations;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod globals;
mod isolation;
mod journal;
mod locked;
mod look_over;
mod outline;
mod plan;
mod prelude;
mod progress;
mod reason;
mod session;
mod source;
mod source_answer;
mod time;
mod trace;
mod unanswered;
mod vm;
mod worker;

pub use check::Finding;
pub use checked::Checked;
pub use error::TraceError;
pub use globals::{GlobalValues, Globals, GlobalsFull};
pub use isolation::{Class, Isolation, UnknownIsolation};
pub use journal::{Answered, Journal};
pub use mynah_expect::Report;
pub use outline::TextPosition;
pub use prelude::{Identity, PreludeKind, UnknownPrelude};
pub use progress::Progress;
pub use session::Session;
pub use source_answer::AnsweredBy;
pub use time::Time;
pub use trace::{STACK_SIZE, Trace, TraceOptions};
pub use worker::Worker;
