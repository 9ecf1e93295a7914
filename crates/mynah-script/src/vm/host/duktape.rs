//! `Duktape`: what the engine of the original mock has of its own.

use std::path::Path;

use boa_engine::object::{FunctionObjectBuilder, ObjectInitializer};
use boa_engine::property::{Attribute, PropertyDescriptor};
use boa_engine::vm::SourcePath;
use boa_engine::{
    Context, JsArgs, JsObject, JsResult, JsString, JsValue, NativeFunction, js_string,
};
use boa_gc::GcRefCell;
use log::Level;

use super::{console, require};
use crate::vm::thread;

/// Defines `Duktape`, which is made when a script first looks at it: few do.
pub(super) fn define(context: &mut Context) -> JsResult<()> {
    let get = NativeFunction::from_copy_closure_with_captures(get, Made::default());
    let get = FunctionObjectBuilder::new(context.realm(), get).build();
    let property = PropertyDescriptor::builder()
        .get(get)
        .enumerable(false)
        .configurable(true);
    let global = context.global_object();
    global
        .define_property_or_throw(js_string!("Duktape"), property, context)
        .map(drop)
}

/// `Duktape`, once it was looked at.
type Made = GcRefCell<Option<JsObject>>;

fn get(_: &JsValue, _: &[JsValue], made: &Made, context: &mut Context) -> JsResult<JsValue> {
    if let Some(duktape) = &*made.borrow() {
        return Ok(duktape.clone().into());
    }
    let duktape = object(context)?;
    *made.borrow_mut() = Some(duktape.clone());
    Ok(duktape.into())
}

/// `Duktape`.
pub(super) fn object(context: &mut Context) -> JsResult<JsObject> {
    let thread = thread::constructor(context)?;
    let all = Attribute::all();
    let native = ObjectInitializer::new(context)
        .function(NativeFunction::from_fn_ptr(log), js_string!("log"), 2)
        .function(NativeFunction::from_fn_ptr(caller), js_string!("caller"), 0)
        .build();
    let duktape = ObjectInitializer::new(context)
        .property(js_string!("version"), VERSION, all)
        .property(js_string!("Thread"), thread, all)
        .build();
    let module = ObjectInitializer::new(context)
        .property(js_string!("exports"), duktape.clone(), all)
        .build();
    let modules = JsObject::with_null_proto();
    let path = Path::new("built-in:duktape");
    require::run(path, TEXT, &module, &modules, native.into(), context)?;
    Ok(duktape)
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
    let files = context.stack_trace().filter_map(|frame| {
        let SourcePath::Path(path) = frame.position().path else {
            return None;
        };
        let name = path.file_name()?.to_string_lossy().into_owned();
        (!path.starts_with("built-in:duktape")).then_some(name)
    });
    let file = files.into_iter().next();
    Ok(file.map_or_else(JsValue::undefined, |file| JsString::from(file).into()))
}

const TEXT: &str = include_str!("builtin/duktape.js");
/// The last version of Duktape, 2.7.0.
const VERSION: i32 = 20700;
