use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_session::Completion;

use super::session_tracker::session_trackers;
use super::{Document, field, keys};

/// What is said of a statement that succeeded: an `ok`, or the end of a `result`'s rows.
pub(super) fn completion<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<Completion, D::Error> {
    let mut completion = without_message(doc, object)?;
    completion.message = field::string(doc, object, keys::MESSAGE)?.unwrap_or_default();
    Ok(completion)
}

/// The same for the end of a `result`'s rows, which has nothing for people.
pub(super) fn without_message<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<Completion, D::Error> {
    let affected_rows = field::u64(doc, object, keys::AFFECTED_ROWS)?;
    let last_insert_id = field::u64(doc, object, keys::LAST_INSERT_ID)?;
    let status = field::u16(doc, object, keys::STATUS)?.unwrap_or(0);
    let mut warning_count = field::u16(doc, object, keys::WARNING_COUNT)?;
    if D::DIALECT.json_keys && warning_count.is_none() {
        warning_count = field::u16(doc, object, keys::WARNINGS)?;
    }
    Ok(Completion {
        affected_rows,
        found_rows: field::unsigned(doc, object, keys::FOUND_ROWS, u64::MAX)?,
        last_insert_id,
        status_flags: StatusFlags::from_bits_retain(status),
        warning_count: warning_count.unwrap_or(0),
        message: Bytes::new(),
        session_state_changes: session_trackers(doc, object)?,
    })
}
