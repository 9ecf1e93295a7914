//! `Duktape`: what the engine of the original mock has of its own.

use boa_engine::object::ObjectInitializer;
use boa_engine::property::Attribute;
use boa_engine::{Context, JsObject, JsResult, js_string};

use crate::vm::thread;

pub(super) fn define(context: &mut Context) -> JsResult<()> {
    let object = object(context)?;
    super::define(js_string!("Duktape"), object.into(), context)
}

/// `Duktape`.
pub(super) fn object(context: &mut Context) -> JsResult<JsObject> {
    let thread = thread::constructor(context)?;
    let all = Attribute::all();
    Ok(ObjectInitializer::new(context)
        .property(js_string!("version"), VERSION, all)
        .property(js_string!("Thread"), thread, all)
        .build())
}

/// The last version of Duktape, 2.7.0.
const VERSION: i32 = 20700;
