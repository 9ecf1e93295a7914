//! A trace that is a script, run by Boa.

mod engine;
mod problem;
mod program;
mod session;
mod thrown;
mod values;

pub(crate) use program::Program;
pub(crate) use session::ScriptSession;
