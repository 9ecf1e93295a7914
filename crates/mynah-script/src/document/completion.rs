use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_session::{Completion, Warning, WarningLevel};

use super::session_tracker::session_trackers;
use super::{Document, Kind, Misfit, field, keys};

/// What an OK says of a statement: of an `ok`, or at the end of a `result`'s rows.
pub(super) fn completion<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<Completion, D::Error> {
    let affected_rows = field::u64(doc, object, keys::AFFECTED_ROWS)?;
    let last_insert_id = field::u64(doc, object, keys::LAST_INSERT_ID)?;
    let status = field::u16(doc, object, keys::STATUS)?;
    let mut warning_count = field::u16(doc, object, keys::WARNING_COUNT)?;
    let warnings = doc.get(object, keys::WARNINGS)?;
    let warnings = match doc.kind(&warnings) {
        Kind::Array => self::warnings(doc, &warnings)?,
        // In the JSON scripts of 2018, `warnings` is the number of warnings, not a list of them.
        _ if D::DIALECT.json_keys && warning_count.is_none() => {
            warning_count = field::u16(doc, object, keys::WARNINGS)?;
            Vec::new()
        }
        _ => Vec::new(),
    };
    let listed = u16::try_from(warnings.len()).unwrap_or(u16::MAX);
    Ok(Completion {
        affected_rows,
        found_rows: field::unsigned(doc, object, keys::FOUND_ROWS, u64::MAX)?,
        last_insert_id,
        status_flags: status.map(StatusFlags::from_bits_retain),
        warning_count: warning_count.unwrap_or(listed),
        message: field::string(doc, object, keys::MESSAGE)?.unwrap_or_default(),
        warnings,
        document_ids: generated_ids(doc, object)?,
        session_state_changes: session_trackers(doc, object)?,
        state: None,
    })
}

fn generated_ids<D: Document>(doc: &mut D, object: &D::Value) -> Result<Vec<Bytes>, D::Error> {
    let list = doc.get(object, keys::GENERATED_IDS)?;
    match doc.kind(&list) {
        Kind::Undefined => return Ok(Vec::new()),
        Kind::Array => {}
        _ => return Err(Misfit::GeneratedIds.into()),
    }
    let (mut ids, mut next) = (Vec::new(), 0);
    while let Some(id) = doc.next_element(&list, &mut next)? {
        ids.push(doc.text(&id, field::bytes)?);
    }
    Ok(ids)
}

fn warnings<D: Document>(doc: &mut D, list: &D::Value) -> Result<Vec<Warning>, D::Error> {
    let (mut warnings, mut next) = (Vec::new(), 0);
    while let Some(element) = doc.next_element(list, &mut next)? {
        if !doc.kind(&element).is_object() {
            return Err(Misfit::ExpectObject.into());
        }
        let code = field::u16(doc, &element, keys::CODE)?;
        warnings.push(Warning {
            level: level(doc, &element)?,
            code: code.ok_or(Misfit::Missing(keys::CODE.name))?,
            message: field::required_string(doc, &element, keys::MESSAGE)?,
        });
    }
    Ok(warnings)
}

fn level<D: Document>(doc: &mut D, warning: &D::Value) -> Result<WarningLevel, D::Error> {
    let level = field::string(doc, warning, keys::LEVEL)?.unwrap_or_default();
    match &level.to_ascii_uppercase()[..] {
        b"NOTE" => Ok(WarningLevel::Note),
        b"" | b"WARNING" => Ok(WarningLevel::Warning),
        b"ERROR" => Ok(WarningLevel::Error),
        _ => Err(Misfit::WarningLevel(String::from_utf8_lossy(&level).into_owned()).into()),
    }
}
