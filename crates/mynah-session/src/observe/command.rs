use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComQuery, CommandCode};
use mynah_wire::Message as _;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessageType, Message as _};

use super::Executed;
use crate::sql::Settings;

/// A command that a client sent: by the X Protocol each of its messages is one.
#[derive(Clone, Debug)]
pub struct Command {
    /// Counts the commands of the connection, from 1.
    pub number: u64,
    /// Which command it is.
    pub kind: CommandKind,
    /// The message; cut, or empty, if it was longer than is held.
    pub payload: Bytes,
    /// How long the message was.
    pub len: u64,
    /// The capabilities in force; none by the X Protocol.
    pub capabilities: Capabilities,
    /// Of a prepared statement's commands in the classic protocol: which statement is meant, and with what.
    pub executed: Option<Executed>,
    /// How the server reads a statement that is sent now.
    pub settings: Settings,
}

/// Which command it is, by the number that its protocol has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    /// One of the classic protocol.
    Classic(CommandCode),
    /// One of the X Protocol.
    X(ClientMessageType),
}

impl CommandKind {
    /// Its name without `COM_`; by the X Protocol, without its package.
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

    /// The code of a command of the classic protocol.
    #[must_use]
    pub fn code(self) -> Option<CommandCode> {
        match self {
            Self::Classic(code) => Some(code),
            Self::X(_) => None,
        }
    }

    /// Whether it ends the connection or its session, as a client does that leaves.
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
    /// What stands where there is no command.
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

    /// Whether there is less of it than was sent.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        (self.payload.len() as u64) < self.len
    }

    /// The SQL statement of a command that has one, of prepared ones too. Prepared statements of the X Protocol
    /// aren't followed.
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
