use mynah_filter::Value;

use super::field::Field;
use crate::Connection;

/// A command that isn't forwarded yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upcoming<'a> {
    pub(crate) about: &'a Connection,
    /// The command's name, without `COM_`.
    pub(crate) command: &'a str,
    /// The statement, or whatever else the command is about.
    pub(crate) sql: &'a [u8],
}

impl<'a> Upcoming<'a> {
    /// The value of a field that needs no answer.
    pub(super) fn known(self, field: Field) -> Value<'a> {
        let about = self.about;
        match field {
            Field::Command => Value::Text(self.command.as_bytes()),
            Field::Sql => Value::Text(self.sql),
            Field::User => Value::Text(&about.user),
            Field::Schema => Value::Text(&about.schema),
            Field::Client => Value::Text(about.client.as_bytes()),
            Field::Listener => Value::Text(about.listener.as_bytes()),
            Field::Server => Value::Text(about.server.as_bytes()),
            Field::Connection => Value::Number(about.id.into()),
            _ => Value::Absent,
        }
    }
}

impl mynah_filter::Record<Field> for Upcoming<'_> {
    fn value(&self, field: Field) -> Value<'_> {
        self.known(field)
    }
}
