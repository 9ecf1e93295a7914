//! `console`: lines for the log.

use boa_engine::object::ObjectInitializer;
use boa_engine::{Context, JsObject, JsResult, JsValue, NativeFunction, js_string};
use log::Level;

use super::format::format;
use super::host;

/// `console`.
pub(super) fn object(context: &mut Context) -> JsObject {
    ObjectInitializer::new(context)
        .function(NativeFunction::from_fn_ptr(info), js_string!("log"), 0)
        .function(NativeFunction::from_fn_ptr(warn), js_string!("warn"), 0)
        .build()
}

fn info(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    line(Level::Info, args, context)
}

fn warn(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    line(Level::Warn, args, context)
}

fn line(level: Level, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    write(level, |context| format(args, context), context)
}

/// Writes a line to the log, if it is to be seen there.
pub(super) fn write(
    level: Level,
    line: impl FnOnce(&mut Context) -> JsResult<String>,
    context: &mut Context,
) -> JsResult<JsValue> {
    let host = host(context)?;
    host.depends("what it writes");
    let silent = host.silent || !log::log_enabled!(target: TARGET, level);
    if !silent {
        let line = line(context)?;
        log::log!(target: TARGET, level, "{}", printable(&line));
    }
    Ok(JsValue::undefined())
}

/// A line may hold what a client sent, and a terminal may read it.
fn printable(line: &str) -> String {
    let mut printable = String::with_capacity(line.len());
    for c in line.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            printable.extend(c.escape_default());
        } else {
            printable.push(c);
        }
    }
    printable
}

const TARGET: &str = "mynah_script::console";
