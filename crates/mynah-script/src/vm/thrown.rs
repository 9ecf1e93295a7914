//! What a script threw, in words.

use boa_engine::{Context, JsError, JsObject, JsValue, js_string};

/// `at <file>:<line>: <name>: <message>` of an error; anything else as a string.
pub(crate) fn reason(error: &JsError, context: &mut Context) -> String {
    if let Some(engine) = error.as_engine() {
        return located(position(error, &engine.to_string()), &engine.to_string());
    }
    if let Some(native) = error.as_native() {
        let text = named(&native.kind().to_string(), native.message());
        return located(position(error, &native.to_string()), &text);
    }
    let value = error.as_opaque().cloned().unwrap_or_default();
    let Some(object) = value.as_object() else {
        return value.to_string(context).map_or_else(
            |_| value.display().to_string(),
            |text| text.to_std_string_lossy(),
        );
    };
    match error_text(&object, context) {
        Some(text) => {
            let position = own_position(&object, context);
            located(position.or_else(|| position_of_throw(error, &value)), &text)
        }
        None => value.to_string(context).map_or_else(
            |_| "an object that is no string was thrown".to_owned(),
            |text| text.to_std_string_lossy(),
        ),
    }
}

fn position_of_throw(error: &JsError, value: &JsValue) -> Option<String> {
    position(error, &value.display().to_string())
}

/// Name and message of an object that has a message.
fn error_text(object: &JsObject, context: &mut Context) -> Option<String> {
    let message = object.get(js_string!("message"), context).ok()?;
    let message = message.as_string()?.to_std_string_lossy();
    let name = object.get(js_string!("name"), context).ok()?;
    let name = name.as_string();
    let name = name.map_or_else(|| "Error".to_owned(), |name| name.to_std_string_lossy());
    Some(named(&name, &message))
}

fn named(name: &str, message: &str) -> String {
    match message {
        "" => name.to_owned(),
        _ => format!("{name}: {message}"),
    }
}

fn located(position: Option<String>, text: &str) -> String {
    match position {
        Some(position) => format!("at {position}: {text}"),
        None => text.to_owned(),
    }
}

/// Where an error says that it comes from.
fn own_position(object: &JsObject, context: &mut Context) -> Option<String> {
    let file = object.get(js_string!("fileName"), context).ok()?;
    let file = file.as_string()?.to_std_string_lossy();
    let line = object
        .get(js_string!("lineNumber"), context)
        .ok()?
        .as_number()?;
    Some(format!("{file}:{line}"))
}

/// `file:line` of the innermost line of script, from the calls that Boa lists behind `text`:
/// a line `    at function (file:line:column)` for each.
fn position(error: &JsError, text: &str) -> Option<String> {
    let listed = error.to_string();
    let calls = listed.strip_prefix(text)?;
    calls.lines().find_map(|call| {
        let call = call.strip_prefix("    at ")?.strip_suffix(')')?;
        let (_function, place) = call.split_once(" (")?;
        let (place, column) = place.rsplit_once(':')?;
        let (file, line) = place.rsplit_once(':')?;
        let known = [line, column].iter().all(|n| n.parse::<u32>().is_ok());
        known.then(|| format!("{file}:{line}"))
    })
}
