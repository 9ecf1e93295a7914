//! Chooses the expectation that a statement matches, and counts the matches of each.

mod by_values;
mod candidates;
mod compare;
mod covers;
mod for_others;
mod index;
mod lookup;
mod patterns;
mod prefixes;
mod preparation;
mod preparing;
mod rank;
mod scenarios;
mod sequence;
mod store;

pub(crate) use compare::{Difference, each_difference, is_met_by};
pub(crate) use lookup::Lookup;
pub use preparation::Preparation;
pub use rank::ExpectationId;
pub use scenarios::Scenarios;
pub(crate) use store::{Choice, Store, Stored};
