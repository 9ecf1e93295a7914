use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_session::{Completion, Warning, WarningLevel};

use super::optional::Optional;
use super::session_tracker::session_trackers;
use super::{Document, Kind, Misfit, field, keys};

/// What an OK says of a statement: of an `ok`, or at the end of a `result`'s rows.
pub(super) fn completion<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<Completion, D::Error> {
    let mut optional = Optional::of(doc, object);
    let affected_rows = optional.u64(keys::AFFECTED_ROWS)?;
    let last_insert_id = optional.u64(keys::LAST_INSERT_ID)?;
    let status = optional.u16(keys::STATUS)?;
    let mut warning_count = optional.u16(keys::WARNING_COUNT)?;
    let warnings = optional.read(keys::WARNINGS, |doc, object| {
        let warnings = doc.get(object, keys::WARNINGS)?;
        match doc.kind(&warnings) {
            Kind::Array => self::warnings(doc, &warnings),
            // In the JSON scripts of 2018, `warnings` is the number of warnings, not a list of them.
            _ if D::DIALECT.json_keys && warning_count.is_none() => {
                warning_count = field::u16(doc, object, keys::WARNINGS)?;
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        }
    })?;
    let listed = u16::try_from(warnings.len()).unwrap_or(u16::MAX);
    Ok(Completion {
        affected_rows: affected_rows.unwrap_or(0),
        found_rows: optional.u64(keys::FOUND_ROWS)?,
        last_insert_id: last_insert_id.unwrap_or(0),
        status_flags: status.map(StatusFlags::from_bits_retain),
        warning_count: warning_count.unwrap_or(listed),
        message: optional.string(keys::MESSAGE)?.unwrap_or_default(),
        warnings,
        document_ids: optional.read(keys::GENERATED_IDS, generated_ids)?,
        session_state_changes: optional.read(keys::SESSION_TRACKERS, session_trackers)?,
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
