//! Coroutines and generators that answer statements.

use std::cell::Cell;

use boa_engine::object::builtins::JsGenerator;
use boa_engine::{
    Context, Finalize, JsArgs, JsObject, JsResult, JsValue, NativeFunction, Trace, js_string,
};

use super::Passed;
use super::resume::{invalid_state, resume};
use super::threads::Thread;

/// Whether a value is a thread, or a generator.
pub(in crate::vm) fn is_coroutine(value: &JsValue) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.is::<Thread>() || JsGenerator::from_object(object).is_ok())
}

/// The function that answers statements, if `stmts` is a thread, a generator, or the function
/// of one; else `stmts` as it is.
///
/// # Errors
/// The function of a generator may throw before there is one.
pub(in crate::vm) fn as_function(stmts: JsValue, context: &mut Context) -> JsResult<JsValue> {
    let Some(object) = stmts.as_object() else {
        return Ok(stmts);
    };
    let function = match object.downcast::<Thread>() {
        Ok(thread) => NativeFunction::from_copy_closure_with_captures(resume_thread, thread),
        Err(object) if is_generator_function(&object, context) => {
            let generator = object.call(&JsValue::undefined(), &[], context)?;
            return as_function(generator, context);
        }
        Err(object) => match JsGenerator::from_object(object) {
            Ok(generator) => NativeFunction::from_copy_closure_with_captures(
                resume_generator,
                Answers {
                    generator,
                    begun: Cell::new(false),
                    finished: Cell::new(false),
                },
            ),
            Err(_) => return Ok(stmts),
        },
    };
    Ok(function.to_js_function(context.realm()).into())
}

/// Whether a value is the function of a generator.
pub(in crate::vm) fn is_generator_function(object: &JsObject, context: &Context) -> bool {
    let generator_function = context.intrinsics().constructors().generator_function();
    object.is_callable() && object.prototype() == Some(generator_function.prototype())
}

fn resume_thread(
    _: &JsValue,
    args: &[JsValue],
    thread: &JsObject<Thread>,
    context: &mut Context,
) -> JsResult<JsValue> {
    let passed = Passed {
        value: args.get_or_undefined(0).clone(),
        throw: false,
    };
    resume(thread, passed, context)
}

/// A generator that answers statements.
#[derive(Trace, Finalize)]
struct Answers {
    generator: JsGenerator,
    begun: Cell<bool>,
    finished: Cell<bool>,
}

/// A generator is first run up to its first `yield`. It may ask for a statement there, by
/// yielding nothing, or give the first answer, whatever is asked.
fn resume_generator(
    _: &JsValue,
    args: &[JsValue],
    answers: &Answers,
    context: &mut Context,
) -> JsResult<JsValue> {
    if !answers.begun.replace(true) {
        let first = answers.next(JsValue::undefined(), context)?;
        if !first.is_undefined() {
            return Ok(first);
        }
    }
    answers.next(args.get_or_undefined(0).clone(), context)
}

impl Answers {
    fn next(&self, stmt: JsValue, context: &mut Context) -> JsResult<JsValue> {
        if self.finished.replace(true) {
            return Err(invalid_state());
        }
        let step = self.generator.next(stmt, context)?.to_object(context)?;
        let done = step.get(js_string!("done"), context)?.to_boolean();
        self.finished.set(done);
        step.get(js_string!("value"), context)
    }
}
