//! A trace that is a script, run by Boa.

mod engine;
mod host;
mod nesting;
mod problem;
mod program;
mod session;
mod source;
mod thrown;
mod values;

pub(crate) use program::Program;
pub(crate) use session::ScriptSession;
