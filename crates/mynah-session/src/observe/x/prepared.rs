use std::collections::HashMap;

use bytes::Bytes;
use mynah_x::Message as _;
use mynah_x::prepare::{Deallocate, Prepare};

/// The SQL statements that a client has prepared, as far as there is room for their texts.
#[derive(Debug, Default)]
pub(in crate::observe) struct Prepared {
    texts: HashMap<u32, Bytes>,
    /// How many bytes they have.
    held: usize,
}

impl Prepared {
    pub(in crate::observe) fn text(&self, id: u32) -> Option<Bytes> {
        self.texts.get(&id).cloned()
    }

    pub(super) fn prepare(&mut self, payload: &Bytes) {
        let Ok(prepare) = Prepare::from_payload(payload) else {
            return;
        };
        self.remove(prepare.stmt_id);
        let sql = prepare.stmt.stmt_execute;
        let Some(sql) = sql.filter(|sql| sql.namespace_or_default() == "sql") else {
            return;
        };
        let len = sql.stmt.len();
        if self.texts.len() < MAX_STATEMENTS && self.held + len <= MAX_HELD {
            self.held += len;
            // A slice would hold all of the message.
            let text = Bytes::copy_from_slice(&sql.stmt);
            self.texts.insert(prepare.stmt_id, text);
        }
    }

    pub(super) fn deallocate(&mut self, payload: &Bytes) {
        if let Ok(deallocate) = Deallocate::from_payload(payload) {
            self.remove(deallocate.stmt_id);
        }
    }

    /// The session ends, and its statements with it.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn remove(&mut self, id: u32) {
        if let Some(text) = self.texts.remove(&id) {
            self.held -= text.len();
        }
    }
}

/// How many statements of a connection are known.
const MAX_STATEMENTS: usize = 16_382;

/// How many bytes of texts are held.
const MAX_HELD: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use mynah_x::prepare::OneOfMessage;
    use mynah_x::sql::StmtExecute;

    use super::*;

    fn prepare(id: u32, text: &str) -> Bytes {
        let execute = StmtExecute {
            stmt: text.to_owned().into(),
            ..StmtExecute::default()
        };
        let prepare = Prepare {
            stmt_id: id,
            stmt: OneOfMessage {
                r#type: 5,
                stmt_execute: Some(Box::new(execute)),
                ..OneOfMessage::default()
            },
        };
        prepare.to_payload()
    }

    #[test]
    fn texts_are_known_until_they_are_freed() {
        let mut prepared = Prepared::default();
        prepared.prepare(&prepare(1, "commit"));
        prepared.prepare(&prepare(1, "rollback"));
        prepared.prepare(&prepare(2, "select 1"));
        assert_eq!(prepared.text(1), Some("rollback".into()));
        prepared.deallocate(&Deallocate { stmt_id: 1 }.to_payload());
        assert_eq!((prepared.text(1), prepared.held), (None, 8));
        prepared.clear();
        assert_eq!((prepared.text(2), prepared.held), (None, 0));
    }

    #[test]
    fn no_more_is_held_than_there_is_room_for() {
        let mut prepared = Prepared::default();
        prepared.prepare(&prepare(1, &"x".repeat(MAX_HELD)));
        prepared.prepare(&prepare(2, "y"));
        assert_eq!(prepared.text(2), None);
        prepared.prepare(&prepare(1, "y"));
        assert_eq!(prepared.text(1), Some("y".into()));
    }
}
