use std::borrow::Cow;

use super::element::{Element, ElementKind};
use crate::value::Value;

/// What stands between the elements of a statement that is written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// One blank where there was white space.
    Collapsed,
    /// One blank between all of them.
    Joined,
    /// [`PART`] between all of them.
    Parted,
}

/// Stands between elements where blanks may stand in them.
pub(crate) const PART: char = '\u{1f}';

/// How values are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Literals<'a> {
    /// As they were.
    AsSent,
    /// As placeholders, all of them.
    Placeholders,
    /// Those of placeholders are these.
    Bound(&'a [Value]),
}

/// Writes a statement anew, so that white space between its elements makes no difference.
pub(crate) fn render(
    sql: &str,
    elements: &[Element],
    spacing: Spacing,
    literals: Literals<'_>,
) -> String {
    let mut written = String::with_capacity(sql.len());
    let mut placeholder = 0;
    for (index, element) in elements.iter().enumerate() {
        match spacing {
            _ if index == 0 => {}
            Spacing::Parted => written.push(PART),
            Spacing::Collapsed if element.is_adjacent => {}
            Spacing::Collapsed | Spacing::Joined => written.push(' '),
        }
        let sent = sql
            .get(element.range.clone())
            .unwrap_or_default()
            .trim_end();
        let text = match (&element.kind, literals) {
            (ElementKind::Literal(_) | ElementKind::Placeholder, Literals::Placeholders) => {
                Cow::Borrowed("?")
            }
            (ElementKind::Placeholder, Literals::Bound(values)) => {
                let value = values.get(placeholder);
                placeholder += 1;
                value.map_or(Cow::Borrowed("?"), |value| value.to_string().into())
            }
            _ => Cow::Borrowed(sent),
        };
        written.push_str(&text);
    }
    written
}
