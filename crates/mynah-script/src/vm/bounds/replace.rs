//! `replace` and `replaceAll` of strings.

use boa_engine::{
    Context, JsArgs, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue, js_string,
};

use super::grow::joined;
use super::search::{find, is_pattern, text};
use super::{Pattern, spend, units};

/// `String.prototype.replace(searchValue, replaceValue)`.
pub(super) fn replace(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let (wanted, with) = (args.get_or_undefined(0), args.get_or_undefined(1));
    this.require_object_coercible()?;
    if let Some(replace) = own_method(wanted, JsSymbol::replace(), context)? {
        return replace.call(wanted, &[this.clone(), with.clone()], context);
    }
    let text = text(this, context)?;
    let wanted = wanted.to_string(context)?;
    let with = Replacement::new(with, context)?;
    let Some(at) = find(&text, &wanted, 0, context)? else {
        return Ok(text.into());
    };
    let mut parts = vec![text.slice(0, at)];
    with.put(&mut parts, &text, &wanted, at, context)?;
    parts.push(text.slice(at + wanted.len(), text.len()));
    joined(&parts, context).map(JsValue::from)
}

/// `String.prototype.replaceAll(searchValue, replaceValue)`.
pub(super) fn replace_all(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let (wanted, with) = (args.get_or_undefined(0), args.get_or_undefined(1));
    this.require_object_coercible()?;
    if is_pattern(wanted, context)?
        && let Some(pattern) = wanted.as_object()
    {
        let flags = pattern.get(js_string!("flags"), context)?;
        let flags = flags.require_object_coercible()?.to_string(context)?;
        if !flags.contains(b'g') {
            let message = "String.prototype.replaceAll called with a non-global RegExp argument";
            return Err(JsNativeError::typ().with_message(message).into());
        }
    }
    if let Some(replace) = own_method(wanted, JsSymbol::replace(), context)? {
        return replace.call(wanted, &[this.clone(), with.clone()], context);
    }
    let text = text(this, context)?;
    let wanted = wanted.to_string(context)?;
    let with = Replacement::new(with, context)?;
    spend(units(text.len()), context)?;
    let pattern = Pattern::new(&wanted);
    let (mut parts, mut end, mut from) = (Vec::new(), 0, 0);
    while let Some(at) = pattern.find(&text, from) {
        parts.push(text.slice(end, at));
        with.put(&mut parts, &text, &wanted, at, context)?;
        end = at + wanted.len();
        from = end.max(at + 1);
    }
    parts.push(text.slice(end, text.len()));
    joined(&parts, context).map(JsValue::from)
}

/// The method that a value has for what a function of strings would do, if it has one.
pub(super) fn own_method(
    value: &JsValue,
    symbol: JsSymbol,
    context: &mut Context,
) -> JsResult<Option<JsObject>> {
    let Some(object) = value.as_object() else {
        return Ok(None);
    };
    let method = object.get(symbol, context)?;
    if method.is_null_or_undefined() {
        return Ok(None);
    }
    let callable = method.as_callable();
    let message = "value returned for property of object is not a function";
    callable
        .map(Some)
        .ok_or_else(|| JsNativeError::typ().with_message(message).into())
}

/// What stands in the place of what was found.
enum Replacement {
    Function(JsObject),
    Text(JsString),
    /// A text with `$`, which may stand for parts of the text that is searched.
    Template(JsString),
}

impl Replacement {
    fn new(value: &JsValue, context: &mut Context) -> JsResult<Self> {
        if let Some(function) = value.as_callable() {
            return Ok(Self::Function(function));
        }
        let text = value.to_string(context)?;
        Ok(match text.contains(b'$') {
            true => Self::Template(text),
            false => Self::Text(text),
        })
    }

    /// Adds what stands in the place of `wanted` at a place of a text.
    fn put(
        &self,
        parts: &mut Vec<JsString>,
        text: &JsString,
        wanted: &JsString,
        at: usize,
        context: &mut Context,
    ) -> JsResult<()> {
        match self {
            Self::Text(text) => parts.push(text.clone()),
            Self::Function(function) => {
                let args = [wanted.clone().into(), at.into(), text.clone().into()];
                let returned = function.call(&JsValue::undefined(), &args, context)?;
                parts.push(returned.to_string(context)?);
            }
            Self::Template(template) => {
                spend(units(template.len()), context)?;
                let mut from = 0;
                for (dollar, end, part) in substitutions(template, text, wanted, at) {
                    parts.extend([template.slice(from, dollar), part]);
                    from = end;
                }
                parts.push(template.slice(from, template.len()));
            }
        }
        Ok(())
    }
}

/// Where in a template `$` begins that stands for something, where that ends, and what it is. There
/// are no groups in a text that was found, so `$1` and `$<name>` stand for themselves.
fn substitutions(
    template: &JsString,
    text: &JsString,
    wanted: &JsString,
    at: usize,
) -> Vec<(usize, usize, JsString)> {
    let (mut found, mut next) = (Vec::new(), 0);
    while let Some(unit) = template.code_unit_at(next) {
        let second = template.code_unit_at(next + 1);
        let part = match second.and_then(|second| u8::try_from(second).ok()) {
            _ if unit != u16::from(b'$') => None,
            Some(b'$') => Some(js_string!("$")),
            Some(b'&') => Some(wanted.clone()),
            Some(b'`') => Some(text.slice(0, at)),
            Some(b'\'') => Some(text.slice(at + wanted.len(), text.len())),
            _ => None,
        };
        next += 1;
        if let Some(part) = part {
            found.push((next - 1, next + 1, part));
            next += 1;
        }
    }
    found
}
