//! `split` of strings.

use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsArgs, JsResult, JsString, JsSymbol, JsValue};

use super::replace::own_method;
use super::search::text;
use super::{Pattern, spend, units};

/// `String.prototype.split(separator, limit)`.
pub(super) fn split(this: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (separator, limit) = (args.get_or_undefined(0), args.get_or_undefined(1));
    this.require_object_coercible()?;
    if let Some(split) = own_method(separator, JsSymbol::split(), context)? {
        return split.call(separator, &[this.clone(), limit.clone()], context);
    }
    let text = text(this, context)?;
    let limit = match limit.is_undefined() {
        true => u32::MAX,
        false => limit.to_u32(context)?,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_absent = separator.is_undefined();
    let separator = separator.to_string(context)?;
    if limit == 0 {
        return Ok(JsArray::from_iter([], context).into());
    }
    if is_absent {
        return Ok(JsArray::from_iter([text.into()], context).into());
    }
    spend(units(text.len()), context)?;
    let parts = match separator.is_empty() {
        true => characters(&text, limit),
        false => between(&text, &Pattern::new(&separator), limit),
    };
    spend(parts.len().try_into().unwrap_or(u64::MAX), context)?;
    Ok(JsArray::from_iter(parts.into_iter().map(JsValue::from), context).into())
}

fn characters(text: &JsString, limit: usize) -> Vec<JsString> {
    let characters = (0..text.len()).take(limit);
    characters.map(|at| text.slice(at, at + 1)).collect()
}

fn between(text: &JsString, separator: &Pattern, limit: usize) -> Vec<JsString> {
    let (mut parts, mut from) = (Vec::new(), 0);
    while let Some(at) = separator.find(text, from) {
        parts.push(text.slice(from, at));
        if parts.len() == limit {
            return parts;
        }
        from = at + separator.len();
    }
    parts.push(text.slice(from, text.len()));
    parts
}
