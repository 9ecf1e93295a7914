//! `require()`: modules, each run once in a session.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use boa_engine::object::{FunctionObjectBuilder, ObjectInitializer};
use boa_engine::property::Attribute;
use boa_engine::{
    Context, JsArgs, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue, NativeFunction,
    js_string,
};

use super::{Shared, format, host, module_object};
use crate::vm::resolve::{is_bare, resolve};
use crate::vm::source::{Ready, SyntaxError};
use crate::vm::sources::{Place, wrapped};

/// `require` as a module in `directory` sees it; `modules` has those that were run.
pub(super) fn function(directory: JsString, modules: JsObject, context: &mut Context) -> JsObject {
    let require = NativeFunction::from_copy_closure_with_captures(
        |_, args, (directory, modules): &(JsString, JsObject), context| {
            let id = args
                .get_or_undefined(0)
                .to_string(context)?
                .to_std_string_lossy();
            require(
                &id,
                Path::new(&directory.to_std_string_lossy()),
                modules,
                context,
            )
        },
        (directory, modules),
    );
    FunctionObjectBuilder::new(context.realm(), require)
        .name(js_string!("require"))
        .length(1)
        .build()
        .into()
}

fn require(
    id: &str,
    directory: &Path,
    modules: &JsObject,
    context: &mut Context,
) -> JsResult<JsValue> {
    if let Some((_, text)) = BUILT_INS.iter().find(|(name, _)| *name == id) {
        let key = JsString::from(format!("{BUILT_IN}:{id}"));
        return load(key, modules, context, |module, context| {
            let path = PathBuf::from(format!("{BUILT_IN}:{id}"));
            let native = native(context).into();
            run(&path, text, module, modules, native, context)
        });
    }
    let host = host(context)?;
    let place = match module_object::changed_paths(modules, context)? {
        Some(paths) if is_bare(id) => {
            let paths = paths.into_iter().map(PathBuf::from);
            resolve(id, directory, paths).map(|path| Arc::new(Place::new(path)))
        }
        _ => host.sources.resolve(id, directory),
    };
    // Whether a file exists may change between sessions, so a script that looks for one isn't data.
    let Some(place) = place else {
        host.depends("files that aren't there");
        let message = format!("Cannot find module: {id}");
        return Err(JsNativeError::error().with_message(message).into());
    };
    let (sources, path) = (&host.sources, &place.path);
    let key = JsString::from(place.key.to_string_lossy().as_ref());
    load(key, modules, context, |module, context| {
        if let Some(shared) = &host.shared
            && !shared.sharing.modules.contains(&place.key)
        {
            // Modules of a shared context were checked when the script was loaded. One that wasn't can't be
            // run there.
            return Err(super::foul("a module that wasn't foreseen", context));
        }
        let text = sources.text(path).map_err(|error| {
            let message = format!("Cannot read module: {}: {error}", path.display());
            JsNativeError::error().with_message(message)
        })?;
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let value = json(path, &text, context)?;
            return module
                .set(js_string!("exports"), value, true, context)
                .map(drop);
        }
        run(path, &text, module, modules, JsValue::undefined(), context)
    })
}

/// What a module exports. It is run unless it was; one that requires itself, over however
/// many others, sees what it has exported so far.
fn load(
    key: JsString,
    modules: &JsObject,
    context: &mut Context,
    run: impl FnOnce(&JsObject, &mut Context) -> JsResult<()>,
) -> JsResult<JsValue> {
    if let Some(module) = modules.get(key.clone(), context)?.as_object() {
        return module.get(js_string!("exports"), context);
    }
    let module = module_object::object(key.clone(), key.clone(), modules, context);
    // Before it runs: modules that require each other in a circle see what was exported so far.
    modules.set(key.clone(), module.clone(), true, context)?;
    if let Err(error) = run(&module, context) {
        // As in Node.js: a module that failed is run again by the next `require()`.
        modules.delete_property_or_throw(key, context)?;
        return Err(error);
    }
    module.set(js_string!("loaded"), true, false, context)?;
    module.get(js_string!("exports"), context)
}

/// Runs a module's text as the body of a function. `native` is what a built-in module needs
/// that JavaScript can't do.
pub(super) fn run(
    path: &Path,
    text: &str,
    module: &JsObject,
    modules: &JsObject,
    native: JsValue,
    context: &mut Context,
) -> JsResult<()> {
    let host = host(context)?;
    let body = match &host.shared {
        Some(shared) => shared_body(shared, path, text, modules, context)?,
        None => body(path, host.sources.body(path, text), context)?,
    };
    let directory = path.parent().unwrap_or(path).to_string_lossy();
    let require = function(directory.as_ref().into(), modules.clone(), context);
    let exports = module.get(js_string!("exports"), context)?;
    let filename = module.get(js_string!("filename"), context)?;
    let directory = filename.as_string().map(|name| name.to_std_string_lossy());
    let directory = directory.as_deref().map(Path::new).and_then(Path::parent);
    let directory = directory.unwrap_or(Path::new("")).to_string_lossy();
    let directory = JsString::from(directory.as_ref());
    let arguments = [
        exports.clone(),
        require.into(),
        module.clone().into(),
        native,
        filename,
        directory.into(),
    ];
    body.call(&exports, &arguments, context).map(drop)
}

/// Whether it is the name of a module that needs no file.
pub(crate) fn is_built_in(id: &str) -> bool {
    BUILT_INS.iter().any(|(name, _)| *name == id)
}

fn body(
    path: &Path,
    text: Result<Ready, SyntaxError>,
    context: &mut Context,
) -> JsResult<JsObject> {
    let script = text
        .and_then(|text| text.parse(path, context))
        .map_err(|error| syntax_error(path, error.line, &error.reason, context))?;
    script.evaluate(context)?.to_object(context)
}

/// The function of a module that a context has compiled, closed over what a session has.
fn shared_body(
    shared: &Shared,
    path: &Path,
    text: &str,
    modules: &JsObject,
    context: &mut Context,
) -> JsResult<JsObject> {
    let known = shared.modules.borrow().get(path).cloned();
    let outer = match known {
        Some(known) => known,
        None => {
            let text = format!(
                "(function ({}) {{return {}}})",
                SURROUNDINGS.join(", "),
                wrapped(text)
            );
            let outer = body(path, Ready::new(&text, 2, true), context)?;
            shared
                .modules
                .borrow_mut()
                .insert(path.to_owned(), outer.clone());
            outer
        }
    };
    let mut around = Vec::with_capacity(SURROUNDINGS.len());
    for name in SURROUNDINGS {
        around.push(modules.get(JsString::from(*name), context)?);
    }
    outer
        .call(&JsValue::undefined(), &around, context)?
        .to_object(context)
}

/// What modules find around them, of the session's own. It is kept with the modules that
/// were run, whose names are paths.
pub(super) const SURROUNDINGS: &[&str] = &["mysqld", "process", "console", "Duktape"];
/// What the paths of built-in modules begin with.
const BUILT_IN: &str = "built-in";

fn json(path: &Path, text: &str, context: &mut Context) -> JsResult<JsValue> {
    match serde_json::from_str(text) {
        Ok(value) => JsValue::from_json(&value, context),
        Err(error) => Err(syntax_error(
            path,
            error.line(),
            &error.to_string(),
            context,
        )),
    }
}

/// An error with the place in the module, rather than that of the `require()`.
fn syntax_error(path: &Path, line: usize, reason: &str, context: &mut Context) -> JsError {
    let error = JsNativeError::syntax().with_message(format!("parse error: {reason}"));
    let error = error.into_opaque(context);
    let file = JsString::from(path.to_string_lossy().as_ref());
    let line = i32::try_from(line).unwrap_or(i32::MAX);
    let located = error
        .create_data_property(js_string!("fileName"), file, context)
        .and_then(|_| error.create_data_property(js_string!("lineNumber"), line, context));
    match located {
        Ok(_) => JsError::from_opaque(error.into()),
        Err(error) => error,
    }
}

/// What built-in modules are given.
fn native(context: &mut Context) -> JsObject {
    ObjectInitializer::new(context)
        .function(
            NativeFunction::from_fn_ptr(realpath),
            js_string!("realpath"),
            1,
        )
        .function(
            NativeFunction::from_fn_ptr(formatted),
            js_string!("format"),
            1,
        )
        .property(
            js_string!("os"),
            JsString::from(env::consts::OS),
            Attribute::all(),
        )
        .build()
}

fn realpath(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    host(context)?.depends("the file system");
    let path = args
        .get_or_undefined(0)
        .to_string(context)?
        .to_std_string_lossy();
    let path = Path::new(&path)
        .canonicalize()
        .or_else(|_| std::path::absolute(&path));
    Ok(path.map_or_else(
        |_| args.get_or_undefined(0).clone(),
        |path| JsString::from(path.to_string_lossy().as_ref()).into(),
    ))
}

fn formatted(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    Ok(JsString::from(format::format(args, context)?).into())
}

pub(super) const BUILT_INS: &[(&str, &str)] = &[
    ("assert", include_str!("builtin/assert.js")),
    ("events", include_str!("builtin/events.js")),
    ("fs", include_str!("builtin/fs.js")),
    ("os", include_str!("builtin/os.js")),
    ("path", include_str!("builtin/path.js")),
    ("tty", include_str!("builtin/tty.js")),
    ("util", include_str!("builtin/util.js")),
];
