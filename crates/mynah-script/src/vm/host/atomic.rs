//! Atomic changes of shared values: `process.increment`, `push`, `update`.

use boa_engine::{Context, JsArgs, JsError, JsNativeError, JsResult, JsValue};
use serde_json::Number;

use super::{host, shared};
use crate::ChangeError;

/// Adds a number to the value of a key, 1 if none is given; gives the sum.
pub(super) fn increment(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let key = shared::key(args, context)?;
    let by = match args.get(1) {
        None => Number::from(1),
        Some(by) => {
            let by = by.to_number(context)?;
            let json = shared::stringify(&by.into(), context)?.unwrap_or_default();
            serde_json::from_str(&json).map_err(|_| {
                JsNativeError::typ().with_message("process.increment needs a finite number")
            })?
        }
    };
    let host = host(context)?;
    host.depends("what sessions share");
    let sum = host.globals().increment(&key, &by).map_err(failed)?;
    shared::parse(&sum.to_string(), context)
}

/// Adds an element to the end of the array of a key; gives how many there are.
pub(super) fn push(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let key = shared::key(args, context)?;
    let json = shared::stringify(args.get_or_undefined(1), context)?;
    // As in an array in JSON, what JSON has no text for is null.
    let element = match json {
        Some(json) => serde_json::from_str(&json)
            .map_err(|error| JsNativeError::syntax().with_message(error.to_string()))?,
        None => serde_json::Value::Null,
    };
    let host = host(context)?;
    host.depends("what sessions share");
    let len = host.globals().push(&key, element).map_err(failed)?;
    Ok(u32::try_from(len).unwrap_or(u32::MAX).into())
}

/// Calls a function with the value of a key, stores what it returns, and gives that. It is called again if
/// another session has stored something meanwhile.
pub(super) fn update(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let key = shared::key(args, context)?;
    let Some(function) = args.get_or_undefined(1).as_callable() else {
        let error = JsNativeError::typ().with_message("process.update needs a function");
        return Err(error.into());
    };
    host(context)?.depends("what sessions share");
    loop {
        let old = host(context)?.globals().get(&key);
        let value = match &old {
            Some(json) => shared::parse(json, context)?,
            None => JsValue::undefined(),
        };
        let new = function.call(&JsValue::undefined(), &[value], context)?;
        let Some(json) = shared::stringify(&new, context)? else {
            let why =
                "the function that process.update calls has to return what JSON has a text for";
            return Err(JsNativeError::typ().with_message(why).into());
        };
        let globals = host(context)?.globals();
        let exchanged = globals.exchange(&key, old.as_ref(), json.into());
        if exchanged.map_err(|full| failed(full.into()))? {
            return Ok(new);
        }
    }
}

fn failed(error: ChangeError) -> JsError {
    let message = error.to_string();
    match error {
        ChangeError::NoNumber(_) | ChangeError::NoArray(_) => {
            JsNativeError::typ().with_message(message).into()
        }
        _ => JsNativeError::range().with_message(message).into(),
    }
}
