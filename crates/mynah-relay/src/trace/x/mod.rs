//! What is told of connections of the X Protocol.

mod events;
mod messages;
mod redact;
mod state;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use events::name;
pub(super) use state::State;
