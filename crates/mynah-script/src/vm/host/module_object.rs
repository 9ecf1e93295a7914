//! `module`, as the text of a module sees it.

use std::path::Path;

use boa_engine::object::builtins::JsArray;
use boa_engine::object::{FunctionObjectBuilder, ObjectInitializer};
use boa_engine::property::Attribute;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, NativeFunction, js_string};

use super::host;

/// A module that has exported nothing yet; `modules` has those of the session.
pub(super) fn object(
    id: JsString,
    filename: JsString,
    modules: &JsObject,
    context: &mut Context,
) -> JsObject {
    let exports = JsObject::with_object_proto(context.intrinsics());
    let paths = NativeFunction::from_copy_closure_with_captures(paths, modules.clone());
    let paths = FunctionObjectBuilder::new(context.realm(), paths).build();
    let all = Attribute::all();
    ObjectInitializer::new(context)
        .property(js_string!("exports"), exports, all)
        .property(js_string!("id"), id, all)
        .property(js_string!("filename"), filename, all)
        .property(js_string!("loaded"), false, all)
        .accessor(
            js_string!("paths"),
            Some(paths),
            None,
            Attribute::ENUMERABLE | Attribute::CONFIGURABLE,
        )
        .build()
}

/// The module that the program itself is.
pub(super) fn main(path: &Path, modules: &JsObject, context: &mut Context) -> JsObject {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let path = JsString::from(path.to_string_lossy().as_ref());
    object(js_string!("."), path, modules, context)
}

/// `module.paths`: one list for all modules of a session, made when one looks at it.
fn paths(
    _: &JsValue,
    _: &[JsValue],
    modules: &JsObject,
    context: &mut Context,
) -> JsResult<JsValue> {
    let known = modules.get(PATHS, context)?;
    if !known.is_undefined() {
        return Ok(known);
    }
    let host = host(context)?;
    host.depends("where modules are searched for");
    let paths = host.sources.searched().map(|path| {
        let path = std::path::absolute(&path).unwrap_or(path);
        JsString::from(path.to_string_lossy().as_ref()).into()
    });
    let paths = JsArray::from_iter(paths, context);
    modules.create_data_property(PATHS, paths.clone(), context)?;
    Ok(paths.into())
}

/// Where modules of a bare name are searched for, if the script has looked at `module.paths` and so may have changed it.
pub(super) fn changed_paths(
    modules: &JsObject,
    context: &mut Context,
) -> JsResult<Option<Vec<String>>> {
    let Some(paths) = modules.get(PATHS, context)?.as_object() else {
        return Ok(None);
    };
    let length = paths
        .get(js_string!("length"), context)?
        .to_length(context)?
        .min(MOST_PATHS);
    let mut changed = Vec::new();
    for index in 0..length {
        let path = paths.get(index, context)?.to_string(context)?;
        changed.push(path.to_std_string_lossy());
    }
    Ok(Some(changed))
}

/// Kept with the modules, whose names are paths.
const PATHS: JsString = js_string!("module.paths");
const MOST_PATHS: u64 = 1000;
