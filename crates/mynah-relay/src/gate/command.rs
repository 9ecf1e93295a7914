use bytes::{BufMut as _, Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::command::{ComQuery, CommandCode};
use mynah_recording::Param;
use mynah_session::observe::{CommandKind, Executed, in_words};
use mynah_wire::Message as _;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::x_form::XForm;
use crate::about::about;

/// A command of a client, as a [`Gate`](super::Gate) sees it before it decides.
#[derive(Debug)]
pub struct GateCommand<'a> {
    kind: Kind,
    payload: &'a [u8],
    len: usize,
    statement: Option<Bytes>,
    /// The statement that was prepared, for an execution.
    executed: Option<Executed>,
    shared: Capabilities,
    x_form: XForm,
}

/// A prepared statement that a command executes.
pub(crate) struct Prepared {
    /// Its text, if it is SQL.
    pub(crate) sql: Option<Bytes>,
    /// What is known of its parameters, in the classic protocol.
    pub(crate) executed: Option<Executed>,
    /// The type of the message that was prepared, in the X Protocol.
    pub(crate) message_type: Option<ClientMessageType>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Classic(CommandCode),
    X(ClientMessageType),
}

impl<'a> GateCommand<'a> {
    /// A packet's payload, `len` bytes of which the beginning is there.
    pub(super) fn classic(payload: &'a [u8], len: usize, shared: Capabilities) -> Option<Self> {
        let (&code, text) = payload.split_first()?;
        let code = CommandCode(code);
        let statement = match code {
            CommandCode::QUERY => {
                let query = ComQuery::from_payload(&Bytes::copy_from_slice(payload), shared);
                query.ok().map(|query| query.query)
            }
            CommandCode::STMT_PREPARE => Some(Bytes::copy_from_slice(text)),
            _ => None,
        };
        Some(Self {
            kind: Kind::Classic(code),
            payload: text,
            len: len.saturating_sub(1),
            statement,
            executed: None,
            shared,
            x_form: XForm::default(),
        })
    }

    /// A message, type first. Nothing if it is part of a login, or of what comes before it.
    pub(super) fn x(message: &'a [u8], len: usize) -> Option<Self> {
        let (&message_type, payload) = message.split_first()?;
        let message_type = ClientMessageType(message_type);
        if !is_command(message_type) {
            return None;
        }
        let is_whole = message.len() == len;
        let (x_form, statement) = match message_type {
            ClientMessageType::SQL_STMT_EXECUTE
            | ClientMessageType::PREPARE_PREPARE
            | ClientMessageType::PREPARE_EXECUTE
            | ClientMessageType::CURSOR_OPEN => {
                let decoded = decoded(message_type, payload, is_whole);
                decoded.map(form_and_sql).unwrap_or_default()
            }
            _ => (XForm::default(), None),
        };
        Some(Self {
            kind: Kind::X(message_type),
            payload,
            len: len.saturating_sub(1),
            statement,
            executed: None,
            shared: Capabilities::empty(),
            x_form,
        })
    }

    /// The command's name in the protocol's documentation, such as `COM_QUERY`, or `SQL_STMT_EXECUTE` in the X
    /// Protocol; `None` if the command is unknown.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Classic(code) => code.name(),
            Kind::X(message_type) => message_type.name(),
        }
    }

    /// The SQL text that a COM_QUERY, COM_STMT_PREPARE or COM_STMT_EXECUTE runs or prepares, or, in the X Protocol, a
    /// StmtExecute, Prepare.Prepare, Prepare.Execute or Cursor.Open. `None` for other commands, and for a statement that
    /// isn't SQL, such as a find. Of a command longer than 64 KiB it is the beginning.
    #[must_use]
    pub fn statement(&self) -> Option<&[u8]> {
        self.statement.as_deref()
    }

    /// The id of the prepared statement that a command of the classic protocol, or a Prepare.Execute,
    /// Prepare.Deallocate or Cursor.Open of the X Protocol, is about; `None` for other commands.
    #[must_use]
    pub fn statement_id(&self) -> Option<u32> {
        self.prepared_id()
    }

    /// Whether [`payload`](Self::payload) is the whole command, and not only its beginning.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.payload.len() == self.len
    }

    /// The values of a COM_STMT_EXECUTE. `None` for other commands, for a command longer than 64 KiB, and if the values
    /// can't be decoded, such as because their types came with an earlier execution that this gate didn't see.
    #[must_use]
    pub fn params(&self) -> Option<Vec<Param>> {
        // Values that are cut off would look like other values, so there are none of a command that isn't whole.
        let executed = self.executed.as_ref().filter(|_| self.is_whole())?;
        let payload = self.whole_payload();
        let len = u64::try_from(payload.len()).ok()?;
        let given = executed.given(&payload, len, self.shared).ok()?;
        Some(crate::record::bound(&given.parameters))
    }

    /// Whether the values of a COM_STMT_EXECUTE can be read without an earlier execution: it contains the types of its
    /// parameters, or has no parameters. Other executions use the types of an earlier one. `false` for other commands,
    /// if the relay didn't see how the statement was prepared, and if the bytes of the command can't be decoded.
    #[must_use]
    pub fn has_types(&self) -> bool {
        let Some(executed) = &self.executed else {
            return false;
        };
        let payload = self.whole_payload();
        executed.has_types(&payload, self.shared).unwrap_or(false)
    }

    fn whole_payload(&self) -> Bytes {
        let mut whole = BytesMut::with_capacity(1 + self.payload.len());
        if let Kind::Classic(code) = self.kind {
            whole.put_u8(code.0);
        }
        whole.put_slice(self.payload);
        whole.freeze()
    }

    /// The bytes after the command's code (classic) or message type (X Protocol), at most 64 KiB of them.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.payload
    }

    /// The length of the bytes after the code or message type, before they were cut off at 64 KiB. In the
    /// classic protocol only the first packet counts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing follows the code or message type.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Its name in traces and filters.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Classic(code) => CommandKind::Classic(code).name(),
            Kind::X(message_type) => CommandKind::X(message_type).name(),
        }
    }

    /// The statement, a schema, a collection or the like: what it is about, as traces and filters have it.
    pub(crate) fn about(&self) -> Bytes {
        if let Some(statement) = &self.statement {
            return statement.clone();
        }
        match self.kind {
            Kind::Classic(code) => about(code, &self.whole_payload(), self.shared),
            Kind::X(_) => self.x_message().as_ref().map(in_words).unwrap_or_default(),
        }
    }

    /// The message of the X Protocol, or what can be read of one that isn't whole; `None` in the classic protocol, and if
    /// nothing can be read.
    #[must_use]
    pub fn x_message(&self) -> Option<ClientMessage> {
        match self.kind {
            Kind::Classic(_) => None,
            Kind::X(message_type) => decoded(message_type, self.payload, self.is_whole()),
        }
    }

    /// The number of the prepared statement that it is about.
    pub(crate) fn prepared_id(&self) -> Option<u32> {
        match self.kind {
            Kind::Classic(
                CommandCode::STMT_EXECUTE
                | CommandCode::STMT_BULK_EXECUTE
                | CommandCode::STMT_SEND_LONG_DATA
                | CommandCode::STMT_FETCH
                | CommandCode::STMT_RESET
                | CommandCode::STMT_CLOSE,
                // All of these commands begin with the statement's id, in four bytes.
            ) => self.payload.first_chunk().copied().map(u32::from_le_bytes),
            Kind::X(
                message_type @ (ClientMessageType::PREPARE_EXECUTE
                | ClientMessageType::PREPARE_DEALLOCATE
                | ClientMessageType::CURSOR_OPEN),
            ) => match decoded(message_type, self.payload, self.is_whole())? {
                ClientMessage::Execute(execute) => Some(execute.stmt_id),
                ClientMessage::Deallocate(deallocate) => Some(deallocate.stmt_id),
                ClientMessage::CursorOpen(open) => Some(open.stmt.prepare_execute?.stmt_id),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the client logs in anew by it, or may behind it.
    pub(crate) fn logs_in(&self) -> bool {
        matches!(
            self.kind,
            Kind::Classic(CommandCode::CHANGE_USER)
                | Kind::X(ClientMessageType::SESS_RESET | ClientMessageType::SESS_CLOSE)
        )
    }

    /// The number of the prepared statement that it executes.
    pub(super) fn executed_id(&self) -> Option<u32> {
        match self.kind {
            Kind::Classic(CommandCode::STMT_EXECUTE)
            | Kind::X(ClientMessageType::PREPARE_EXECUTE | ClientMessageType::CURSOR_OPEN) => {
                self.prepared_id()
            }
            _ => None,
        }
    }

    /// It executes this statement.
    pub(super) fn set_executed(&mut self, prepared: Prepared) {
        self.statement = prepared.sql;
        self.executed = prepared.executed;
        self.x_form.prepared = prepared.message_type;
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// What decides the form of the answer in the X Protocol, besides the type of the message.
    pub(super) fn x_form(&self) -> XForm {
        self.x_form
    }
}

/// A message of the X Protocol, or what can be read of one whose payload isn't whole.
fn decoded(
    message_type: ClientMessageType,
    payload: &[u8],
    is_whole: bool,
) -> Option<ClientMessage> {
    let frame = Frame {
        message_type: message_type.0,
        payload: Bytes::copy_from_slice(payload),
    };
    let message = match is_whole {
        true => ClientMessage::from_frame(&frame),
        false => ClientMessage::from_beginning(&frame),
    };
    message.ok()
}

/// What a message says of the form of its answer, and the SQL that it runs or prepares.
fn form_and_sql(message: ClientMessage) -> (XForm, Option<Bytes>) {
    let is_compact = match &message {
        ClientMessage::StmtExecute(execute) => execute.compact_metadata,
        ClientMessage::Execute(execute) => execute.compact_metadata,
        ClientMessage::CursorOpen(open) => {
            let execute = open.stmt.prepare_execute.as_ref();
            execute.and_then(|execute| execute.compact_metadata)
        }
        _ => None,
    };
    let is_admin = match &message {
        ClientMessage::StmtExecute(execute) => execute.namespace_or_default() == "mysqlx",
        _ => false,
    };
    let statement = match message {
        ClientMessage::StmtExecute(execute) => Some(execute),
        ClientMessage::Prepare(prepare) => prepare.stmt.stmt_execute.map(|execute| *execute),
        _ => None,
    };
    let sql = statement.filter(|execute| execute.namespace_or_default() == "sql");
    let form = XForm {
        is_compact: is_compact == Some(true),
        is_admin,
        prepared: None,
    };
    (form, sql.map(|execute| execute.stmt))
}

/// Whether a message is one of a session that has begun.
pub(super) fn is_command(message_type: ClientMessageType) -> bool {
    !matches!(
        message_type,
        ClientMessageType::CON_CAPABILITIES_GET
            | ClientMessageType::CON_CAPABILITIES_SET
            | ClientMessageType::CON_CLOSE
            | ClientMessageType::SESS_AUTHENTICATE_START
            | ClientMessageType::SESS_AUTHENTICATE_CONTINUE
    )
}
