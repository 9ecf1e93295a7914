//! Describes commands and messages of the X Protocol.

mod cursors;
mod explain;
mod in_words;
mod redact;
mod state;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use state::X;
pub(crate) use values::value as x_value;
