#![doc = include_str!("../README.md")]

mod condition;
mod error;
mod field;
mod filter;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod grammar;
mod known;
mod needle;
mod number;
mod unmet;

pub use error::FilterError;
pub use field::{Field, Kind, Record, Value};
pub use filter::Filter;

#[cfg(test)]
mod tests;
