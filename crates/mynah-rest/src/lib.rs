#![doc = include_str!("../README.md")]

mod api;
mod body;
mod connections;
mod events;
mod expectations;
mod field;
mod globals;
mod health;
mod json;
mod media;
mod merge_patch;
mod metrics;
mod modified;
mod one_global;
mod ping;
mod query;
mod refusal;
mod refused;
mod reply;
mod reset;
mod resource;
mod script;
mod served;
mod server;
mod statements;
mod tests;
mod unexpected;
mod verify;
mod wait;

pub use ping::{PingError, ping};
pub use script::{NewScript, Replaced, ScriptControl};
pub use served::Served;
pub use server::{RestListener, RestServer};
