//! A trace that is a script, run by Boa.

mod bounce;
mod engine;
mod host;
mod nesting;
mod problem;
mod program;
mod session;
mod source;
mod thread;
mod thrown;
mod values;

pub(crate) use program::Program;
pub(crate) use session::ScriptSession;
