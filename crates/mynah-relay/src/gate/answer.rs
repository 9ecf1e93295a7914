use bytes::{Bytes, BytesMut};
use mynah_classic::StatusFlags;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{ErrPacket, OkPacket};
use mynah_session::{Completion, Failure};
use mynah_wire::Splitter;
use mynah_x::datatypes::Scalar;
use mynah_x::notice::{Frame, FrameType, Parameter, SessionStateChanged};
use mynah_x::sql::StmtExecuteOk;
use mynah_x::status::{Error, Ok as XOk};
use mynah_x::{ClientMessageType, ServerMessage};

use super::command::Kind;
use super::keeper::Asked;

/// What a client is told in place of the server's answer.
#[derive(Debug)]
pub(super) struct Answer {
    asked: Asked,
    told: Result<Completion, Failure>,
}

impl Answer {
    pub(super) fn new(asked: Asked, told: Result<Completion, Failure>) -> Self {
        Self { asked, told }
    }

    /// As it is sent behind a packet of this sequence id; empty where the command has no answer, or the
    /// answer is too long for a packet.
    pub(super) fn after(&self, sequence_id: u8) -> Bytes {
        let mut w = BytesMut::new();
        match self.asked.kind {
            Kind::Classic(code) if has_no_answer(code) => {}
            Kind::Classic(_) => self.put_packet(&mut w, sequence_id.wrapping_add(1)),
            Kind::X(message_type) => self.put_messages(&mut w, message_type),
        }
        w.freeze()
    }

    fn put_packet(&self, w: &mut BytesMut, sequence_id: u8) {
        let mut splitter = Splitter::new(sequence_id);
        let shared = self.asked.shared;
        let _written = match &self.told {
            Ok(done) => {
                let ok = OkPacket {
                    affected_rows: done.affected_rows,
                    last_insert_id: done.last_insert_id,
                    status_flags: done.status_flags.unwrap_or(StatusFlags::AUTOCOMMIT),
                    warnings: done.warning_count,
                    info: (!done.message.is_empty()).then(|| done.message.clone()),
                    ..OkPacket::default()
                };
                splitter.message(w, &ok, shared)
            }
            Err(failure) => {
                let error = ErrPacket {
                    error_code: failure.code,
                    sql_state: Some(failure.sql_state),
                    error_message: failure.message.clone(),
                };
                splitter.message(w, &error, shared)
            }
        };
    }

    fn put_messages(&self, w: &mut BytesMut, message_type: ClientMessageType) {
        match &self.told {
            Ok(done) if has_rows(message_type) => {
                let rows = Scalar::uint(done.affected_rows);
                put_changed(w, Parameter::RowsAffected, rows);
                if done.last_insert_id != 0 {
                    let id = Scalar::uint(done.last_insert_id);
                    put_changed(w, Parameter::GeneratedInsertId, id);
                }
                ServerMessage::from(StmtExecuteOk {}).put(w);
            }
            Ok(_) => ServerMessage::from(XOk::default()).put(w),
            Err(failure) => ServerMessage::from(Error {
                code: failure.code.into(),
                msg: String::from_utf8_lossy(&failure.message).into_owned(),
                sql_state: String::from_utf8_lossy(&failure.sql_state.0).into_owned(),
                ..Error::default()
            })
            .put(w),
        }
    }
}

fn put_changed(w: &mut BytesMut, parameter: Parameter, value: Scalar) {
    let changed = SessionStateChanged {
        param: parameter.into(),
        value: vec![value],
    };
    let notice = Frame::local(FrameType::SessionStateChanged, &changed);
    ServerMessage::from(notice).put(w);
}

/// Whether a server has nothing to say to a command.
fn has_no_answer(code: CommandCode) -> bool {
    matches!(
        code,
        CommandCode::QUIT | CommandCode::STMT_CLOSE | CommandCode::STMT_SEND_LONG_DATA
    )
}

/// Whether the answer to a message ends as that to a statement does.
fn has_rows(message_type: ClientMessageType) -> bool {
    matches!(
        message_type,
        ClientMessageType::SQL_STMT_EXECUTE
            | ClientMessageType::PREPARE_EXECUTE
            | ClientMessageType::CRUD_FIND
            | ClientMessageType::CRUD_INSERT
            | ClientMessageType::CRUD_UPDATE
            | ClientMessageType::CRUD_DELETE
    )
}
