//! Built-in functions that make long strings, or large numbers of small ones.

use boa_engine::value::IntegerOrInfinity;
use boa_engine::{Context, JsArgs, JsResult, JsString, JsValue, js_string};

use super::search::text;
use super::{Checked, make, name, range};

/// `String.prototype.concat(...strings)`.
pub(super) fn concat(this: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let mut parts = vec![text(this, context)?];
    for arg in args {
        parts.push(arg.to_string(context)?);
    }
    joined(&parts, context).map(JsValue::from)
}

/// `String.prototype.repeat(count)`.
pub(super) fn repeat(this: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let text = text(this, context)?;
    let count = match args.get_or_undefined(0).to_integer_or_infinity(context)? {
        IntegerOrInfinity::PositiveInfinity => {
            return Err(range(
                "String.prototype.repeat: count must be less than infinity",
            ));
        }
        IntegerOrInfinity::Integer(count) if count >= 0 => count,
        _ => return Err(range("String.prototype.repeat: count must be non-negative")),
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    repeated(&text, text.len().saturating_mul(count), context).map(JsValue::from)
}

/// `String.prototype.padStart(maxLength[, fillString])`.
pub(super) fn pad_start(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let (text, padding) = padding(this, args, context)?;
    joined(&[padding, text], context).map(JsValue::from)
}

/// `String.prototype.padEnd(maxLength[, fillString])`.
pub(super) fn pad_end(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let (text, padding) = padding(this, args, context)?;
    joined(&[text, padding], context).map(JsValue::from)
}

fn padding(
    this: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<(JsString, JsString)> {
    let text = text(this, context)?;
    let length = args.get_or_undefined(0).to_length(context)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let Some(missing) = length
        .checked_sub(text.len())
        .filter(|missing| *missing > 0)
    else {
        return Ok((text, js_string!()));
    };
    let filler = args.get_or_undefined(1);
    let filler = match filler.is_undefined() {
        true => js_string!(" "),
        false => filler.to_string(context)?,
    };
    if !filler.is_empty() {
        make(length, context)?;
    }
    let padding = repeated(&filler, missing, context)?;
    Ok((text, padding))
}

/// A text over and over, as many characters of it.
fn repeated(text: &JsString, length: usize, context: &Context) -> JsResult<JsString> {
    if text.is_empty() || length == 0 {
        return Ok(js_string!());
    }
    make(length, context)?;
    Ok(match text.as_str().as_latin1() {
        Some(part) => {
            let whole: Vec<u8> = part.iter().copied().cycle().take(length).collect();
            JsString::from(boa_engine::string::JsStr::latin1(&whole))
        }
        None => {
            let part = text.to_vec();
            let whole: Vec<u16> = part.into_iter().cycle().take(length).collect();
            JsString::from(whole.as_slice())
        }
    })
}

/// Texts in one.
pub(super) fn joined(parts: &[JsString], context: &Context) -> JsResult<JsString> {
    let lengths = parts.iter().map(JsString::len);
    make(lengths.fold(0, usize::saturating_add), context)?;
    let parts: Vec<_> = parts.iter().map(JsString::as_str).collect();
    Ok(JsString::concat_array(&parts))
}

/// Numbers of so many bits.
pub(super) const CHECKED_OF_BIG_INT: &[Checked] =
    &[(name!("asIntN"), 2, bits), (name!("asUintN"), 2, bits)];

fn bits(_: &JsValue, args: &[JsValue], _: &mut Context) -> JsResult<()> {
    let bits = args.first().and_then(JsValue::as_number);
    match bits.is_some_and(|bits| bits > MOST_BITS) {
        true => Err(range(format!("a BigInt of more than {MOST_BITS} bits"))),
        false => Ok(()),
    }
}

/// The engine computes a power of two with this exponent, and refuses to do so with the next one.
const MOST_BITS: f64 = 499_999_999.0;
