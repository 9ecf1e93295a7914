use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use mynah_x::resultset::FieldType;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::redact::MAX_STATEMENTS;

/// A column: how its cells are written, and whether they are hidden.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) field_type: Option<FieldType>,
    pub(super) hides: bool,
}

/// The columns of cursors, which servers send only when a cursor is opened.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    columns: HashMap<u32, Vec<Column>>,
    /// The numbers of the commands that open cursors or fetch from them, with the cursors' ids.
    asked: VecDeque<(u64, u32)>,
}

impl Cursors {
    /// A client's message passes, which may be about a cursor.
    pub(super) fn asked(&mut self, number: u64, message_type: u8, payload: &Bytes) {
        let types = [
            ClientMessageType::CURSOR_OPEN,
            ClientMessageType::CURSOR_FETCH,
            ClientMessageType::CURSOR_CLOSE,
        ];
        if !types.contains(&ClientMessageType(message_type)) {
            return;
        }
        let frame = Frame {
            message_type,
            payload: payload.clone(),
        };
        let id = match ClientMessage::from_frame(&frame) {
            Ok(ClientMessage::CursorOpen(open)) => open.cursor_id,
            Ok(ClientMessage::CursorFetch(fetch)) => fetch.cursor_id,
            Ok(ClientMessage::CursorClose(close)) => {
                self.columns.remove(&close.cursor_id);
                return;
            }
            _ => return,
        };
        self.asked.push_back((number, id));
    }

    /// The columns of the rows that this command fetches, if they are known.
    pub(super) fn of(&self, number: u64) -> Option<&Vec<Column>> {
        self.columns.get(&self.id(number)?)
    }

    /// The rows of this command end, and others may be fetched.
    pub(super) fn suspended(&mut self, number: u64, columns: &[Column]) {
        if let Some(id) = self.id(number)
            && (self.columns.len() < MAX_STATEMENTS || self.columns.contains_key(&id))
        {
            self.columns.insert(id, columns.to_vec());
        }
    }

    pub(super) fn completed(&mut self, number: u64) {
        self.asked.retain(|(of, _)| *of != number);
    }

    fn id(&self, number: u64) -> Option<u32> {
        let asked = self.asked.iter().find(|(of, _)| *of == number);
        asked.map(|(_, id)| *id)
    }
}
