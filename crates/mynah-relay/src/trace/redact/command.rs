use bytes::Bytes;
use mynah_session::sql::Secrets;

use crate::trace::shown::HIDDEN;

/// The secrets of a statement that is cut off: the server may quote its rest in an error.
pub(in crate::trace) fn of_cut(sql: &[u8], secrets: &Secrets) -> Secrets {
    match secrets.is_empty() {
        true => Secrets {
            answer: true,
            ..Secrets::default()
        },
        false => Secrets::all(sql),
    }
}

/// A statement without its secrets.
pub(in crate::trace) fn without(sql: &Bytes, secrets: &Secrets) -> Bytes {
    replaced(sql, secrets, HIDDEN)
}

/// A statement with this in place of its secrets.
pub(crate) fn replaced(sql: &Bytes, secrets: &Secrets, by: &str) -> Bytes {
    if secrets.ranges.is_empty() {
        return sql.clone();
    }
    let (mut shown, mut from) = (Vec::new(), 0);
    for range in &secrets.ranges {
        shown.extend_from_slice(sql.get(from..range.start).unwrap_or_default());
        shown.extend_from_slice(by.as_bytes());
        from = range.end;
    }
    shown.extend_from_slice(sql.get(from..).unwrap_or_default());
    shown.into()
}
