//! Values that differ from run to run: rules say which, and in a recording stable values stand in their place.

mod again;
mod canon;
mod identity;
mod rule;
mod rules;
mod walk;

pub(crate) use again::in_order;
pub use canon::Canon;
pub use identity::Identity;
pub use rule::RuleError;
pub use rules::Rules;
pub use walk::{Found, walk_answer, walk_call};
