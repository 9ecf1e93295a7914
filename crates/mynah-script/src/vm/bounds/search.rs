//! `indexOf`, `lastIndexOf`, `includes`, `startsWith` and `endsWith` of strings.

use boa_engine::object::builtins::JsRegExp;
use boa_engine::value::IntegerOrInfinity;
use boa_engine::{Context, JsArgs, JsNativeError, JsResult, JsString, JsSymbol, JsValue};

use super::{Pattern, spend, units};

/// `String.prototype.indexOf(searchString[, position])`.
pub(super) fn index_of(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let text = text(this, context)?;
    let wanted = args.get_or_undefined(0).to_string(context)?;
    let from = position(args.get_or_undefined(1), 0, &text, context)?;
    Ok(found(find(&text, &wanted, from, context)?))
}

/// `String.prototype.lastIndexOf(searchString[, position])`.
pub(super) fn last_index_of(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let text = text(this, context)?;
    let wanted = args.get_or_undefined(0).to_string(context)?;
    let from = args.get_or_undefined(1).to_number(context)?;
    let from = match from.is_nan() {
        true => text.len(),
        false => clamped(IntegerOrInfinity::from(from), &text),
    };
    if wanted.is_empty() {
        return Ok(from.into());
    }
    spend(units(text.len()), context)?;
    let end = from.saturating_add(wanted.len()).min(text.len());
    Ok(found(Pattern::backwards(&wanted).find_last(&text, end)))
}

/// `String.prototype.includes(searchString[, position])`.
pub(super) fn includes(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let text = text(this, context)?;
    let wanted = no_pattern(args.get_or_undefined(0), "includes", context)?;
    let from = position(args.get_or_undefined(1), 0, &text, context)?;
    Ok(find(&text, &wanted, from, context)?.is_some().into())
}

/// `String.prototype.startsWith(searchString[, position])`.
pub(super) fn starts_with(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let text = text(this, context)?;
    let wanted = no_pattern(args.get_or_undefined(0), "startsWith", context)?;
    let from = position(args.get_or_undefined(1), 0, &text, context)?;
    spend(units(wanted.len()), context)?;
    let part = text.as_str().get(from..);
    Ok(part
        .is_some_and(|part| part.starts_with(wanted.as_str()))
        .into())
}

/// `String.prototype.endsWith(searchString[, endPosition])`.
pub(super) fn ends_with(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let text = text(this, context)?;
    let wanted = no_pattern(args.get_or_undefined(0), "endsWith", context)?;
    let end = position(args.get_or_undefined(1), text.len(), &text, context)?;
    spend(units(wanted.len()), context)?;
    let part = text.as_str().get(..end);
    Ok(part
        .is_some_and(|part| part.ends_with(wanted.as_str()))
        .into())
}

/// The text of what a function of `String.prototype` is called on.
pub(super) fn text(this: &JsValue, context: &mut Context) -> JsResult<JsString> {
    match this.as_string() {
        Some(text) => Ok(text),
        None => this.require_object_coercible()?.to_string(context),
    }
}

/// Where the first occurrence begins.
pub(super) fn find(
    text: &JsString,
    wanted: &JsString,
    from: usize,
    context: &Context,
) -> JsResult<Option<usize>> {
    spend(units(text.len().saturating_sub(from)), context)?;
    Ok(Pattern::new(wanted).find(text, from))
}

/// A text that is searched for by a function that takes no pattern.
fn no_pattern(value: &JsValue, function: &str, context: &mut Context) -> JsResult<JsString> {
    if is_pattern(value, context)? {
        let message = format!(
            "First argument to String.prototype.{function} must not be a regular expression"
        );
        return Err(JsNativeError::typ().with_message(message).into());
    }
    value.to_string(context)
}

/// What the standard calls IsRegExp.
pub(super) fn is_pattern(value: &JsValue, context: &mut Context) -> JsResult<bool> {
    let Some(object) = value.as_object() else {
        return Ok(false);
    };
    let says = object.get(JsSymbol::r#match(), context)?;
    Ok(match says.is_undefined() {
        true => JsRegExp::from_object(object).is_ok(),
        false => says.to_boolean(),
    })
}

fn position(
    value: &JsValue,
    absent: usize,
    text: &JsString,
    context: &mut Context,
) -> JsResult<usize> {
    match value.is_undefined() {
        true => Ok(absent),
        false => Ok(clamped(value.to_integer_or_infinity(context)?, text)),
    }
}

fn clamped(position: IntegerOrInfinity, text: &JsString) -> usize {
    match position {
        IntegerOrInfinity::PositiveInfinity => text.len(),
        IntegerOrInfinity::NegativeInfinity => 0,
        IntegerOrInfinity::Integer(at) => {
            usize::try_from(at.max(0)).map_or(text.len(), |at| at.min(text.len()))
        }
    }
}

fn found(at: Option<usize>) -> JsValue {
    at.map_or_else(|| JsValue::from(-1), JsValue::from)
}
