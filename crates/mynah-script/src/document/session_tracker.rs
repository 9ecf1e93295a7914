use bytes::Bytes;
use data_encoding::HEXLOWER_PERMISSIVE;
use mynah_classic::response::{SessionStateChange, SessionStateChanges};

use super::{Document, Key, Kind, Misfit, field, keys};

/// The `session_trackers` of an `ok` or a `result`.
pub(super) fn session_trackers<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<SessionStateChanges, D::Error> {
    let trackers = doc.get(object, keys::SESSION_TRACKERS)?;
    match doc.kind(&trackers) {
        Kind::Undefined => return Ok(SessionStateChanges::default()),
        Kind::Array => {}
        _ => return Err(Misfit::Trackers.into()),
    }
    let mut changes = Vec::new();
    let mut next = 0;
    while let Some(tracker) = doc.next_element(&trackers, &mut next)? {
        changes.push(session_tracker(doc, &tracker)?);
    }
    Ok(SessionStateChanges::new(&changes))
}

fn session_tracker<D: Document>(
    doc: &mut D,
    tracker: &D::Value,
) -> Result<SessionStateChange, D::Error> {
    if !doc.kind(tracker).is_object() {
        return Err(Misfit::ExpectObject.into());
    }
    let kind = text(doc, tracker, keys::TYPE)?;
    Ok(match kind.as_ref() {
        b"system_variable" => SessionStateChange::SystemVariable {
            name: text(doc, tracker, keys::NAME)?,
            value: text(doc, tracker, keys::VALUE)?,
        },
        b"schema" => SessionStateChange::Schema(text(doc, tracker, keys::SCHEMA)?),
        b"state" => SessionStateChange::StateChange(sized(doc, tracker, keys::STATE, 1)?),
        b"gtid" => SessionStateChange::Gtids {
            encoding: 0,
            gtids: text(doc, tracker, keys::GTID)?,
        },
        b"trx_state" => SessionStateChange::TransactionState(sized(doc, tracker, keys::STATE, 8)?),
        b"trx_characteristics" => {
            SessionStateChange::TransactionCharacteristics(text(doc, tracker, keys::TRX_STMT)?)
        }
        b"other" => SessionStateChange::Unknown {
            kind: field::u8(doc, tracker, keys::NUMBER)?.unwrap_or(0),
            data: hex(&text(doc, tracker, keys::HEX)?)?,
        },
        unknown => {
            let unknown = String::from_utf8_lossy(unknown).into_owned();
            return Err(Misfit::UnknownTracker(unknown).into());
        }
    })
}

/// The value of a key as a string; empty if it is absent.
fn text<D: Document>(doc: &mut D, tracker: &D::Value, key: Key) -> Result<Bytes, D::Error> {
    let value = doc.get(tracker, key)?;
    match doc.kind(&value) {
        Kind::Undefined => Ok(Bytes::new()),
        _ => doc.text(&value, field::bytes),
    }
}

/// Bytes in hex.
fn hex(text: &[u8]) -> Result<Bytes, Misfit> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text);
    bytes.map(Bytes::from).map_err(|_| Misfit::TrackerHex)
}

/// A string of exactly this many characters, each of which is a byte.
fn sized<D: Document>(
    doc: &mut D,
    tracker: &D::Value,
    key: Key,
    size: usize,
) -> Result<Bytes, D::Error> {
    let text = text(doc, tracker, key)?;
    let misfit = match text.is_ascii() {
        false => Misfit::not_ascii(&format!("session_tracket.{}", key.name), &text),
        true if text.len() == size => return Ok(text),
        true => Misfit::TrackerSize {
            field: key.name,
            expected: size,
            found: text.len(),
        },
    };
    Err(misfit.into())
}
