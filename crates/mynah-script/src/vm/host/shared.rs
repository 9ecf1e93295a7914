//! Converts shared values between JavaScript and the JSON text that is stored.

use boa_engine::{Context, JsArgs, JsNativeError, JsResult, JsValue};

use super::host;

/// The key that a function's first argument names.
pub(super) fn key(args: &[JsValue], context: &mut Context) -> JsResult<String> {
    Ok(args
        .get_or_undefined(0)
        .to_string(context)?
        .to_std_string_lossy())
}

/// The value stored under `key`; undefined if there is none.
pub(super) fn get(key: &str, context: &mut Context) -> JsResult<JsValue> {
    let host = host(context)?;
    host.depends("what sessions share");
    match host.globals().get(key) {
        Some(json) => parse(&json, context),
        None => Ok(JsValue::undefined()),
    }
}

/// Stores a value. One that JSON has no text for, as undefined, is removed.
pub(super) fn set(key: &str, value: &JsValue, context: &mut Context) -> JsResult<()> {
    let json = stringify(value, context)?;
    let host = host(context)?;
    host.depends("what sessions share");
    match json {
        Some(json) => host
            .globals()
            .set(key, json)
            .map_err(|full| JsNativeError::range().with_message(full.to_string()))?,
        None => {
            host.globals().remove(key);
        }
    }
    Ok(())
}

/// JSON text as a value.
pub(super) fn parse(json: &str, context: &mut Context) -> JsResult<JsValue> {
    if let Ok(number) = json.parse::<i32>() {
        return Ok(number.into());
    }
    let value = serde_json::from_str(json)
        .map_err(|error| JsNativeError::syntax().with_message(error.to_string()))?;
    JsValue::from_json(&value, context)
}

/// A value as JSON text, if it has one.
pub(in crate::vm) fn stringify(value: &JsValue, context: &mut Context) -> JsResult<Option<String>> {
    if let Some(number) = value.as_i32() {
        return Ok(Some(number.to_string()));
    }
    let stringify = host(context)?.stringify.clone();
    let text = stringify.call(&JsValue::undefined(), std::slice::from_ref(value), context)?;
    Ok(text.as_string().map(|text| text.to_std_string_lossy()))
}
