use std::collections::HashSet;

use boa_engine::property::PropertyKey;
use boa_engine::value::IntegerOrInfinity;
use boa_engine::{Context, JsArgs, JsObject, JsResult, JsString, JsValue, js_string};

use super::super::spend;
use super::Originals;

/// What the second and the third argument of `JSON.stringify` ask for.
pub(super) struct Settings {
    /// A function that is given each value.
    pub(super) replacer: Option<JsObject>,
    /// The only properties of objects that are written.
    pub(super) keys: Option<Vec<PropertyKey>>,
    /// What each level is indented by; nothing for a text of one line.
    pub(super) gap: JsString,
}

impl Settings {
    pub(super) fn new(
        args: &[JsValue],
        originals: &Originals,
        context: &mut Context,
    ) -> JsResult<Self> {
        let (mut replacer, mut keys) = (None, None);
        if let Some(object) = args.get_or_undefined(1).as_object() {
            if object.is_callable() {
                replacer = Some(object);
            } else if originals.is_array(&object, context)? {
                keys = Some(listed(&object, context)?);
            }
        }
        Ok(Self {
            replacer,
            keys,
            gap: gap(args.get_or_undefined(2), context)?,
        })
    }
}

fn listed(list: &JsObject, context: &mut Context) -> JsResult<Vec<PropertyKey>> {
    let length = list.get(js_string!("length"), context)?;
    let (mut keys, mut known) = (Vec::new(), HashSet::new());
    for index in 0..length.to_length(context)? {
        spend(1, context)?;
        let value = list.get(index, context)?;
        let is_named = value.is_string()
            || value.is_number()
            || value
                .as_object()
                .is_some_and(|object| object.is::<JsString>() || object.is::<f64>());
        if is_named {
            let name = value.to_string(context)?;
            if known.insert(name.clone()) {
                keys.push(name.into());
            }
        }
    }
    Ok(keys)
}

fn gap(space: &JsValue, context: &mut Context) -> JsResult<JsString> {
    let mut space = space.clone();
    if let Some(object) = space.as_object() {
        if object.is::<f64>() {
            space = space.to_number(context)?.into();
        } else if object.is::<JsString>() {
            space = space.to_string(context)?.into();
        }
    }
    if let Some(text) = space.as_string() {
        return Ok(text.slice(0, LONGEST_GAP));
    }
    let Some(number) = space.as_number() else {
        return Ok(js_string!());
    };
    let spaces = match IntegerOrInfinity::from(number) {
        IntegerOrInfinity::PositiveInfinity => LONGEST_GAP,
        IntegerOrInfinity::NegativeInfinity => 0,
        IntegerOrInfinity::Integer(spaces) => {
            usize::try_from(spaces.max(0)).map_or(LONGEST_GAP, |spaces| spaces.min(LONGEST_GAP))
        }
    };
    Ok(JsString::from(" ".repeat(spaces)))
}

const LONGEST_GAP: usize = 10;
