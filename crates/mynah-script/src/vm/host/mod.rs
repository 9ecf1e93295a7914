//! What a script finds around it: `mysqld`, `process`, `console`, `require()`, `Duktape`.

mod console;
mod duktape;
mod format;
mod module;
mod mysqld;
mod process;
mod require;
mod resolve;
mod shared;

use std::rc::Rc;
use std::sync::Arc;

use boa_engine::property::{Attribute, PropertyKey};
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string};
use mynah_session::Connection;

use super::program::Program;
use crate::Globals;

pub(crate) use module::Sources;
pub(super) use mysqld::{set_tls, take_session};

/// What the functions of a context need of the program it runs.
#[derive(Debug)]
struct Host {
    globals: Arc<Globals>,
    sources: Arc<Sources>,
    /// Whether nobody is to see what the script says.
    silent: bool,
    /// `JSON.stringify`, as it was before the script could change it.
    stringify: JsObject,
}

/// Puts everything into a context that a script expects there.
pub(super) fn install(
    program: &Program,
    connection: Connection,
    context: &mut Context,
) -> JsResult<()> {
    let json = context.intrinsics().objects().json();
    let stringify = json
        .get(js_string!("stringify"), context)?
        .to_object(context)?;
    context.insert_data(Rc::new(Host {
        globals: program.globals.clone(),
        sources: program.sources.clone(),
        silent: program.rehearsal,
        stringify,
    }));
    let directory = program
        .path
        .parent()
        .unwrap_or(&program.path)
        .to_string_lossy();
    let directory = JsString::from(directory.as_ref());
    let modules = JsObject::with_null_proto();
    let mysqld = mysqld::object(connection, context)?;
    let process = process::object(context)?;
    let console = console::object(context);
    let require = require::function(directory, modules, context);
    duktape::define(context)?;
    define(js_string!("mysqld"), mysqld.into(), context)?;
    define(js_string!("process"), process.into(), context)?;
    define(js_string!("console"), console.into(), context)?;
    define(js_string!("require"), require.into(), context)
}

/// Gives a context of a coroutine what that has which it was made in.
pub(super) fn share(from: &Context, to: &mut Context) -> JsResult<()> {
    to.insert_data(host(from)?);
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
