use mynah_session::Prepared;

use super::resultset::definitions;
use super::{Document, Kind, Misfit, field, keys};

/// Reads `prepared`: the answer when the statement is prepared.
pub(super) fn prepared<D: Document>(
    doc: &mut D,
    entry: &D::Value,
) -> Result<Option<Prepared>, D::Error> {
    let object = doc.get(entry, keys::PREPARED)?;
    match doc.kind(&object) {
        Kind::Undefined => return Ok(None),
        Kind::Object => {}
        _ => return Err(Misfit::ExpectObject.into()),
    }
    let columns = doc.get(&object, keys::COLUMNS)?;
    let columns = match doc.kind(&columns) {
        Kind::Undefined => Vec::new(),
        Kind::Array => definitions(doc, &columns)?,
        _ => return Err(Misfit::ExpectObject.into()),
    };
    Ok(Some(Prepared {
        columns: Some(columns.into()),
        params: field::u16(doc, &object, keys::PARAMS)?,
        warning_count: field::u16(doc, &object, keys::WARNING_COUNT)?.unwrap_or(0),
        ..Prepared::default()
    }))
}
