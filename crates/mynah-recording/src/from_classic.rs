//! Converts a server's answers of the classic protocol.

use data_encoding::HEXLOWER;
use mynah_classic::StatusFlags;
use mynah_classic::response::{ErrPacket, OkPacket, SessionStateChange, SqlState};
use mynah_classic::resultset::{ColumnDefinition41, ExtendedMetadata};

use crate::{Column, Completion, Extended, Failure, SessionTracker};

/// A function that decodes a text by the id of its collation; `None` if it can't be decoded.
pub type ToUnicode<'a> = dyn Fn(&[u8], u16) -> Option<String> + 'a;

/// Converts a column definition of the classic protocol. `text` decodes names, which are in the character set of
/// the connection's results.
#[must_use]
pub fn column(column: &ColumnDefinition41, text: impl Fn(&[u8]) -> String) -> Column {
    let names = column.names.parts();
    let extended = &column.extended_metadata;
    let entry = |kind| extended.find(kind).map(|value| text(&value));
    Column {
        name: text(names.name),
        column_type: type_name(column),
        catalog: text(names.catalog),
        schema: text(names.schema),
        table: text(names.table),
        orig_table: text(names.org_table),
        orig_name: text(names.org_name),
        character_set: column.character_set,
        length: column.column_length,
        flags: column.flags.bits(),
        decimals: column.decimals,
        extended: (!extended.is_empty()).then(|| Extended {
            data_type: entry(ExtendedMetadata::TYPE),
            format: entry(ExtendedMetadata::FORMAT),
        }),
    }
}

/// By the names of JSON scripts, which write TINYBLOB for TINY_BLOB.
fn type_name(column: &ColumnDefinition41) -> String {
    match column.column_type.name() {
        None | Some("INVALID") => column.column_type.0.to_string(),
        Some(name) => name.replace("_BLOB", "BLOB"),
    }
}

/// Converts an OK packet; `text` decodes its message. If the message has both numbers of an UPDATE, rows found and
/// rows changed, both are kept, whichever the client asked for.
#[must_use]
pub fn completion(ok: &OkPacket, text: impl Fn(&[u8]) -> String) -> Completion {
    let message = ok.info.as_deref().map(&text).unwrap_or_default();
    let (affected_rows, found_rows) = match matched(&message) {
        Some((found, changed)) => (changed, Some(found).filter(|found| *found != changed)),
        None => (ok.affected_rows, None),
    };
    let changes = ok.session_state_changes.iter().map_while(Result::ok);
    Completion {
        affected_rows,
        found_rows,
        last_insert_id: ok.last_insert_id,
        status: Some(status(ok.status_flags)),
        warning_count: ok.warnings,
        message,
        session_trackers: changes.map(|change| tracker(change, &text)).collect(),
        ..Completion::default()
    }
}

/// Those that say something of the session, and not of the answer.
pub(crate) fn status(flags: StatusFlags) -> u16 {
    flags
        .difference(
            StatusFlags::MORE_RESULTS_EXISTS
                | StatusFlags::CURSOR_EXISTS
                | StatusFlags::LAST_ROW_SENT
                | StatusFlags::PS_OUT_PARAMS
                | StatusFlags::SESSION_STATE_CHANGED,
        )
        .bits()
}

/// How many rows an UPDATE found, and how many it changed: `Rows matched: 3  Changed: 1  Warnings: 0`.
fn matched(message: &str) -> Option<(u64, u64)> {
    let (found, rest) = message
        .strip_prefix("Rows matched: ")?
        .split_once("  Changed: ")?;
    let (changed, _) = rest.split_once("  Warnings: ")?;
    Some((found.parse().ok()?, changed.parse().ok()?))
}

fn tracker(change: SessionStateChange, text: impl Fn(&[u8]) -> String) -> SessionTracker {
    match change {
        SessionStateChange::SystemVariable { name, value } => SessionTracker::SystemVariable {
            name: text(&name),
            value: text(&value),
        },
        SessionStateChange::Schema(schema) => SessionTracker::Schema {
            schema: text(&schema),
        },
        SessionStateChange::StateChange(state) => SessionTracker::State {
            state: text(&state),
        },
        SessionStateChange::Gtids { encoding: 0, gtids } => {
            SessionTracker::Gtid { gtid: text(&gtids) }
        }
        SessionStateChange::TransactionCharacteristics(statements) => {
            SessionTracker::TrxCharacteristics {
                trx_stmt: text(&statements),
            }
        }
        SessionStateChange::TransactionState(state) => SessionTracker::TrxState {
            state: text(&state),
        },
        other => {
            let (number, data) = other.to_type_and_data();
            SessionTracker::Other {
                number,
                hex: HEXLOWER.encode(&data),
            }
        }
    }
}

/// Converts an ERR packet of the classic protocol. `text` decodes the message.
#[must_use]
pub fn failure(error: &ErrPacket, text: impl Fn(&[u8]) -> String) -> Failure {
    let SqlState(state) = error.sql_state.unwrap_or(SqlState::GENERAL_ERROR);
    Failure {
        code: error.error_code.into(),
        sql_state: String::from_utf8_lossy(&state).into_owned(),
        message: text(&error.error_message),
    }
}

#[cfg(test)]
mod tests {
    use mynah_classic::response::SessionStateChanges;

    use super::*;

    #[test]
    fn a_change_of_session_state_of_an_unknown_type_is_kept_as_bytes() {
        let change = SessionStateChange::Unknown {
            kind: 9,
            data: b"\x01\xff".as_slice().into(),
        };
        let ok = OkPacket {
            session_state_changes: SessionStateChanges::new([&change]),
            ..OkPacket::default()
        };
        let said = completion(&ok, |bytes| String::from_utf8_lossy(bytes).into_owned());
        let json = serde_json::to_string(&said.session_trackers).unwrap();
        assert_eq!(json, r#"[{"type":"other","number":9,"hex":"01ff"}]"#);
    }

    #[test]
    fn an_update_tells_how_many_rows_it_found_and_changed() {
        let ok = |affected_rows| OkPacket {
            affected_rows,
            info: Some("Rows matched: 3  Changed: 1  Warnings: 0".into()),
            ..OkPacket::default()
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for said in [3, 1] {
            let told = completion(&ok(said), text);
            assert_eq!((told.affected_rows, told.found_rows), (1, Some(3)));
        }
    }
}
