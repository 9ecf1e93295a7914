use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComQuery, CommandCode};
use mynah_wire::Message as _;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessageType, Message as _};

use super::Executed;
use crate::sql::Settings;

/// A command that a client sent. In the X Protocol, every message of a client is one, also before and at the login.
#[derive(Clone, Debug)]
pub struct Command {
    /// The number of the command on its connection, from 1.
    pub number: u64,
    /// The type of the command.
    pub kind: CommandKind,
    /// The command's message. It is cut off, or empty, if the message, or all commands that wait for answers, were
    /// longer than [`Options::max_held`](super::Options::max_held) allows.
    pub payload: Bytes,
    /// The length of the whole message in bytes, of which `payload` may have only the beginning.
    pub len: u64,
    /// The capability flags of the connection; empty in the X Protocol.
    pub capabilities: Capabilities,
    /// The prepared statement that a command of the classic protocol refers to, such as COM_STMT_EXECUTE, or that
    /// COM_STMT_PREPARE prepares. `None` for other commands, and if the observer doesn't know the statement.
    pub executed: Option<Executed>,
    /// The settings (version, `sql_mode`, character set) by which the server parses the command's statement.
    pub settings: Settings,
}

/// The type of a command: the number that its protocol has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    /// A command of the classic protocol.
    Classic(CommandCode),
    /// A message of a client of the X Protocol.
    X(ClientMessageType),
}

impl CommandKind {
    /// The command's name without the prefix COM_, SQL_, CRUD_, SESS_ or CON_: `QUERY` for COM_QUERY, `STMT_EXECUTE`
    /// for SQL_STMT_EXECUTE of the X Protocol, but `CURSOR_OPEN`; `UNKNOWN` for a number without a name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Classic(code) => {
                let name = code.name().unwrap_or("COM_UNKNOWN");
                name.strip_prefix("COM_").unwrap_or(name)
            }
            Self::X(message_type) => {
                let name = message_type.name().unwrap_or("UNKNOWN");
                ["SQL_", "CRUD_", "SESS_", "CON_"]
                    .iter()
                    .find_map(|package| name.strip_prefix(package))
                    .unwrap_or(name)
            }
        }
    }

    /// The command code of the classic protocol; `None` for the X Protocol.
    #[must_use]
    pub fn code(self) -> Option<CommandCode> {
        match self {
            Self::Classic(code) => Some(code),
            Self::X(_) => None,
        }
    }

    /// Whether a client sends this command to end its connection or its session, as COM_QUIT.
    #[must_use]
    pub fn is_goodbye(self) -> bool {
        matches!(
            self,
            Self::Classic(CommandCode::QUIT)
                | Self::X(ClientMessageType::CON_CLOSE | ClientMessageType::SESS_CLOSE)
        )
    }
}

impl Command {
    /// A command that was never sent, with number 0, for places that need a value.
    #[must_use]
    pub fn none() -> Self {
        Self {
            number: 0,
            kind: CommandKind::Classic(CommandCode(u8::MAX)),
            payload: Bytes::new(),
            len: 0,
            capabilities: Capabilities::empty(),
            executed: None,
            settings: Settings::default(),
        }
    }

    /// Whether [`payload`](Self::payload) isn't the whole message, because it was too long to be kept.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        (self.payload.len() as u64) < self.len
    }

    /// The SQL text of the command, as much of it as is kept; `None` if it has none. For a command of the classic
    /// protocol that refers to a prepared statement it is the text that was prepared; in the X Protocol only a
    /// StmtExecute with SQL has a text.
    #[must_use]
    pub fn sql(&self) -> Option<Bytes> {
        let payload = &self.payload;
        let rest = || payload.slice(1.min(payload.len())..);
        match (self.kind, &self.executed) {
            (_, Some(executed)) => Some(executed.text()),
            (CommandKind::Classic(CommandCode::QUERY), _)
                if self.capabilities.contains(Capabilities::QUERY_ATTRIBUTES) =>
            {
                let query = ComQuery::from_payload_lenient(payload, self.capabilities);
                Some(query.map_or_else(|_| rest(), |(query, _)| query.query))
            }
            (CommandKind::Classic(CommandCode::QUERY | CommandCode::STMT_PREPARE), _) => {
                Some(rest())
            }
            (CommandKind::X(ClientMessageType::SQL_STMT_EXECUTE), _) => {
                let execute = StmtExecute::from_payload(payload).ok();
                let sql = execute.filter(|execute| execute.namespace_or_default() == "sql");
                sql.map(|execute| execute.stmt)
            }
            _ => None,
        }
    }
}
