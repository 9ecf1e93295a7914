//! Tests every statement of the documented trace format against the program, in both isolation
//! modes.
//!
//! There is a file for each section of the format.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[allow(unused, reason = "sections that are still to come use it")]
mod harness;

mod authentication;
mod columns;
mod commands;
mod duktape;
mod entries;
mod error;
mod every_key;
mod greeting;
mod life_cycle;
mod modules;
mod notices;
mod ok;
mod originals;
mod process;
mod rows;
mod session_trackers;
mod session_values;
mod top_level;
