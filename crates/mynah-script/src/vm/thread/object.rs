//! `Duktape.Thread`, which makes thread objects.

use std::cell::Cell;
use std::rc::Rc;

use boa_engine::native_function::NativeFunctionPointer;
use boa_engine::object::FunctionObjectBuilder;
use boa_engine::{
    Context, JsArgs, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue,
    NativeFunction, js_string,
};

use super::Passed;
use super::fiber;
use super::resume::{invalid_state, resume};
use super::threads::{State, Thread, Threads, threads};

/// `Duktape.Thread`.
pub(in crate::vm) fn constructor(context: &mut Context) -> JsResult<JsObject> {
    let realm = context.realm().clone();
    let prototype = JsObject::with_object_proto(context.intrinsics());
    let construct = NativeFunction::from_copy_closure_with_captures(construct, prototype.clone());
    let constructor: JsObject = FunctionObjectBuilder::new(&realm, construct)
        .name(js_string!("Thread"))
        .length(1)
        .constructor(true)
        .build()
        .into();
    let functions: [(JsString, NativeFunctionPointer, usize); 3] = [
        (js_string!("resume"), resume_native, 3),
        (js_string!("yield"), yield_native, 2),
        (js_string!("current"), current_native, 0),
    ];
    for (name, function, length) in functions {
        let function = NativeFunction::from_fn_ptr(function);
        let function = FunctionObjectBuilder::new(&realm, function)
            .name(name.clone())
            .length(length)
            .build();
        constructor.set(name, function, true, context)?;
    }
    constructor.set(js_string!("prototype"), prototype.clone(), true, context)?;
    let tag = JsSymbol::to_string_tag();
    prototype.create_data_property(js_string!("constructor"), constructor.clone(), context)?;
    prototype.create_data_property(tag, js_string!("Thread"), context)?;
    Ok(constructor)
}

/// `new Duktape.Thread(fn)`.
fn construct(
    _: &JsValue,
    args: &[JsValue],
    prototype: &JsObject,
    context: &mut Context,
) -> JsResult<JsValue> {
    let function = args.get_or_undefined(0).as_callable();
    let function = function.ok_or_else(|| JsNativeError::typ().with_message("invalid args"))?;
    let threads = threads(context)?;
    let thread = object(Some(function), State::New, prototype.clone(), &threads);
    Ok(thread.upcast().into())
}

/// `Duktape.Thread.resume(thread, value[, throw])`.
fn resume_native(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let thread = args.get_or_undefined(0).as_object();
    let thread = thread.and_then(|thread| thread.downcast::<Thread>().ok());
    let thread = thread.ok_or_else(|| JsNativeError::typ().with_message("thread required"))?;
    resume(&thread, passed(args.get(1..)), context)
}

/// `Duktape.Thread.yield(value[, throw])`.
fn yield_native(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    if threads(context)?.current().is_none() {
        return Err(invalid_state());
    }
    let resumed = fiber::suspend(passed(Some(args)));
    resumed.ok_or_else(invalid_state)?.arrive()
}

/// `Duktape.Thread.current()`.
fn current_native(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let threads = threads(context)?;
    let current = threads.current().unwrap_or_else(|| {
        threads.main(|| {
            let prototype = context.intrinsics().constructors().object().prototype();
            object(None, State::Running, prototype, &threads)
        })
    });
    Ok(current.upcast().into())
}

fn object(
    function: Option<JsObject>,
    state: State,
    prototype: JsObject,
    threads: &Rc<Threads>,
) -> JsObject<Thread> {
    let thread = Thread {
        function,
        state: Cell::new(state),
        id: threads.register(),
    };
    JsObject::new_unique(Some(prototype), thread)
}

/// A value, and whether it is to be thrown.
fn passed(args: Option<&[JsValue]>) -> Passed {
    let args = args.unwrap_or_default();
    Passed {
        value: args.get_or_undefined(0).clone(),
        throw: args.get_or_undefined(1).to_boolean(),
    }
}
