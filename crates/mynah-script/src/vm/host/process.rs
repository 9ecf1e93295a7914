//! `process`: shared values by function, the environment, the standard streams.

use std::env;
use std::io::{self, Write};

use boa_engine::gc::GcRefCell;
use boa_engine::object::builtins::JsArray;
use boa_engine::object::{FunctionObjectBuilder, ObjectInitializer};
use boa_engine::property::Attribute;
use boa_engine::{
    Context, JsArgs, JsNativeError, JsObject, JsResult, JsString, JsValue, NativeFunction,
    js_string,
};

use super::shared::key;
use super::{atomic, host, shared};

/// `process`.
pub(super) fn object(context: &mut Context) -> JsResult<JsObject> {
    let argv = JsArray::new(context)?;
    let stdout = stream(1, stdout_write, context);
    let stderr = stream(2, stderr_write, context);
    let realm = context.realm().clone();
    let env = NativeFunction::from_copy_closure_with_captures(env_object, Environment::default());
    let env = FunctionObjectBuilder::new(&realm, env).build();
    let all = Attribute::all();
    Ok(ObjectInitializer::new(context)
        .function(
            NativeFunction::from_fn_ptr(get_shared),
            js_string!("get_shared"),
            1,
        )
        .function(
            NativeFunction::from_fn_ptr(set_shared),
            js_string!("set_shared"),
            2,
        )
        .function(
            NativeFunction::from_fn_ptr(get_keys),
            js_string!("get_keys"),
            0,
        )
        .function(NativeFunction::from_fn_ptr(erase), js_string!("erase"), 1)
        .function(
            NativeFunction::from_fn_ptr(atomic::increment),
            js_string!("increment"),
            2,
        )
        .function(
            NativeFunction::from_fn_ptr(atomic::push),
            js_string!("push"),
            2,
        )
        .function(
            NativeFunction::from_fn_ptr(atomic::update),
            js_string!("update"),
            2,
        )
        .function(NativeFunction::from_fn_ptr(getenv), js_string!("getenv"), 1)
        .function(NativeFunction::from_fn_ptr(cwd), js_string!("cwd"), 0)
        .function(NativeFunction::from_fn_ptr(nothing), js_string!("on"), 2)
        .function(
            NativeFunction::from_fn_ptr(nothing),
            js_string!("removeListener"),
            2,
        )
        .function(
            NativeFunction::from_fn_ptr(next_tick),
            js_string!("nextTick"),
            1,
        )
        .property(js_string!("argv"), argv, all)
        .property(js_string!("stdout"), stdout, all)
        .property(js_string!("stderr"), stderr, all)
        .accessor(
            js_string!("env"),
            Some(env),
            None,
            Attribute::ENUMERABLE | Attribute::CONFIGURABLE,
        )
        .build())
}

fn stream(
    fd: i32,
    write: fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue>,
    context: &mut Context,
) -> JsObject {
    ObjectInitializer::new(context)
        .property(js_string!("fd"), fd, Attribute::all())
        .function(NativeFunction::from_fn_ptr(write), js_string!("write"), 1)
        .build()
}

fn get_shared(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("what sessions share");
    let key = key(args, context)?;
    shared::get(&key, context)
}

fn set_shared(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("what sessions share");
    let key = key(args, context)?;
    shared::set(&key, args.get_or_undefined(1), context)?;
    Ok(JsValue::undefined())
}

fn get_keys(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("what sessions share");
    let keys = host(context)?.globals().keys();
    let keys: Vec<JsValue> = keys
        .into_iter()
        .map(|key| JsString::from(key).into())
        .collect();
    Ok(JsArray::from_iter(keys, context).into())
}

/// Says how many values were removed.
fn erase(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("what sessions share");
    let key = key(args, context)?;
    let removed = host(context)?.globals().remove(&key);
    Ok(i32::from(removed).into())
}

fn getenv(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("the environment");
    let value = env::var_os(key(args, context)?);
    Ok(value.map_or_else(JsValue::undefined, |value| {
        JsString::from(value.to_string_lossy().as_ref()).into()
    }))
}

/// `process.env`, once it was looked at.
type Environment = GcRefCell<Option<JsObject>>;

/// `process.env`, made when it is first looked at: few scripts do.
///
/// It stays a getter. Would it put a plain property in its place, then the line of code that called
/// it would take the property for the getter from then on.
fn env_object(
    _: &JsValue,
    _: &[JsValue],
    made: &Environment,
    context: &mut Context,
) -> JsResult<JsValue> {
    host(context)?.depends("the environment");
    if let Some(object) = &*made.borrow() {
        return Ok(object.clone().into());
    }
    let object = JsObject::with_object_proto(context.intrinsics());
    for (name, value) in env::vars_os() {
        let name = JsString::from(name.to_string_lossy().as_ref());
        let value = JsString::from(value.to_string_lossy().as_ref());
        object.create_data_property(name, value, context)?;
    }
    *made.borrow_mut() = Some(object.clone());
    Ok(object.into())
}

fn cwd(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("the directory");
    let directory = env::current_dir()
        .map_err(|error| JsNativeError::error().with_message(format!("process.cwd: {error}")))?;
    Ok(JsString::from(directory.to_string_lossy().as_ref()).into())
}

/// For listeners: nothing ever happens.
fn nothing(this: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(this.clone())
}

/// Calls the function now, with the arguments behind it.
fn next_tick(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let Some(function) = args.get_or_undefined(0).as_callable() else {
        let error = JsNativeError::typ().with_message("process.nextTick needs a function");
        return Err(error.into());
    };
    function.call(
        &JsValue::undefined(),
        args.get(1..).unwrap_or_default(),
        context,
    )?;
    Ok(JsValue::undefined())
}

fn stdout_write(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    write(io::stdout(), args, context)
}

fn stderr_write(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    write(io::stderr(), args, context)
}

fn write(mut to: impl Write, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let text = key(args, context)?;
    host(context)?.depends("what it writes");
    let written = host(context)?.silent
        || to
            .write_all(text.as_bytes())
            .and_then(|()| to.flush())
            .is_ok();
    Ok(written.into())
}
