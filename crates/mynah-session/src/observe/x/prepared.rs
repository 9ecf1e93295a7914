use std::collections::HashMap;

use bytes::Bytes;
use mynah_x::prepare::{Deallocate, OneOfMessage, Prepare};
use mynah_x::{ClientMessageType, Message as _};

use super::words;

/// The statements that a client has prepared, as far as there is room for their texts.
#[derive(Debug, Default)]
pub(in crate::observe) struct Prepared {
    texts: HashMap<u32, Text>,
    /// How many bytes they have.
    held: usize,
    /// Whether there are statements whose text isn't known.
    is_incomplete: bool,
}

/// What a prepared statement is about, in words.
#[derive(Debug)]
struct Text {
    words: Bytes,
    is_sql: bool,
    /// The type that the statement's message has if it isn't prepared.
    message_type: Option<ClientMessageType>,
}

impl Prepared {
    /// What a statement is about: SQL, or the likes of `find in schema.collection`.
    pub(in crate::observe) fn text(&self, id: u32) -> Option<Bytes> {
        self.texts.get(&id).map(|text| text.words.clone())
    }

    /// The text of a statement that is SQL.
    pub(in crate::observe) fn sql(&self, id: u32) -> Option<Bytes> {
        let text = self.texts.get(&id).filter(|text| text.is_sql)?;
        Some(text.words.clone())
    }

    /// The type that the message of a statement has if it isn't prepared, such as CRUD_FIND.
    pub(in crate::observe) fn message_type(&self, id: u32) -> Option<ClientMessageType> {
        self.texts.get(&id)?.message_type
    }

    /// The ids of the statements whose texts are known, and whether these are all.
    pub(in crate::observe) fn known(&self) -> (Vec<u32>, bool) {
        (self.texts.keys().copied().collect(), !self.is_incomplete)
    }

    /// Notes the statement of a message, of which the beginning is enough.
    pub(super) fn prepare(&mut self, payload: &Bytes) {
        let Ok(prepare) = Prepare::from_beginning(payload) else {
            self.is_incomplete = true;
            return;
        };
        self.remove(prepare.stmt_id);
        let words = words::prepared(&prepare.stmt);
        let len = words.len();
        if self.texts.len() < MAX_STATEMENTS && self.held + len <= MAX_HELD {
            self.held += len;
            let message_type = message_type(&prepare.stmt);
            let execute = prepare.stmt.stmt_execute;
            let text = Text {
                // A slice would hold all of the message.
                words: Bytes::copy_from_slice(&words),
                message_type,
                is_sql: execute.is_some_and(|execute| execute.namespace_or_default() == "sql"),
            };
            self.texts.insert(prepare.stmt_id, text);
        } else {
            self.is_incomplete = true;
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
            self.held -= text.words.len();
        }
    }
}

fn message_type(stmt: &OneOfMessage) -> Option<ClientMessageType> {
    let types = [
        (
            stmt.stmt_execute.is_some(),
            ClientMessageType::SQL_STMT_EXECUTE,
        ),
        (stmt.find.is_some(), ClientMessageType::CRUD_FIND),
        (stmt.insert.is_some(), ClientMessageType::CRUD_INSERT),
        (stmt.update.is_some(), ClientMessageType::CRUD_UPDATE),
        (stmt.delete.is_some(), ClientMessageType::CRUD_DELETE),
    ];
    let mut types = types.into_iter().filter(|(is_there, _)| *is_there);
    types.next().map(|(_, message_type)| message_type)
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
    fn a_statement_that_is_no_sql_has_words_but_no_sql() {
        let find = mynah_x::crud::Find {
            collection: mynah_x::crud::Collection {
                name: "orders".to_owned(),
                schema: Some("shop".to_owned()),
            },
            ..mynah_x::crud::Find::default()
        };
        let prepare_find = Prepare {
            stmt_id: 2,
            stmt: OneOfMessage {
                find: Some(Box::new(find)),
                ..OneOfMessage::default()
            },
        };
        let mut prepared = Prepared::default();
        prepared.prepare(&prepare(1, "commit"));
        prepared.prepare(&prepare_find.to_payload());
        assert_eq!(prepared.sql(1), Some("commit".into()));
        assert_eq!(prepared.text(2), Some("find in shop.orders".into()));
        assert_eq!(prepared.sql(2), None);
        let types = [1, 2].map(|id| prepared.message_type(id));
        let [sql, find] = [
            ClientMessageType::SQL_STMT_EXECUTE,
            ClientMessageType::CRUD_FIND,
        ];
        assert_eq!(types, [Some(sql), Some(find)]);
    }

    #[test]
    fn of_a_message_that_was_cut_off_the_beginning_is_known() {
        let mut prepared = Prepared::default();
        let whole = prepare(1, "select 1 from t");
        prepared.prepare(&whole.slice(..whole.len() - 7));
        assert_eq!(prepared.text(1), Some("select 1".into()));
    }

    #[test]
    fn no_more_is_held_than_there_is_room_for() {
        let mut prepared = Prepared::default();
        prepared.prepare(&prepare(1, &"x".repeat(MAX_HELD)));
        prepared.prepare(&prepare(2, "y"));
        assert_eq!(prepared.text(2), None);
        assert_eq!(prepared.known(), (vec![1], false));
        prepared.prepare(&prepare(1, "y"));
        assert_eq!(prepared.text(1), Some("y".into()));
    }
}
