use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComQuery, CommandCode};
use mynah_wire::Message as _;
use mynah_x::prepare::Execute;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessageType, Message as _};

/// A command of a client, as a [`Gate`](super::Gate) sees it before it decides.
#[derive(Debug)]
pub struct GateCommand<'a> {
    kind: Kind,
    payload: &'a [u8],
    len: usize,
    statement: Option<Bytes>,
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
            is_compact,
        })
    }

    /// The command's name in the protocol's documentation, such as `COM_QUERY` or `Sql::StmtExecute`; `None`
    /// if the command is unknown.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Classic(code) => code.name(),
            Kind::X(message_type) => message_type.name(),
        }
    }

    /// The SQL text that the command executes or prepares; `None` if it has none. Of a classic command longer
    /// than 64 KiB it is the beginning; of an X Protocol message longer than that it is `None`.
    #[must_use]
    pub fn statement(&self) -> Option<&[u8]> {
        self.statement.as_deref()
    }

    /// The bytes behind the command's code (classic) or message type (X Protocol), at most 64 KiB of them.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.payload
    }

    /// The length of the bytes behind the code or message type, before they were cut off at 64 KiB. In the
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

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the client wants columns without names.
    pub(super) fn is_compact(&self) -> bool {
        self.is_compact
    }
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
