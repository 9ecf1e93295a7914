//! A mock inside a test: expectations with answers, and their check when the mock is dropped.

mod aside;
mod builder;
mod condition;
mod guard;
pub mod matchers;
#[expect(
    clippy::module_inception,
    reason = "the type is what the module is about"
)]
mod mock;
mod respond;
mod response;
mod rows;
mod server;
mod sql_type;
mod wait;

use std::fmt::Display;

pub use builder::MockServerBuilder;
pub use condition::Condition;
pub use guard::MockGuard;
pub use mock::Mock;
pub use respond::Respond;
pub use response::{ErrorName, Response, error, ok};
pub use rows::{Cell, Rows};
pub use server::MockServer;
pub use sql_type::SqlType;
pub use wait::TimedOut;

/// Ends a test that can't go on.
#[expect(clippy::panic, reason = "a test ends by a panic, as by `assert!`")]
#[track_caller]
fn fail(message: impl Display) -> ! {
    panic!("{message}")
}
