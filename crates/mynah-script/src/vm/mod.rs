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
mod look_over;
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
mod worker;

pub(crate) use look_over::look_over;
#[cfg(feature = "fuzz")]
pub(crate) use of_json::OfJson;
