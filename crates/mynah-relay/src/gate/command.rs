use bytes::{BufMut as _, Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::command::{ComQuery, CommandCode};
use mynah_recording::Param;
use mynah_session::observe::{CommandKind, Executed};
use mynah_wire::Message as _;
use mynah_x::prepare::Execute;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, ClientMessageType, Frame, Message as _};

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
    is_compact: bool,
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
            is_compact: false,
        })
    }

    /// A message, type first. Nothing if it is part of a login, or of what comes before it.
    pub(super) fn x(message: &'a [u8], len: usize) -> Option<Self> {
        let (&message_type, payload) = message.split_first()?;
        let message_type = ClientMessageType(message_type);
        if !is_command(message_type) {
            return None;
        }
        let (is_compact, statement) = match message_type {
            ClientMessageType::SQL_STMT_EXECUTE => of_text(payload).unwrap_or_default(),
            ClientMessageType::PREPARE_EXECUTE => {
                let execute = Execute::from_payload(&Bytes::copy_from_slice(payload));
                let is_compact =
                    execute.is_ok_and(|execute| execute.compact_metadata == Some(true));
                (is_compact, None)
            }
            _ => (false, None),
        };
        Some(Self {
            kind: Kind::X(message_type),
            payload,
            len: len.saturating_sub(1),
            statement,
            executed: None,
            shared: Capabilities::empty(),
            is_compact,
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

    /// The SQL text that a COM_QUERY, COM_STMT_PREPARE, COM_STMT_EXECUTE, or an SQL StmtExecute of the X Protocol runs
    /// or prepares; `None` for other commands. Of a COM_QUERY or COM_STMT_PREPARE longer than 64 KiB it is the
    /// beginning; of an X Protocol message longer than that it is `None`.
    #[must_use]
    pub fn statement(&self) -> Option<&[u8]> {
        self.statement.as_deref()
    }

    /// The id of the prepared statement that a command of the classic protocol, or a Prepare.Execute of the X Protocol,
    /// is about; `None` for other commands.
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

    /// The statement, a schema, or a collection: what it is about, as traces and filters have it.
    pub(crate) fn about(&self) -> Bytes {
        if let Some(statement) = &self.statement {
            return statement.clone();
        }
        match self.kind {
            Kind::Classic(CommandCode::INIT_DB) => Bytes::copy_from_slice(self.payload),
            Kind::X(message_type) => {
                let collection = collection(message_type, self.payload);
                collection.unwrap_or_default().into()
            }
            Kind::Classic(_) => Bytes::new(),
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
            Kind::X(ClientMessageType::PREPARE_EXECUTE) => {
                let execute = Execute::from_payload(&Bytes::copy_from_slice(self.payload));
                execute.ok().map(|execute| execute.stmt_id)
            }
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

    /// The number of the prepared statement that it executes, in the classic protocol.
    pub(super) fn executed_id(&self) -> Option<u32> {
        match self.kind {
            Kind::Classic(CommandCode::STMT_EXECUTE) => self.prepared_id(),
            _ => None,
        }
    }

    /// It executes this statement.
    pub(super) fn set_executed(&mut self, executed: Executed) {
        self.statement = Some(executed.text());
        self.executed = Some(executed);
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the client wants columns without names.
    pub(super) fn is_compact(&self) -> bool {
        self.is_compact
    }
}

/// The schema and name of the collection that a message is about.
fn collection(message_type: ClientMessageType, payload: &[u8]) -> Option<String> {
    if !matches!(
        message_type,
        ClientMessageType::CRUD_FIND
            | ClientMessageType::CRUD_INSERT
            | ClientMessageType::CRUD_UPDATE
            | ClientMessageType::CRUD_DELETE
    ) {
        return None;
    }
    let frame = Frame {
        message_type: message_type.0,
        payload: Bytes::copy_from_slice(payload),
    };
    let collection = match ClientMessage::from_frame(&frame).ok()? {
        ClientMessage::Find(find) => find.collection,
        ClientMessage::Insert(insert) => insert.collection,
        ClientMessage::Update(update) => update.collection,
        ClientMessage::Delete(delete) => delete.collection,
        _ => return None,
    };
    let schema = collection.schema.as_deref().unwrap_or_default();
    Some(format!("{schema}.{}", collection.name))
}

/// The statement of a StmtExecute message, and whether the client wants columns without names.
fn of_text(payload: &[u8]) -> Option<(bool, Option<Bytes>)> {
    let execute = StmtExecute::from_payload(&Bytes::copy_from_slice(payload)).ok()?;
    let is_compact = execute.compact_metadata == Some(true);
    let is_sql = execute.namespace_or_default() == "sql";
    Some((is_compact, is_sql.then_some(execute.stmt)))
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
