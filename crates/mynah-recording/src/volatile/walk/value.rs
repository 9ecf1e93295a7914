use mynah_expect::Value;

use crate::HIDDEN;
use crate::volatile::Rules;
use crate::volatile::identity::Identity;
use crate::volatile::rule::Place;
use crate::volatile::written::Written;

/// A value that was found in an entry or a statement: a whole value, or a part of one that a rule names.
#[derive(Debug)]
#[non_exhaustive]
pub struct Found<'a> {
    /// The value, regardless of its form.
    pub identity: &'a Identity,
    /// Whether a rule names this place; if not, the value may still be one that a rule names at another place.
    pub is_ruled: bool,
    /// The name of the value's column in lower case; `None` if it isn't known.
    pub column: Option<&'a str>,
}

/// Says what stands in the place of a value; `None` leaves it as it is.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&Found<'_>) -> Option<Identity>;

/// Visits a value: the whole if a rule names its place or if no rule names anything of it, else what rules name of it.
pub(super) fn value(
    rules: &Rules,
    place: &Place<'_>,
    value: &Value,
    visit: Visit<'_>,
) -> Option<Value> {
    // A hidden value says nothing that could be replaced.
    if value.as_str() == Some(HIDDEN) {
        return None;
    }
    let column = place.column();
    let mut visit = |identity: &Identity, is_ruled| {
        visit(&Found {
            identity,
            is_ruled,
            column: column.as_deref(),
        })
    };
    let written = Written::of(value)?;
    if rules.is_whole(place) {
        return visit(&written.identity, true).map(|new| written.like(&new));
    }
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bytes(_) => {
            // 16 bytes that are a UUID.
            let is_ruled = !rules.spans(&written.identity.text()).is_empty();
            return visit(&written.identity, is_ruled).map(|new| written.like(&new));
        }
        Value::Null => return None,
    };
    let spans = rules.spans(&text);
    let is_whole = rules.is_all_of(&text);
    if spans.is_empty() || is_whole {
        return visit(&written.identity, is_whole).map(|new| written.like(&new));
    }
    let (mut new, mut end, mut is_changed) = (String::with_capacity(text.len()), 0, false);
    for span in spans {
        let part = text.get(span.clone())?;
        let written = Written::of_text(part);
        let replaced = visit(&written.identity, true).map(|new| written.like(&new));
        is_changed |= replaced.is_some();
        new.push_str(text.get(end..span.start)?);
        new.push_str(
            &replaced
                .and_then(|new| new.to_text())
                .unwrap_or_else(|| part.to_owned()),
        );
        end = span.end;
    }
    new.push_str(text.get(end..)?);
    is_changed.then_some(Value::Text(new))
}
