//! The texts of statements: how they are compared, and their digests.

mod charsets;
mod comment;
mod digest;
mod element;
mod keywords;
mod literal;
mod piece;
mod pieces;
mod readable;
mod reduce;
mod render;
mod statement;
#[cfg(test)]
mod tests;
mod value_columns;

pub use digest::{DIGEST_VERSION, digest_text};
pub(crate) use element::{ElementKind, elements};
pub use readable::statement_text;
pub(crate) use render::{Literals, PART, Spacing, render};
pub(crate) use statement::Slot;
pub use statement::Statement;
