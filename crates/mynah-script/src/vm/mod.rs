//! A script in JavaScript, run by Boa.

mod absent;
mod ahead;
mod bounce;
mod bounds;
mod check;
mod classify;
mod clock;
mod context;
mod depth;
mod engine;
mod factory;
mod freeze;
mod host;
mod impure;
mod key;
mod nesting;
mod node;
#[cfg(feature = "fuzz")]
mod of_json;
mod outline;
mod problem;
mod program;
mod resolve;
mod row_batch;
mod row_source;
mod running;
mod session;
mod source;
mod sources;
mod statics;
mod thread;
mod thrown;
mod values;

pub(crate) use classify::{Verdict, Way, classify};
pub(crate) use factory::Factory;
#[cfg(feature = "fuzz")]
pub(crate) use of_json::OfJson;
#[cfg(test)]
pub(crate) use outline::outline;
pub(crate) use program::{Program, Sharing};
pub(crate) use session::ScriptSession;
pub(crate) use sources::Sources;
pub(crate) use statics::force_statics;
