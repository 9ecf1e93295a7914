//! Pseudonyms: values of the same type and length in place of those that must not be in a file.

mod about;
mod mentions;
mod permute;
mod prf;
mod pseudonyms;
mod replace;

pub use about::{PseudonymError, PseudonymRules};
pub use pseudonyms::Pseudonyms;
