#![doc = include_str!("../README.md")]

mod draws;
mod fault;
mod frames;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod latency;
mod limit;
mod malform;
mod pace;
mod playing;
mod problem;
mod read;
mod rows;

pub use draws::{Drawn, Draws};
pub use fault::{Ending, Fault, Limit, Malformation, Malformed, Slicer};
pub use frames::Framing;
pub use latency::Latency;
pub use playing::{End, Playing, Step};
pub use problem::{Problem, ProblemKind, did_you_mean};
