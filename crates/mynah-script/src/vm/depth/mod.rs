//! Calls within calls, as a RangeError that a script can catch.
//!
//! The engine's own limit ends a script: no `catch` sees it. So functions of a script's texts look for themselves,
//! before they do anything else, how deep they are. That is written into the texts before they are compiled.

mod text;

use boa_engine::error::{EngineError, RuntimeLimitError};
use boa_engine::object::{FunctionObjectBuilder, JsObject};
use boa_engine::property::Attribute;
use boa_engine::{Context, JsError, JsResult, JsString, JsValue, NativeFunction, js_string};

use super::bounds::{put, range};

pub(super) use text::with_looks;

/// Puts what functions call into a context.
pub(super) fn install(context: &mut Context) -> JsResult<()> {
    let probe = NativeFunction::from_fn_ptr(|_, _, _| Ok(JsValue::undefined()));
    let probe = FunctionObjectBuilder::new(context.realm(), probe).build();
    let look = NativeFunction::from_copy_closure_with_captures(look, probe.into());
    let look = FunctionObjectBuilder::new(context.realm(), look).build();
    context.register_global_property(JsString::from(NAME), look, Attribute::empty())?;

    let functions = context.intrinsics().constructors().function().prototype();
    let original = functions.get(js_string!("toString"), context)?;
    let Some(original) = original.as_object() else {
        return Ok(());
    };
    let to_string = NativeFunction::from_copy_closure_with_captures(to_string, original);
    let to_string = FunctionObjectBuilder::new(context.realm(), to_string)
        .name(js_string!("toString"))
        .build();
    put(&functions, js_string!("toString"), to_string);
    Ok(())
}

/// Throws if calls are so deep that the engine would end the script soon.
fn look(_: &JsValue, _: &[JsValue], probe: &JsObject, context: &mut Context) -> JsResult<JsValue> {
    if context.stack_trace().nth(FEW_FRAMES).is_none() {
        return Ok(JsValue::undefined());
    }
    let limits = context.runtime_limits();
    let lower = context.runtime_limits_mut();
    lower.set_recursion_limit(limits.recursion_limit().saturating_sub(SPARE_CALLS));
    lower.set_stack_size_limit(limits.stack_size_limit().saturating_sub(SPARE_STACK));
    let called = probe.call(&JsValue::undefined(), &[], context);
    context.set_runtime_limits(limits);
    called.map_err(|error| match is_recursion(&error) {
        true => too_deep(),
        false => error,
    })
}

fn too_deep() -> JsError {
    range(TOO_DEEP)
}

/// `Function.prototype.toString()`: the text as its author knows it.
fn to_string(
    this: &JsValue,
    args: &[JsValue],
    original: &JsObject,
    context: &mut Context,
) -> JsResult<JsValue> {
    let value = original.call(this, args, context)?;
    let Some(text) = value.as_string() else {
        return Ok(value);
    };
    let text = text.to_std_string_lossy();
    if !text.contains(NAME) {
        return Ok(value);
    }
    let text = text.replace(STATEMENT, "").replace(CONDITION, "");
    Ok(JsString::from(text).into())
}

/// Whether functions called functions for too long.
pub(super) fn is_recursion(error: &JsError) -> bool {
    matches!(
        error.as_engine(),
        Some(EngineError::RuntimeLimit(
            RuntimeLimitError::Recursion | RuntimeLimitError::StackSize
        ))
    )
}

/// What a script gets.
pub(super) const TOO_DEEP: &str = "too many calls within calls";
/// What functions call; a name that texts don't have.
const NAME: &str = "$mynahCall";
/// How functions call it that have statements.
const STATEMENT: &str = "$mynahCall();";
/// How those do that are an expression: it gives nothing.
const CONDITION: &str = "$mynahCall()?0:";
/// With fewer functions at work, nothing is near its limit.
const FEW_FRAMES: usize = 100;
/// What is kept for calls of built-in functions.
const SPARE_CALLS: usize = 100;
const SPARE_STACK: usize = 10_000;
