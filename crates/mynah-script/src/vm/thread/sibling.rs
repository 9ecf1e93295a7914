use std::rc::Rc;

use boa_engine::job::IdleJobExecutor;
use boa_engine::module::IdleModuleLoader;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, js_string};

use super::threads::{data, threads};
use crate::vm::bounce::Bounce;
use crate::vm::clock::Clock;
use crate::vm::context::Hooks;
use crate::vm::host;

/// A context for a coroutine, which differs from the one it is made in by nothing but what it
/// is just doing.
pub(super) fn sibling(context: &Context) -> JsResult<Context> {
    let mut sibling = Context::builder()
        .host_hooks(data::<Hooks>(context)?)
        .job_executor(Rc::new(IdleJobExecutor))
        .module_loader(Rc::new(IdleModuleLoader))
        .build()?;
    let global = sibling.global_object();
    empty(&global, GLOBAL_DEPTH, &mut sibling);
    sibling.enter_realm(context.realm().clone());
    sibling.set_runtime_limits(context.runtime_limits());
    sibling.insert_data(threads(context)?);
    sibling.insert_data(data::<Hooks>(context)?);
    sibling.insert_data(data::<Bounce>(context)?);
    sibling.insert_data(data::<Clock>(context)?);
    host::share(context, &mut sibling)?;
    Ok(sibling)
}

/// Takes apart a realm that is never used. A context keeps the prototypes of the
/// realm that it came with, and through them all of its objects: 200 KB, which each collection would
/// walk through.
fn empty(object: &JsObject, depth: u8, context: &mut Context) {
    let prototype = PropertyKey::from(js_string!("prototype"));
    let keys = object.own_property_keys(context).unwrap_or_default();
    for key in keys.into_iter().rev() {
        if depth > 0
            && let Ok(value) = object.get(key.clone(), context)
            && let Some(value) = value.as_object()
            && (depth == GLOBAL_DEPTH || !value.is_callable() || key == prototype)
        {
            empty(&value, depth - 1, context);
        }
        // A property that can't be deleted keeps little alive.
        let _kept = object.delete_property_or_throw(key, context);
    }
}

/// From the global object over constructors to their prototypes.
const GLOBAL_DEPTH: u8 = 2;
