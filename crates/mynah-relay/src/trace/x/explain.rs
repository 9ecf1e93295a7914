use std::sync::Arc;

use bytes::Bytes;
use mynah_session::observe::{
    Answer, Command, CommandKind, Direction, LeftOut, Message, MessageKind,
};
use mynah_x::resultset::{ColumnMetaData, Row};
use mynah_x::{
    ClientMessage, ClientMessageType, Frame, Message as _, MessageError, ServerMessage,
    ServerMessageType,
};

use super::cursors::Column;
use super::redact::{is_crud_secret, names};
use super::state::X;
use super::values::cell;
use crate::trace::decoded::Decoded;
use crate::trace::explain::{Cells, CommandText, Explain, Explained, HiddenCells};
use crate::trace::fields::documented;
use crate::trace::given::Given;
use crate::trace::redact::{Mask, RowCells, Rules, hidden_cells};
use crate::trace::shown::Shown;
use mynah_session::sql::Settings;

impl Explain for X {
    fn started(&mut self, _command: &Command) {}

    /// Nothing yet: the statement is shown once, with its answer.
    fn about(&self, _command: &Command) -> Option<Bytes> {
        None
    }

    fn message(&mut self, message: &Message) -> Explained {
        let MessageKind::X { message_type, .. } = message.kind else {
            return Explained::nothing();
        };
        let (payload, row) = self.shown(message, message_type);
        let is_error = message.direction == Direction::Server
            && ServerMessageType(message_type) == ServerMessageType::ERROR;
        let cells = match (row, ServerMessageType(message_type)) {
            _ if message.direction == Direction::Client => Cells::None,
            (Some(row), _) => Cells::Row(row),
            (None, ServerMessageType::RESULTSET_COLUMN_META_DATA) => column(&payload),
            (None, _) => Cells::None,
        };
        Explained {
            payload,
            id: message_type,
            packet_len: usize::MAX,
            cells,
            is_unasked: message.command.is_none() && !is_error,
        }
    }

    fn decode(&self, message: &Message, payload: &Bytes) -> Decoded {
        match message.kind {
            MessageKind::X { message_type, .. } => decoded(message, message_type, payload),
            MessageKind::Classic { .. } => Decoded::plain(""),
        }
    }

    fn hidden(&self, number: u64) -> HiddenCells {
        HiddenCells {
            all: self.redaction.hides_rows(number),
            columns: self.columns.iter().map(|column| column.hides).collect(),
        }
    }

    fn completed(&mut self, answer: &Answer) -> Option<CommandText> {
        self.cursors.completed(answer.command.number);
        let found = self.redaction.completed(answer);
        let command = &answer.command;
        let CommandKind::X(message_type) = command.kind else {
            return None;
        };
        if is_of_login(message_type) {
            return None;
        }
        let options = Arc::clone(&self.options);
        let rules = options.rules();
        let has_secret = is_crud(message_type) && is_crud_secret(&command.payload, rules);
        let words = self.in_words(command, message_type, found);
        let secrets = words
            .secrets
            .unwrap_or_else(|| Arc::new(rules.secrets(&words.sql, &Settings::of_x())));
        let is_unknown = words.is_unknown && rules.hides;
        let shown = words.parameters.into_iter();
        let given = Given {
            parameters: match secrets.parameters || is_unknown {
                true => shown.map(|_| Shown::Hidden).collect(),
                false => shown.map(|shown| rules.shown(shown)).collect(),
            },
            left_out: LeftOut {
                bytes: command.len.saturating_sub(command.payload.len() as u64),
                ..LeftOut::default()
            },
            ..Given::default()
        };
        let is_secret = !secrets.is_empty()
            || is_unknown
            || has_secret
            || given.has_hidden()
            || rules.match_error(&answer.outcome);
        Some(CommandText {
            sql: self
                .hidden_as
                .without(&words.sql, &secrets, Settings::of_x().reading()),
            foreign: None,
            given,
            is_secret,
        })
    }

    fn forget(&mut self, answer: &Answer) {
        self.cursors.completed(answer.command.number);
        self.redaction.completed(answer);
    }
}

impl X {
    /// Keeps a column for the rows that follow.
    fn note_column(&mut self, message: &Message, message_type: u8) {
        match ServerMessageType(message_type) {
            ServerMessageType::RESULTSET_COLUMN_META_DATA => {
                if std::mem::take(&mut self.has_rows) {
                    self.columns.clear();
                }
                let Ok(column) = ColumnMetaData::from_payload(&message.payload) else {
                    return;
                };
                let is_secret = self
                    .redaction
                    .is_secret(message.command.unwrap_or_default());
                let hides = names(&column).hides_cells(is_secret, self.options.rules());
                let field_type = column.field_type();
                self.columns.push(Column { field_type, hides });
            }
            ServerMessageType::RESULTSET_ROW => {
                self.has_rows = true;
                let fetched = message.command.and_then(|number| self.cursors.of(number));
                if let Some(columns) = fetched.filter(|_| self.columns.is_empty()) {
                    self.columns.clone_from(columns);
                }
            }
            ServerMessageType::RESULTSET_FETCH_SUSPENDED => {
                if let Some(number) = message.command.filter(|_| !self.columns.is_empty()) {
                    self.cursors.suspended(number, &self.columns);
                }
            }
            ServerMessageType::RESULTSET_FETCH_DONE_MORE_RESULTSETS
            | ServerMessageType::RESULTSET_FETCH_DONE_MORE_OUT_PARAMS
            | ServerMessageType::SQL_STMT_EXECUTE_OK
            | ServerMessageType::ERROR => {
                self.has_rows = false;
                self.columns.clear();
            }
            _ => {}
        }
    }

    /// The part of a message that may be shown; for a row, its cells.
    fn shown(&mut self, message: &Message, message_type: u8) -> (Bytes, Option<Vec<Shown>>) {
        match (message.direction, message.command) {
            (Direction::Server, _) => self.note_column(message, message_type),
            (Direction::Client, Some(number)) => {
                self.cursors.asked(number, message_type, &message.payload);
            }
            (Direction::Client, None) => {}
        }
        let options = Arc::clone(&self.options);
        let rules = options.rules();
        let is_row = message.direction == Direction::Server
            && ServerMessageType(message_type) == ServerMessageType::RESULTSET_ROW;
        if is_row {
            return self.row(message, rules);
        }
        let payload = match rules.hides {
            true => self.redaction.masked(message, message_type, rules),
            false => message.payload.clone(),
        };
        (payload, None)
    }

    fn row(&self, message: &Message, rules: Rules<'_>) -> (Bytes, Option<Vec<Shown>>) {
        let number = message.command.unwrap_or_default();
        let columns: &[Column] = &self.columns;
        let row = RowCells {
            all: self.redaction.hides_rows(number),
            rules,
        };
        let Ok(fields) = Row::from_payload(&message.payload) else {
            let is_secret = row.all || self.redaction.is_secret(number);
            let mut mask = Mask::of(&message.payload);
            if is_secret && rules.hides {
                mask.hide_from(0);
            }
            return (mask.masked(), None);
        };
        if columns.len() < fields.field.len() && rules.hides {
            // The names of the columns would say whether there are passwords in them.
            let mut mask = Mask::of(&message.payload);
            mask.hide_from(0);
            return (mask.masked(), Some(Vec::new()));
        }
        let cells = fields.field.iter().zip(columns);
        let mut cells: Vec<_> = cells
            .map(|(bytes, column)| cell(bytes, column.field_type))
            .collect();
        let hides = |index: usize| columns.get(index).is_some_and(|column| column.hides);
        let mut mask = Mask::of(&message.payload);
        if hidden_cells(&mut cells, hides, row) {
            mask.hide_from(0);
        }
        (mask.masked(), Some(cells))
    }
}

fn column(payload: &Bytes) -> Cells {
    let Ok(column) = ColumnMetaData::from_payload(payload) else {
        return Cells::None;
    };
    let column_type = match column.field_type() {
        Some(field_type) => documented(&field_type),
        None => column.r#type.to_string(),
    };
    Cells::Column(column.name.unwrap_or_default(), column_type)
}

fn is_of_login(message_type: ClientMessageType) -> bool {
    message_type.0 <= ClientMessageType::SESS_AUTHENTICATE_CONTINUE.0
        && message_type != ClientMessageType::CON_CLOSE
}

fn is_crud(message_type: ClientMessageType) -> bool {
    [
        ClientMessageType::CRUD_FIND,
        ClientMessageType::CRUD_INSERT,
        ClientMessageType::CRUD_UPDATE,
        ClientMessageType::CRUD_DELETE,
    ]
    .contains(&message_type)
}

/// The fields of the part of a message that is shown. If only stars are left of it, its name is shown.
fn decoded(message: &Message, message_type: u8, payload: &Bytes) -> Decoded {
    let read = |payload| read(message.direction, message_type, payload);
    read(payload).unwrap_or_else(|error| match read(&message.payload) {
        Ok(Decoded { name, .. }) => Decoded::plain(name),
        Err(_) => Decoded::undecodable(&error),
    })
}

fn read(direction: Direction, message_type: u8, payload: &Bytes) -> Result<Decoded, MessageError> {
    let frame = Frame {
        message_type,
        payload: payload.clone(),
    };
    Ok(match direction {
        Direction::Client => {
            let message = ClientMessage::from_frame(&frame)?;
            Decoded {
                is_login: matches!(
                    message,
                    ClientMessage::CapabilitiesSet(_) | ClientMessage::AuthenticateStart(_)
                ),
                statement: match message {
                    ClientMessage::StmtExecute(_) => "stmt",
                    _ => "",
                },
                ..Decoded::of(message.name(), message)
            }
        }
        Direction::Server => {
            let message = ServerMessage::from_frame(&frame)?;
            Decoded {
                is_login: matches!(message, ServerMessage::Capabilities(_)),
                ..Decoded::of(message.name(), message)
            }
        }
    })
}
