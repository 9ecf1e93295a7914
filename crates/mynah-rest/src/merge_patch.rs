//! JSON merge patch, RFC 7396: members that are null are removed, objects are merged, all other
//! values replace the previous ones.

use std::borrow::Cow;

use indexmap::IndexMap;
use mynah_script::{GlobalValues, GlobalsFull};
use serde_json::Error;
use serde_json::value::RawValue;

use crate::json;

/// A patch to the globals that isn't applied yet.
#[derive(Debug)]
pub(crate) struct MergePatch<'a>(Vec<(String, Change<'a>)>);

/// The change of one member.
#[derive(Debug)]
enum Change<'a> {
    Remove,
    Replace(&'a RawValue),
    Merge(Vec<(String, Self)>),
}

/// Why a text isn't a patch to the globals.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// It isn't JSON.
    NotJson(Error),
    /// It isn't an object.
    NotAnObject,
    /// Its objects are nested too deep.
    TooDeep,
}

impl<'a> MergePatch<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, Unusable> {
        let value = json::value(text).map_err(Unusable::NotJson)?;
        changes(value, 1)?.map(Self).ok_or(Unusable::NotAnObject)
    }

    /// Applies the patch to the globals.
    ///
    /// # Errors
    /// When there is no memory for a value.
    pub(crate) fn apply(&self, values: &mut GlobalValues) -> Result<(), GlobalsFull> {
        let Self(changes) = self;
        for (key, change) in changes {
            match change {
                Change::Remove => drop(values.remove(key)),
                Change::Replace(value) => values.set(key, value.get())?,
                Change::Merge(changes) => {
                    let old = values.get(key);
                    let old = old.as_deref().and_then(|old| json::value(old).ok());
                    values.set(key, merged(old, changes))?;
                }
            }
        }
        Ok(())
    }
}

/// The changes to an object's members; `None` if the value isn't an object.
fn changes(value: &RawValue, depth: usize) -> Result<Option<Vec<(String, Change<'_>)>>, Unusable> {
    let Some(members) = json::members(value) else {
        return Ok(None);
    };
    if depth > MAX_DEPTH {
        return Err(Unusable::TooDeep);
    }
    let members = members.map_err(Unusable::NotJson)?;
    let changes = members.into_iter().map(|(key, value)| {
        let change = match changes(value, depth + 1)? {
            Some(changes) => Change::Merge(changes),
            None if value.get() == "null" => Change::Remove,
            None => Change::Replace(value),
        };
        Ok((key, change))
    });
    Ok(Some(changes.collect::<Result<_, _>>()?))
}

/// The merged object. An old value that isn't an object counts as an empty one.
fn merged(old: Option<&RawValue>, changes: &[(String, Change<'_>)]) -> String {
    let old = old.and_then(json::members).and_then(Result::ok);
    let old = old.unwrap_or_default().into_iter();
    // A removed member leaves the order of the others unchanged.
    let mut members: IndexMap<_, _> = old
        .map(|(key, value)| (key, Some(Cow::Borrowed(value.get()))))
        .collect();
    for (key, change) in changes {
        let value = match change {
            Change::Remove => None,
            Change::Replace(value) => Some(Cow::Borrowed(value.get())),
            Change::Merge(changes) => {
                let old = members.get(key).and_then(Option::as_deref);
                let old = old.and_then(|old| json::value(old).ok());
                Some(Cow::Owned(merged(old, changes)))
            }
        };
        members.insert(key.clone(), value);
    }
    json::object(
        members
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    )
}

/// How deep the objects of a patch may be nested.
pub(crate) const MAX_DEPTH: usize = 128;

#[cfg(test)]
mod tests {
    use mynah_script::Globals;

    use super::*;

    /// The patched value of the global `v`.
    fn patched(old: &str, patch: &str) -> Option<String> {
        let globals = Globals::new();
        globals.set("v", old).unwrap();
        let patch = format!("{{\"v\":{patch}}}");
        let patch = MergePatch::read(&patch).unwrap();
        globals.update(|values| patch.apply(values)).unwrap();
        globals.get("v").map(|value| value.to_string())
    }

    /// The examples of RFC 7396, appendix A, whose patch is an object; and further ones.
    #[test]
    fn members_are_replaced_removed_and_merged() {
        let table = [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (
                r#"{"a":{"b":"c"}}"#,
                r#"{"a":{"b":"d","c":null}}"#,
                r#"{"a":{"b":"d"}}"#,
            ),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            (r#"[1,2]"#, r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
            ("no json", r#"{"a":1.0}"#, r#"{"a":1.0}"#),
            (
                r#"{"n":1e400}"#,
                r#"{"m":1.000}"#,
                r#"{"n":1e400,"m":1.000}"#,
            ),
        ];
        for (old, patch, expected) in table {
            assert_eq!(patched(old, patch).as_deref(), Some(expected), "{patch}");
        }
        assert_eq!(patched("1", "null"), None);
    }

    #[test]
    fn only_objects_are_patches() {
        let read = |text: &str| MergePatch::read(text).unwrap_err();
        for text in ["null", "[]", "1", "\"a\""] {
            assert!(matches!(read(text), Unusable::NotAnObject), "{text}");
        }
        for text in ["", "{", "{} {}", "{'a':1}", r#"{"\ud800":1}"#] {
            assert!(matches!(read(text), Unusable::NotJson(_)), "{text}");
        }
        let nested = |depth| "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        assert!(MergePatch::read(&nested(MAX_DEPTH)).is_ok());
        assert!(matches!(read(&nested(MAX_DEPTH + 1)), Unusable::TooDeep));
        assert!(matches!(read(&nested(20_000)), Unusable::TooDeep));
    }
}
