use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComChangeUser, ComInitDb, CommandCode};
use mynah_wire::Message as _;
use mynah_x::ClientMessageType;

use super::use_statement::schema_of_use;
use super::{Answer, CommandKind, Event, Outcome};

/// The user of a session, and its schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) user: Bytes,
    pub(super) schema: Bytes,
}

impl Identity {
    /// It is another from here on, if it is another.
    pub(super) fn change_to(&mut self, next: Self, see: &mut impl FnMut(Event)) {
        if *self == next {
            return;
        }
        *self = next;
        see(Event::Identified {
            user: self.user.clone(),
            schema: self.schema.clone(),
        });
    }

    /// The same user in another schema.
    pub(super) fn in_schema(&self, schema: Bytes) -> Self {
        Self {
            user: self.user.clone(),
            schema,
        }
    }

    /// What it is once a command has been answered, whose statement this is.
    #[inline]
    pub(super) fn after(&self, answer: &Answer, sql: Option<&[u8]>) -> Option<Self> {
        let by_command = match answer.outcome {
            Outcome::Done => self.after_command(answer, sql),
            _ => None,
        };
        // What the server says is right.
        match &answer.schema {
            Some(schema) => {
                let last = by_command.as_ref().unwrap_or(self);
                Some(last.in_schema(schema.clone()))
            }
            None => by_command,
        }
    }

    fn after_command(&self, answer: &Answer, sql: Option<&[u8]>) -> Option<Self> {
        let command = &answer.command;
        match command.kind {
            CommandKind::Classic(CommandCode::INIT_DB) => {
                let command = ComInitDb::from_payload(&command.payload, ()).ok()?;
                Some(self.in_schema(command.schema_name))
            }
            CommandKind::Classic(CommandCode::CHANGE_USER) => {
                let shared = Capabilities::PROTOCOL_41 | Capabilities::SECURE_CONNECTION;
                let change = ComChangeUser::from_payload_lenient(&command.payload, shared);
                let (change, _) = change.ok()?;
                Some(Self {
                    user: change.user,
                    schema: change.schema_name,
                })
            }
            CommandKind::Classic(CommandCode::QUERY | CommandCode::STMT_EXECUTE)
            | CommandKind::X(ClientMessageType::SQL_STMT_EXECUTE) => {
                let schema = schema_of_use(sql?)?;
                Some(self.in_schema(schema.into()))
            }
            _ => None,
        }
    }
}
