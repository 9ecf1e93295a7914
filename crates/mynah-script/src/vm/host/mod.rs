//! The global objects of scripts: `mysqld`, `process`, `console`, `require()`, `Duktape`.

mod atomic;
mod buffer;
mod call;
mod client;
mod console;
mod duktape;
mod format;
mod module_object;
mod mysqld;
mod param;
mod process;
mod require;
mod shared;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, OnceLock, Weak};

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::object::builtins::JsProxy;
use boa_engine::property::{Attribute, PropertyDescriptor, PropertyKey};
use boa_engine::{
    Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue, NativeFunction, Source,
    js_string,
};
use mynah_session::Connection;

use super::impure::Impure;
use super::program::{Program, Sharing};
use super::sources::Sources;
use super::{bounds, depth};
use crate::Globals;

pub(super) use buffer::bytes;
pub(super) use call::object as call;
pub(super) use client::{Client, object as client};
pub(super) use mysqld::{set_call, set_tls, take_session};
pub(super) use param::file;
pub(crate) use require::is_built_in;
pub(super) use shared::stringify;

/// What the functions of a context need of the program it runs.
#[derive(Debug)]
struct Host {
    /// Those of the test that it runs something for now.
    globals: RefCell<Weak<Globals>>,
    sources: Arc<Sources>,
    /// Whether output of the script is dropped.
    silent: bool,
    /// `JSON.stringify`, as it was before the script could change it.
    stringify: JsObject,
    /// What `mysqld.global` does, once one was made.
    global_handler: OnceCell<JsObject>,
    /// What sessions have in common, if they share the context.
    shared: Option<Shared>,
    /// What the evaluation depends on, or does, besides what the texts say.
    impure: Impure,
}

/// What sessions that share a context have in common.
#[derive(Debug)]
struct Shared {
    sharing: Arc<Sharing>,
    /// Modules as functions, by their paths.
    modules: RefCell<HashMap<PathBuf, JsObject>>,
    directory: JsString,
    /// Receives the reason why sessions can't share the context after all.
    foul: Arc<OnceLock<String>>,
    fouled: Cell<bool>,
}

impl Host {
    /// Notes what an evaluation depends on, or does, besides what the texts say.
    fn depends(&self, on: &'static str) {
        self.impure.set(Some(on));
    }

    /// What is shared; nothing once its test has ended.
    fn globals(&self) -> Arc<Globals> {
        self.globals.borrow().upgrade().unwrap_or_default()
    }
}

/// From now on, scripts share these.
pub(super) fn set_globals(globals: &Arc<Globals>, context: &Context) {
    if let Ok(host) = host(context) {
        host.globals.replace(Arc::downgrade(globals));
    }
}

/// Whether a session tried to change what it shares with others, since this was last asked.
pub(super) fn was_fouled(context: &Context) -> bool {
    host(context).is_ok_and(|host| host.shared.as_ref().is_some_and(|s| s.fouled.take()))
}

/// Puts everything into a context that a script expects there.
pub(super) fn install(
    program: &Program,
    connection: Connection,
    impure: &Impure,
    context: &mut Context,
) -> JsResult<()> {
    install_host(program, None, impure.clone(), context)?;
    if program.rehearsal {
        note_chance(context)?;
    }
    let modules = JsObject::with_null_proto();
    let mysqld = mysqld::object(connection, context)?;
    let process = process::object(context)?;
    let console = console::object(context);
    let module = module_object::main(&program.path, &modules, context);
    let exports = module.get(js_string!("exports"), context)?;
    let require = require::function(directory(program), modules, context);
    duktape::define(context)?;
    define(js_string!("module"), module.into(), context)?;
    define(js_string!("exports"), exports, context)?;
    define(js_string!("mysqld"), mysqld.into(), context)?;
    define(js_string!("process"), process.into(), context)?;
    define(js_string!("console"), console.into(), context)?;
    define(js_string!("require"), require.into(), context)
}

/// Makes a context ready for sessions that share it, and get what they expect as
/// [`surroundings`].
pub(super) fn install_shared(
    program: &Program,
    sharing: &Arc<Sharing>,
    context: &mut Context,
) -> JsResult<()> {
    let shared = Shared {
        sharing: sharing.clone(),
        modules: RefCell::default(),
        directory: directory(program),
        foul: program.foul.clone(),
        fouled: Cell::new(false),
    };
    install_host(program, Some(shared), Impure::default(), context)
}

fn install_host(
    program: &Program,
    shared: Option<Shared>,
    impure: Impure,
    context: &mut Context,
) -> JsResult<()> {
    bounds::install(context)?;
    depth::install(context)?;
    // Taken now: a script may replace it, and shared values must not depend on that.
    let json = context.intrinsics().objects().json();
    let stringify = json
        .get(js_string!("stringify"), context)?
        .to_object(context)?;
    context.insert_data(Rc::new(Host {
        globals: RefCell::new(Arc::downgrade(&program.at_top_level)),
        sources: program.sources.clone(),
        silent: program.rehearsal,
        stringify,
        global_handler: OnceCell::new(),
        shared,
        impure,
    }));
    Ok(())
}

fn directory(program: &Program) -> JsString {
    let directory = program.path.parent().unwrap_or(&program.path);
    directory.to_string_lossy().as_ref().into()
}

/// What a session finds around it, of its own: `mysqld`, `process`, `console`,
/// `Duktape` and `require`. What no text names is left out.
pub(super) fn surroundings(
    connection: Connection,
    context: &mut Context,
) -> JsResult<[JsValue; 5]> {
    let host = host(context)?;
    let mut all = [const { JsValue::undefined() }; 5];
    let Some(shared) = &host.shared else {
        return Ok(all);
    };
    let [mysqld, process, console, duktape, require] = &mut all;
    if shared.sharing.mysqld {
        *mysqld = mysqld::object(connection, context)?.into();
    }
    if shared.sharing.process {
        *process = process::object(context)?.into();
    }
    if shared.sharing.console {
        *console = console::object(context).into();
    }
    if shared.sharing.duktape {
        *duktape = duktape::object(context)?.into();
    }
    if shared.sharing.require {
        let modules = JsObject::with_null_proto();
        for (name, value) in require::SURROUNDINGS
            .iter()
            .zip([&*mysqld, process, console, duktape])
        {
            modules.create_data_property(JsString::from(*name), value.clone(), context)?;
        }
        *require = require::function(shared.directory.clone(), modules, context).into();
    }
    Ok(all)
}

/// Notes that a script tried to change what sessions share; returns the error to throw.
pub(super) fn foul(what: &str, context: &Context) -> JsError {
    if let Ok(host) = host(context)
        && let Some(shared) = &host.shared
    {
        shared.fouled.set(true);
        let _first_counts = shared.foul.set(what.to_owned());
    }
    JsNativeError::typ().with_message(what.to_owned()).into()
}

/// Has `Math.random` note that the script depends on chance.
fn note_chance(context: &mut Context) -> JsResult<()> {
    let math = context.global_object().get(js_string!("Math"), context)?;
    let math = math.to_object(context)?;
    let random = math
        .get(js_string!("random"), context)?
        .to_object(context)?;
    let noting = NativeFunction::from_copy_closure_with_captures(
        |this, args, random: &JsObject, context| {
            host(context)?.depends("chance");
            random.call(this, args, context)
        },
        random,
    );
    let noting = FunctionObjectBuilder::new(context.realm(), noting)
        .name(js_string!("random"))
        .build();
    let property = PropertyDescriptor::builder()
        .value(noting)
        .writable(true)
        .enumerable(false)
        .configurable(true);
    math.define_property_or_throw(js_string!("random"), property, context)?;
    Ok(())
}

/// Makes each use of the global object as an object an error: sessions share it.
pub(super) fn guard_global_this(context: &mut Context) -> JsResult<()> {
    fn refuse(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
        Err(foul("a use of the global object", context))
    }
    let guard = JsProxy::builder(JsObject::with_null_proto())
        .get(refuse)
        .set(refuse)
        .has(refuse)
        .get_prototype_of(refuse)
        .build(context)?;
    let this = context.eval(Source::from_bytes("this"))?;
    if let Some(this) = this.as_object() {
        this.set_prototype(Some(guard.into()));
    }
    Ok(())
}

/// Gives a context of a coroutine what that has which it was made in.
pub(super) fn share(from: &Context, to: &mut Context) -> JsResult<()> {
    let host = host(from)?;
    // A script with coroutines can't be data: what one answers depends on how often it was resumed.
    host.depends("its threads");
    to.insert_data(host);
    Ok(())
}

fn define(name: impl Into<PropertyKey>, value: JsValue, context: &mut Context) -> JsResult<()> {
    let attribute = Attribute::WRITABLE | Attribute::CONFIGURABLE;
    context.register_global_property(name, value, attribute)
}

/// The host of a context.
fn host(context: &Context) -> JsResult<Rc<Host>> {
    let host = context.get_data::<Rc<Host>>().cloned();
    host.ok_or_else(|| {
        JsNativeError::error()
            .with_message("there is no host")
            .into()
    })
}
