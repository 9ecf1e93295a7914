//! `Duktape`: what the engine of the original mock has of its own.
//!
//! Few scripts look at it, and fewer at all of it. What is written in JavaScript is run when it
//! is first asked for: it is large. See `process.env` for why it stays a getter then.

use std::path::Path;

use boa_engine::object::builtins::JsFunction;
use boa_engine::object::{FunctionObjectBuilder, ObjectInitializer};
use boa_engine::property::{Attribute, PropertyDescriptor};
use boa_engine::vm::SourcePath;
use boa_engine::{
    Context, Finalize, JsArgs, JsObject, JsResult, JsString, JsValue, NativeFunction, Trace,
    js_string,
};
use boa_gc::{Gc, GcRefCell};
use log::Level;

use super::{console, require};
use crate::vm::thread;

/// Defines `Duktape`.
pub(super) fn define(context: &mut Context) -> JsResult<()> {
    let global = context.global_object();
    define_lazy(&global, js_string!("Duktape"), Part::All, context)
}

/// A property that is made when it is first looked at.
#[derive(Clone, Copy)]
enum Part {
    /// `Duktape` itself.
    All,
    /// What a text exports under the name of the property.
    Export(&'static str, &'static str),
}

/// The property's value, once it was looked at or set.
#[derive(Clone, Trace, Finalize)]
struct Lazy {
    name: JsString,
    #[unsafe_ignore_trace]
    part: Part,
    value: Gc<GcRefCell<Option<JsValue>>>,
}

fn define_lazy(
    object: &JsObject,
    name: JsString,
    part: Part,
    context: &mut Context,
) -> JsResult<()> {
    let lazy = Lazy {
        name: name.clone(),
        part,
        value: Gc::new(GcRefCell::new(None)),
    };
    let get = NativeFunction::from_copy_closure_with_captures(get, lazy.clone());
    let set = NativeFunction::from_copy_closure_with_captures(set, lazy);
    let function = |native, context: &Context| -> JsFunction {
        FunctionObjectBuilder::new(context.realm(), native).build()
    };
    let property = PropertyDescriptor::builder()
        .get(function(get, context))
        .set(function(set, context))
        .enumerable(false)
        .configurable(true);
    object
        .define_property_or_throw(name, property, context)
        .map(drop)
}

fn get(_: &JsValue, _: &[JsValue], lazy: &Lazy, context: &mut Context) -> JsResult<JsValue> {
    if let Some(value) = &*lazy.value.borrow() {
        return Ok(value.clone());
    }
    let value = match lazy.part {
        Part::All => object(context)?.into(),
        Part::Export(file, text) => run(file, text, context)?.get(lazy.name.clone(), context)?,
    };
    *lazy.value.borrow_mut() = Some(value.clone());
    Ok(value)
}

fn set(_: &JsValue, args: &[JsValue], lazy: &Lazy, _: &mut Context) -> JsResult<JsValue> {
    *lazy.value.borrow_mut() = Some(args.get_or_undefined(0).clone());
    Ok(JsValue::undefined())
}

/// `Duktape`.
pub(super) fn object(context: &mut Context) -> JsResult<JsObject> {
    let thread = thread::constructor(context)?;
    let all = Attribute::all();
    let native = NativeFunction::from_fn_ptr;
    let duktape = ObjectInitializer::new(context)
        .property(js_string!("version"), VERSION, all)
        .property(js_string!("Thread"), thread, all)
        .function(native(yes), js_string!("gc"), 0)
        .function(native(same), js_string!("compact"), 1)
        .function(native(nothing), js_string!("fin"), 2)
        .function(native(nothing), js_string!("act"), 1)
        .build();
    let logger = Part::Export("built-in:duktape_logger", LOGGER);
    let coding = Part::Export("built-in:duktape_coding", CODING);
    define_lazy(&duktape, js_string!("Logger"), logger, context)?;
    define_lazy(&duktape, js_string!("enc"), coding, context)?;
    define_lazy(&duktape, js_string!("dec"), coding, context)?;
    Ok(duktape)
}

/// What a text exports.
fn run(file: &str, text: &str, context: &mut Context) -> JsResult<JsObject> {
    let native = ObjectInitializer::new(context)
        .function(NativeFunction::from_fn_ptr(log), js_string!("log"), 2)
        .function(NativeFunction::from_fn_ptr(caller), js_string!("caller"), 0)
        .build();
    let exports = JsObject::with_object_proto(context.intrinsics());
    let module = ObjectInitializer::new(context)
        .property(js_string!("exports"), exports.clone(), Attribute::all())
        .build();
    let modules = JsObject::with_null_proto();
    let native = native.into();
    require::run(Path::new(file), text, &module, &modules, native, context)?;
    Ok(exports)
}

/// Writes a line of a given level to the log.
fn log(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let level = match args.get_or_undefined(0).to_i32(context)? {
        ..=0 => Level::Trace,
        1 => Level::Debug,
        2 => Level::Info,
        3 => Level::Warn,
        _ => Level::Error,
    };
    let text = args.get_or_undefined(1).to_string(context)?;
    console::write(level, |_| Ok(text.to_std_string_lossy()), context)
}

/// The name of the file that is being run.
fn caller(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let mut files = context.stack_trace().filter_map(|frame| {
        let SourcePath::Path(path) = frame.position().path else {
            return None;
        };
        let name = path.file_name()?.to_string_lossy().into_owned();
        (!path.starts_with("built-in:duktape_logger")).then_some(name)
    });
    let file = files.next();
    Ok(file.map_or_else(JsValue::undefined, |file| JsString::from(file).into()))
}

fn yes(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(true.into())
}

fn same(_: &JsValue, args: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(args.get_or_undefined(0).clone())
}

fn nothing(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(JsValue::undefined())
}

const LOGGER: &str = include_str!("builtin/duktape_logger.js");
const CODING: &str = include_str!("builtin/duktape_coding.js");
/// The last version of Duktape, 2.7.0.
const VERSION: i32 = 20700;
