//! Values that differ from run to run: rules say which, and in a recording stable values stand in their place.

mod again;
mod canon;
mod identity;
mod moment;
mod rule;
mod rules;
mod uuid;
mod walk;
mod written;

pub(crate) use again::{in_order, places};
pub use canon::Canon;
pub use identity::Identity;
pub use rule::RuleError;
pub use rules::Rules;
pub use walk::{Found, walk_answer, walk_call};
pub(crate) use walk::{walk_answers, walk_entry, walk_sent};

/// What a text is, and how another value is written like it.
#[cfg(test)]
pub(crate) fn written(text: &str) -> (Identity, impl Fn(&Identity) -> String) {
    let written = written::Written::of_text(text);
    let identity = written.identity.clone();
    let write = move |other: &Identity| written.like(other).to_text().unwrap_or_default();
    (identity, write)
}
