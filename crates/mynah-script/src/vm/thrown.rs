//! Describes what a script threw.

use boa_engine::{Context, JsError, JsObject, JsValue, js_string};

/// `at <file>:<line>: <name>: <message>` of an error; anything else as a string.
pub(super) fn reason(error: &JsError, context: &mut Context) -> String {
    if let Some(engine) = error.as_engine() {
        let text = engine.to_string();
        return located(position(error, &text), &text);
    }
    let Ok(value) = error.clone().into_opaque(context) else {
        return error.to_string();
    };
    if let Some(object) = value.as_object()
        && let Some(text) = error_text(&object, context)
    {
        let position = own_position(&object, context).or_else(|| {
            // The list of calls is kept in the object, whatever it was thrown as.
            let error = JsError::from_opaque(value.clone());
            position(&error, &value.display().to_string())
        });
        return located(position, &text);
    }
    string(&value, context)
}

/// Name and message of an object that has a message.
fn error_text(object: &JsObject, context: &mut Context) -> Option<String> {
    let message = object.get(js_string!("message"), context).ok()?;
    let message = message.as_string()?.to_std_string_lossy();
    let name = object.get(js_string!("name"), context).ok()?;
    let name = name.as_string();
    let name = name.map_or_else(|| "Error".to_owned(), |name| name.to_std_string_lossy());
    Some(match message.as_str() {
        "" => name,
        message => format!("{name}: {message}"),
    })
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
/// a line `    at function (file:line:column)` for each. Where Boa knows no line, the file.
fn position(error: &JsError, text: &str) -> Option<String> {
    let listed = error.to_string();
    let calls = listed.strip_prefix(text)?.lines().filter_map(|call| {
        let call = call.strip_prefix("    at ")?.strip_suffix(')')?;
        let (_function, place) = call.split_once(" (")?;
        let (place, _column) = place.rsplit_once(':')?;
        let (file, line) = place.rsplit_once(':')?;
        let in_a_file = !WITHOUT_FILE.contains(&file);
        in_a_file.then(|| (file, line.parse::<u32>().ok()))
    });
    let calls: Vec<_> = calls.collect();
    let known = calls
        .iter()
        .find_map(|(file, line)| Some(format!("{file}:{}", (*line)?)));
    known.or_else(|| calls.first().map(|(file, _)| (*file).to_owned()))
}

fn string(value: &JsValue, context: &mut Context) -> String {
    match value.to_string(context) {
        Ok(text) => text.to_std_string_lossy(),
        Err(_) => value.display().to_string(),
    }
}

/// What Boa calls the file of a text that comes from none.
const WITHOUT_FILE: &[&str] = &["eval at ", "json at ", "unknown at "];
