//! The places of a match in its text.

use boa_engine::object::JsObject;
use boa_engine::{Context, JsResult, js_string};

/// Where a match ends.
pub(super) fn end(found: &JsObject, context: &mut Context) -> JsResult<usize> {
    let text = found.get(0, context)?.as_string();
    Ok(start(found, context)? + text.map_or(0, |text| text.len()))
}

/// Where a match begins.
pub(super) fn start(found: &JsObject, context: &mut Context) -> JsResult<usize> {
    let index = found
        .get(js_string!("index"), context)?
        .to_length(context)?;
    Ok(index.try_into().unwrap_or(usize::MAX))
}
