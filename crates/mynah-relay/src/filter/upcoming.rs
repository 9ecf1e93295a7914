use mynah_filter::Value;

use super::field::Field;
use crate::Connection;
use crate::statement::StatementFacts;

/// A command that isn't forwarded yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upcoming<'a> {
    pub(crate) about: &'a Connection,
    /// The command's name, without `COM_`.
    pub(crate) command: &'a str,
    /// The statement, or whatever else the command is about.
    pub(crate) sql: &'a [u8],
    /// What is known of the statement; `None` if there is none, or a condition doesn't ask for it.
    pub(crate) statement: Option<&'a StatementFacts>,
}

impl<'a> Upcoming<'a> {
    /// The value of a field that needs no answer.
    pub(super) fn known(self, field: Field) -> Value<'a> {
        let about = self.about;
        match field {
            Field::Command => Value::Text(self.command.as_bytes()),
            Field::Sql => Value::Text(self.sql),
            Field::Kind => self.of_statement(|facts| Value::Text(facts.kind.name().as_bytes())),
            Field::Table => self.of_statement(|facts| Value::Texts(&facts.table_texts)),
            Field::Effect => self.of_statement(|facts| Value::Texts(&facts.effects)),
            Field::Sets => self.of_statement(|facts| Value::Texts(&facts.sets)),
            Field::Digest => {
                let digest = self.statement.and_then(|facts| facts.digest.as_ref());
                digest.map_or(Value::Absent, |digest| Value::Texts(digest.texts()))
            }
            Field::User => Value::Text(&about.user),
            Field::Schema => Value::Text(&about.schema),
            Field::Client => Value::Text(about.client.as_bytes()),
            Field::Listener => Value::Text(about.listener.as_bytes()),
            Field::Server => Value::Text(about.server.as_bytes()),
            Field::Connection => Value::Number(about.id.into()),
            _ => Value::Absent,
        }
    }

    fn of_statement(self, value: impl FnOnce(&'a StatementFacts) -> Value<'a>) -> Value<'a> {
        self.statement.map_or(Value::Absent, value)
    }
}

impl mynah_filter::Record<Field> for Upcoming<'_> {
    fn value(&self, field: Field) -> Value<'_> {
        self.known(field)
    }
}
