//! The answers of the X Protocol.

use bytes::Bytes;
use mynah_recording::{Completion, Failure, Outcome, SessionTracker, Warning, x_cells, x_column};
use mynah_session::observe::Message;
use mynah_x::datatypes::{Scalar, ScalarValue};
use mynah_x::notice::{self, FrameType, Level, Parameter, SessionStateChanged};
use mynah_x::resultset::{ColumnMetaData, Row};
use mynah_x::{Message as _, ServerMessageType, status};

use super::building::{Building, Kinds};
use crate::trace::{HiddenCells, Rules};

/// The answer to a message of the X Protocol.
#[derive(Debug, Default)]
pub(super) struct XAnswer {
    pub(super) building: Building,
    /// What notices say of the statement.
    said: Completion,
    /// Whether rows are left that have to be fetched.
    pub(super) is_suspended: bool,
    /// Whether OUT parameters follow.
    out_parameters_follow: bool,
    /// Whether the result that was announced last is none, as at the end of a procedure.
    ends_without_rows: bool,
}

impl XAnswer {
    /// A message of the answer: as it came, and what may be shown of it.
    pub(super) fn take(
        &mut self,
        message_type: ServerMessageType,
        message: &Message,
        shown: &Bytes,
    ) {
        if message.len > message.payload.len() as u64 {
            self.building.miss(&format!(
                "a message has {} bytes, of which {} are held",
                message.len,
                message.payload.len()
            ));
        }
        match message_type {
            ServerMessageType::RESULTSET_COLUMN_META_DATA => self.column(shown),
            ServerMessageType::RESULTSET_FETCH_DONE
            | ServerMessageType::RESULTSET_FETCH_DONE_MORE_RESULTSETS => self.end_set(),
            ServerMessageType::RESULTSET_FETCH_DONE_MORE_OUT_PARAMS => {
                self.end_set();
                self.out_parameters_follow = true;
            }
            ServerMessageType::RESULTSET_FETCH_SUSPENDED => self.is_suspended = true,
            ServerMessageType::NOTICE => {
                if let Ok(frame) = notice::Frame::from_payload(shown) {
                    self.notice(&frame);
                }
            }
            ServerMessageType::SQL_STMT_EXECUTE_OK if !self.is_suspended => {
                let said = std::mem::take(&mut self.said);
                match self.ends_without_rows {
                    true => self.building.result(Outcome::Ok(said)),
                    false => self.building.set_end(said),
                }
            }
            ServerMessageType::OK => {
                let said = std::mem::take(&mut self.said);
                self.building.result(Outcome::Ok(said));
            }
            ServerMessageType::ERROR => match status::Error::from_payload(shown) {
                Ok(error) => self.building.error(Failure {
                    code: error.code,
                    sql_state: error.sql_state,
                    message: error.msg,
                }),
                Err(_) => self.building.miss("an error can't be read"),
            },
            _ => {}
        }
    }

    /// A row.
    pub(super) fn row(
        &mut self,
        payload: &Bytes,
        rules: Rules<'_>,
        hidden: impl FnOnce() -> HiddenCells,
    ) {
        let row = Row::from_payload(payload).ok();
        let row = row.and_then(|row| match &self.building.set.as_ref()?.kinds {
            Kinds::X(columns) => x_cells(&row, columns),
            Kinds::Classic(_) => None,
        });
        self.building.row(row, rules, hidden);
    }

    fn column(&mut self, shown: &Bytes) {
        let Ok(column) = ColumnMetaData::from_payload(shown) else {
            return self.building.miss("a column can't be read");
        };
        if self.building.columns() == 0 || self.building.has_rows() {
            self.building.begin_set();
            if let Some(set) = &mut self.building.set {
                set.kinds = Kinds::X(Vec::new());
                set.is_out_parameters = std::mem::take(&mut self.out_parameters_follow);
            }
        }
        self.building.column(x_column(&column));
        if let Some(set) = &mut self.building.set
            && let Kinds::X(columns) = &mut set.kinds
        {
            columns.push(column);
        }
    }

    fn end_set(&mut self) {
        self.is_suspended = false;
        self.ends_without_rows = self.building.set.is_none();
        if !self.ends_without_rows {
            self.building.end_set(Completion::default(), false);
        }
    }

    fn notice(&mut self, frame: &notice::Frame) {
        let payload = frame.payload.clone().unwrap_or_default();
        let kind = i32::try_from(frame.r#type).ok();
        match kind.and_then(|kind| FrameType::try_from(kind).ok()) {
            Some(FrameType::Warning) => {
                if let Ok(warning) = notice::Warning::from_payload(&payload) {
                    self.warning(warning);
                }
            }
            Some(FrameType::SessionStateChanged) => {
                if let Ok(changed) = SessionStateChanged::from_payload(&payload) {
                    self.changed(&changed);
                }
            }
            _ => {}
        }
    }

    fn warning(&mut self, warning: notice::Warning) {
        let level = warning.level.and_then(|level| Level::try_from(level).ok());
        self.said.warning_count = self.said.warning_count.saturating_add(1);
        self.said.warnings.push(Warning {
            level: match level {
                Some(Level::Note) => "NOTE",
                Some(Level::Error) => "ERROR",
                _ => "WARNING",
            }
            .to_owned(),
            code: warning.code,
            message: warning.msg,
        });
    }

    fn changed(&mut self, changed: &SessionStateChanged) {
        let number = || match changed.value.first().and_then(Scalar::value) {
            Some(ScalarValue::Uint(number)) => number,
            _ => 0,
        };
        let text = |scalar: &Scalar| match scalar.value() {
            Some(ScalarValue::String(text)) => String::from_utf8_lossy(&text.value).into_owned(),
            Some(ScalarValue::Octets(octets)) => {
                String::from_utf8_lossy(&octets.value).into_owned()
            }
            _ => String::new(),
        };
        let first = || changed.value.first().map(text).unwrap_or_default();
        match Parameter::try_from(changed.param) {
            Ok(Parameter::RowsAffected) => self.said.affected_rows = number(),
            Ok(Parameter::RowsFound | Parameter::RowsMatched) => {
                self.said.found_rows = Some(number());
            }
            Ok(Parameter::GeneratedInsertId) => self.said.last_insert_id = number(),
            Ok(Parameter::ProducedMessage) => self.said.message = first(),
            Ok(Parameter::GeneratedDocumentIds) => {
                self.said
                    .generated_ids
                    .extend(changed.value.iter().map(text));
            }
            Ok(Parameter::CurrentSchema) => {
                self.said
                    .session_trackers
                    .push(SessionTracker::Schema { schema: first() });
            }
            _ => {}
        }
    }
}
