//! What isn't shown: passwords, and whatever the user's rules match.

mod cells;
mod columns;
mod command;
mod mask;
mod message;
mod rules;
mod warnings;

pub(crate) use cells::{MayHide, RowCells, hidden_cells};
pub(super) use columns::{Column, Names, column_of};
pub(super) use command::of_cut;
pub(crate) use command::{HiddenAs, in_literals, replaced};
pub(super) use mask::Mask;
pub(super) use message::{Context, masked};
pub(crate) use rules::Rules;
pub use rules::{Rule, RuleError};
pub(super) use warnings::shows_warnings;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests;
