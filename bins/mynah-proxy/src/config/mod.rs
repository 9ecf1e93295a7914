//! The configuration file of `--config`: which keys it may have, what it says as options of the command line, and its
//! JSON Schema.

mod keys;
mod listeners;
mod names;
mod problem;
mod read;
mod schema;
mod value;
mod words;

pub(crate) use problem::{ConfigError, Problem};
pub(crate) use read::read;
pub(crate) use schema::schema;
pub(crate) use words::Words;

#[cfg(test)]
mod tests;
