use std::sync::Arc;

use mynah_fault::Fault;

use super::{Document, Kind, Misfit, keys};

/// The `fault` of an answer, of a handshake or of an account.
pub(super) fn fault<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<Option<Arc<Fault>>, D::Error> {
    let value = doc.get(object, keys::FAULT)?;
    if doc.kind(&value) == Kind::Undefined {
        return Ok(None);
    }
    let json = doc.json(&value)?;
    let fault = serde_json::from_str::<Fault>(&json);
    let fault = fault.map_err(|error| Misfit::Fault(without_place(&error)))?;
    Ok(Some(Arc::new(fault)))
}

/// The message, without a line and a column of a text that isn't the user's.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}
