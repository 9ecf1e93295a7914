use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_classic::error_code;
use mynah_session::{Completion, Failure, Outcome, Reply, StatementCommand, classic, x};
use mynah_x::status::Ok as XOk;
use mynah_x::{ClientMessageType, ServerMessage};

use super::command::Kind;
use super::x_form::XForm;

/// The form that an answer has to have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) shared: Capabilities,
    /// What decides the form in the X Protocol.
    pub(super) x: XForm,
}

/// The answer that a client gets in place of the server's.
#[derive(Debug)]
pub(super) struct Answer {
    asked: Asked,
    reply: Box<Reply>,
}

impl Answer {
    pub(super) fn new(asked: Asked, reply: Box<Reply>) -> Self {
        Self { asked, reply }
    }

    /// The error that refuses a command.
    pub(super) fn failure(asked: Asked, failure: Failure) -> Self {
        Self::new(asked, Box::new(Outcome::Error(failure).into()))
    }

    /// The bytes of the answer, behind a packet of this sequence id; empty where the command has no answer.
    pub(super) fn after(self, sequence_id: u8) -> Bytes {
        match self.asked.kind {
            Kind::Classic(code) => self.packets(code, sequence_id.wrapping_add(1)),
            Kind::X(message_type) => self.messages(message_type),
        }
    }

    fn packets(self, code: CommandCode, sequence_id: u8) -> Bytes {
        let (command, reply) = match (form(code), *self.reply) {
            (Form::None, _) => return Bytes::new(),
            (Form::Rows(command), reply) => (command, reply),
            (Form::Own, reply) => (StatementCommand::Query, without_own_form(code, reply)),
            (Form::Ok, reply) => (StatementCommand::Query, without_rows(reply)),
        };
        classic::server::encode_reply(reply, command, sequence_id, self.asked.shared)
    }

    fn messages(self, message_type: ClientMessageType) -> Bytes {
        let XForm {
            is_compact,
            is_admin,
            prepared,
        } = self.asked.x;
        let to = x::server::AnsweredMessage {
            message_type,
            prepared,
            is_admin,
            compact: is_compact,
        };
        if has_rows(message_type) {
            return x::server::encode_reply(*self.reply, &to);
        }
        let reply = without_rows(*self.reply);
        if let Outcome::Error(_) = reply.outcome {
            return x::server::encode_reply(reply, &to);
        }
        let mut w = BytesMut::new();
        ServerMessage::from(XOk::default()).put(&mut w);
        w.freeze()
    }
}

/// What the answer to a command is, besides an error.
enum Form {
    None,
    Ok,
    Rows(StatementCommand),
    /// An answer of a form that no other command has.
    Own,
}

fn form(code: CommandCode) -> Form {
    match code {
        CommandCode::QUIT | CommandCode::STMT_CLOSE | CommandCode::STMT_SEND_LONG_DATA => {
            Form::None
        }
        CommandCode::QUERY | CommandCode::PROCESS_INFO => Form::Rows(StatementCommand::Query),
        CommandCode::STMT_EXECUTE => Form::Rows(StatementCommand::Execute),
        CommandCode::STMT_PREPARE
        | CommandCode::STMT_FETCH
        | CommandCode::STMT_BULK_EXECUTE
        | CommandCode::FIELD_LIST
        | CommandCode::STATISTICS
        | CommandCode::BINLOG_DUMP
        | CommandCode::BINLOG_DUMP_GTID
        | CommandCode::CHANGE_USER => Form::Own,
        _ => Form::Ok,
    }
}

/// The reply reduced to how it ended, for commands without rows.
fn without_rows(reply: Reply) -> Reply {
    let last = reply.more.into_iter().next_back().unwrap_or(reply.outcome);
    Reply::from(match last {
        Outcome::Rows(result) => Outcome::Ok(result.end),
        Outcome::Ok(done) => Outcome::Ok(done),
        Outcome::Error(failure) => Outcome::Error(failure),
        _ => Outcome::Ok(Completion::default()),
    })
}

/// An error in place of an answer whose form a gate can't give. Drivers then continue without prepared
/// statements.
fn without_own_form(code: CommandCode, reply: Reply) -> Reply {
    if let Outcome::Error(_) = reply.outcome {
        return reply;
    }
    let name = code.name().unwrap_or("the command");
    let message = format!("a gate can't answer {name}");
    Outcome::Error(Failure::general(error_code::ER_UNSUPPORTED_PS, message)).into()
}

/// Whether the answer to a message ends with StmtExecuteOk, as those to statements do.
fn has_rows(message_type: ClientMessageType) -> bool {
    matches!(
        message_type,
        ClientMessageType::SQL_STMT_EXECUTE
            | ClientMessageType::PREPARE_EXECUTE
            | ClientMessageType::CURSOR_OPEN
            | ClientMessageType::CRUD_FIND
            | ClientMessageType::CRUD_INSERT
            | ClientMessageType::CRUD_UPDATE
            | ClientMessageType::CRUD_DELETE
    )
}
