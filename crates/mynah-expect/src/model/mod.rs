//! Expectations, as JSON, HTTP, JavaScript and Rust have them.

mod expectation;
mod expectations;
mod names;
mod origin;
mod place;
mod problem;
mod read;
mod read_at;
mod read_matcher;
mod text_match;
mod times;
mod write;

pub use expectation::{Expectation, Scenario};
pub use expectations::{Expectations, Order, WrongExpectations};
pub use mynah_fault::did_you_mean;
pub use names::{Command, Protocol};
pub use origin::Origin;
pub use place::Place;
pub use problem::{Problem, ProblemKind};
pub use read::ANSWER_KEYS;
pub use text_match::{Prefix, TextMatch};
pub use times::Times;
