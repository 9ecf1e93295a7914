use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::read_at::At;
use super::{ProblemKind, did_you_mean};
use crate::value::{Matcher, Pattern, Value, ValueKind};

const KEYS: &[&str] = &["any", "between", "hex", "matches", "one_of", "type"];

/// A value, or an object that says what is expected of one.
pub(super) fn matcher(json: &Json, at: &mut At<'_>) -> Option<Matcher> {
    if let Some(value) = Value::from_json(json) {
        return Some(Matcher::Is(value));
    }
    let Json::Object(object) = json else {
        return at.wants("a value, or a matcher such as {any: true}", json);
    };
    let mut keys = object.iter();
    let (Some((key, argument)), None) = (keys.next(), keys.next()) else {
        return at.wants("a matcher with one key", json);
    };
    let mut inner = at.key(key);
    match key.as_str() {
        "any" => match argument {
            Json::Bool(true) => Some(Matcher::Any),
            other => inner.wants("true", other),
        },
        "type" => kind(argument, &mut inner).map(Matcher::Type),
        "matches" => match Pattern::new(inner.string(argument)?) {
            Ok(pattern) => Some(Matcher::Matches(pattern)),
            Err(error) => {
                inner.report(ProblemKind::Regex(error.to_string()));
                None
            }
        },
        "between" => {
            let bounds = argument.as_array().map(Vec::as_slice);
            let bound = |json: &Json| Value::from_json(json).filter(|value| *value != Value::Null);
            let bounds = match bounds {
                Some([low, high]) => bound(low).zip(bound(high)),
                _ => None,
            };
            let (low, high) = bounds.or_else(|| inner.wants("an array of two values", argument))?;
            match low.compare(&high) {
                Some(order) if order.is_le() => Some(Matcher::Between(low, high)),
                _ => inner.wants("a lower value in front of a higher one", argument),
            }
        }
        "one_of" => {
            let Json::Array(several) = argument else {
                return inner.wants("an array", argument);
            };
            let each = several.iter().enumerate();
            Some(Matcher::OneOf(
                each.filter_map(|(index, json)| matcher(json, &mut inner.index(index)))
                    .collect(),
            ))
        }
        "hex" => inner.wants("a string of hexadecimal digits", argument),
        unknown => {
            at.unknown_key(unknown, KEYS);
            None
        }
    }
}

fn kind(json: &Json, at: &mut At<'_>) -> Option<ValueKind> {
    let name = at.string(json)?;
    let found = ValueKind::ALL.into_iter().find(|kind| kind.name() == name);
    if found.is_none() {
        let known = || ValueKind::ALL.into_iter().map(ValueKind::name);
        at.report(ProblemKind::UnknownName {
            name: name.to_owned(),
            similar: did_you_mean(name, known()).map(str::to_owned),
            known: known().map(str::to_owned).collect(),
        });
    }
    found
}

/// Attributes by their names.
pub(super) fn attributes(json: Option<&Json>, at: &mut At<'_>) -> BTreeMap<String, Matcher> {
    match json {
        None => BTreeMap::new(),
        Some(Json::Object(object)) => {
            let each = object.iter();
            let read = each
                .filter_map(|(name, json)| Some((name.clone(), matcher(json, &mut at.key(name))?)));
            read.collect()
        }
        Some(other) => at.wants("an object", other).unwrap_or_default(),
    }
}
