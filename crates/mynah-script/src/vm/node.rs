//! The value of a script, as far as it is data.

use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsValue};
use serde_json::Number;

use crate::check::Node;

/// A script's value, without running any of its code.
pub(super) fn node(value: &JsValue, context: &mut Context) -> Node {
    let mut left = MOST_NODES;
    read(value, DEEPEST, &mut left, context)
}

fn read(value: &JsValue, levels: usize, left: &mut usize, context: &mut Context) -> Node {
    let Some(rest) = left.checked_sub(1) else {
        return Node::Unknown;
    };
    *left = rest;
    if let Some(truth) = value.as_boolean() {
        return Node::Boolean(truth);
    }
    if let Some(text) = value.as_string() {
        return Node::Text(text.to_std_string_lossy());
    }
    if let Some(whole) = value.as_i32() {
        return Node::Number(whole.into());
    }
    if let Some(number) = value.as_number() {
        return Number::from_f64(number).map_or(Node::Unknown, Node::Number);
    }
    match (value.as_object(), levels.checked_sub(1)) {
        (None, _) if value.is_null() => Node::Null,
        (Some(object), _) if object.is_callable() => Node::Function,
        (Some(object), Some(levels)) if object.is_array() || is_plain(&object, context) => {
            members(&object, levels, left, context)
        }
        _ => Node::Unknown,
    }
}

fn is_plain(object: &JsObject, context: &Context) -> bool {
    let prototype = context.intrinsics().constructors().object().prototype();
    object.is_ordinary() && object.prototype().is_none_or(|own| own == prototype)
}

fn members(object: &JsObject, levels: usize, left: &mut usize, context: &mut Context) -> Node {
    let Ok(keys) = object.own_property_keys(context) else {
        return Node::Unknown;
    };
    let mut members = Vec::new();
    let mut elements = Vec::new();
    for key in keys {
        let value = match object.borrow().properties().get(&key) {
            Some(property) if property.enumerable() == Some(false) => continue,
            Some(property) => property.value().cloned(),
            None => None,
        };
        if value.as_ref().is_some_and(JsValue::is_undefined) {
            continue;
        }
        let node = value.map_or(Node::Unknown, |value| read(&value, levels, left, context));
        match key {
            PropertyKey::Index(index) if object.is_array() => {
                let index = usize::try_from(index.get()).unwrap_or(usize::MAX);
                if index > elements.len().saturating_add(MOST_HOLES) {
                    return Node::Unknown;
                }
                elements.resize(elements.len().max(index), None);
                elements.push(Some(node));
            }
            PropertyKey::Index(index) => members.push((index.get().to_string(), node)),
            PropertyKey::String(name) => members.push((name.to_std_string_lossy(), node)),
            PropertyKey::Symbol(_) => {}
        }
    }
    match object.is_array() {
        true => Node::Array(elements),
        false => Node::Object(members),
    }
}

/// How many values are looked at.
const MOST_NODES: usize = 200_000;
/// How deep.
const DEEPEST: usize = 20;
/// How many holes an array may have side by side.
const MOST_HOLES: usize = 1000;
