//! The possible values of a field, so that a condition that can never be true is refused.

use std::borrow::Cow;

use crate::Kind;
use crate::condition::{Match, Order};

/// What has its place where a text stands that its field never has; nothing if it may have it.
pub(crate) fn unmet_text(kind: Kind, how: Match, wanted: &str) -> Option<Cow<'static, str>> {
    // Every text contains the empty one.
    if how == Match::ContainsNot && wanted.is_empty() {
        return Some("a text that isn't empty".into());
    }
    match kind {
        Kind::OneOf { what, names } => {
            let is_known = names.iter().any(|name| match how.is_whole() {
                true => name.eq_ignore_ascii_case(wanted),
                false => name
                    .to_ascii_uppercase()
                    .contains(&wanted.to_ascii_uppercase()),
            });
            (!is_known).then(|| format!("{what} (one of {})", names.join(", ")).into())
        }
        Kind::SqlState => {
            let fits = match how.is_whole() {
                true => wanted.len() == 5 || wanted.is_empty(),
                false => wanted.len() <= 5,
            };
            (!fits).then_some("an SQL state of five characters".into())
        }
        Kind::Text | Kind::Number { .. } | Kind::Size | Kind::Time => None,
    }
}

/// The same of a number.
pub(crate) fn unmet_number(kind: Kind, order: Order, wanted: u64) -> Option<Cow<'static, str>> {
    let most = match kind {
        Kind::Number { most } => most,
        _ => u64::MAX,
    };
    let can_hold = match order {
        Order::Less => wanted > 0,
        Order::More => wanted < most,
        Order::Equal | Order::NotEqual | Order::AtLeast => wanted <= most,
        Order::AtMost => true,
    };
    (!can_hold).then_some("a number that it can have".into())
}
