//! Describes commands and messages of the X Protocol.

mod explain;
mod in_words;
mod redact;
mod state;
#[cfg(test)]
mod tests;
mod values;

pub(super) use state::X;
