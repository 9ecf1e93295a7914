use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::BytesMut;
use mynah_classic::value;
use mynah_expect::{Command, Connection, Number, Protocol, Value};
use mynah_session::placeholders::Dialect;
use mynah_session::{Login, Param, StatementCommand};

/// What expectations can ask of a session's client: its id, user, protocol and attributes.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) connection: Arc<Connection>,
    /// How its statements are read.
    pub(crate) dialect: Dialect,
}

impl Client {
    pub(crate) fn new(
        connection: mynah_session::Connection,
        login: &Login,
        dialect: Dialect,
    ) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let attributes = login.attributes.iter().flatten();
        let attributes = attributes.map(|(name, value)| (text(&name), text(&value)));
        // Capabilities are the classic protocol's.
        let protocol = match login.capabilities.is_empty() {
            true => Protocol::X,
            false => Protocol::Classic,
        };
        let connection = Arc::new(Connection {
            id: connection.id,
            user: text(&login.username),
            protocol,
            attributes: attributes.collect(),
        });
        Self {
            connection,
            dialect,
        }
    }
}

/// A session's command, as expectations name it.
pub(super) fn command(command: StatementCommand) -> Command {
    match command {
        StatementCommand::Execute => Command::Execute,
        StatementCommand::Prepare => Command::Prepare,
        StatementCommand::FieldList => Command::FieldList,
        StatementCommand::InitDb => Command::InitDb,
        StatementCommand::Admin => Command::Admin,
        StatementCommand::Find => Command::Find,
        StatementCommand::Insert => Command::Insert,
        StatementCommand::Update => Command::Update,
        StatementCommand::Delete => Command::Delete,
        StatementCommand::CreateView => Command::CreateView,
        StatementCommand::ModifyView => Command::ModifyView,
        StatementCommand::DropView => Command::DropView,
        _ => Command::Query,
    }
}

/// Parameters and query attributes by value, and by name where they have one.
pub(super) fn values_of(
    params: &[Param],
    attributes: &[Param],
) -> (Vec<Value>, BTreeMap<String, Value>) {
    let named = attributes.iter().map(|attribute| {
        let name = String::from_utf8_lossy(&attribute.name).into_owned();
        (name, value_of(&attribute.value()))
    });
    (
        params
            .iter()
            .map(|param| value_of(&param.value()))
            .collect(),
        named.collect(),
    )
}

fn value_of(value: &value::Value<'_>) -> Value {
    match value {
        value::Value::Null => Value::Null,
        value::Value::Int(number) => Value::from(*number),
        value::Value::UInt(number) => Value::from(*number),
        value::Value::Float(number) => Number::try_from(*number).map_or(Value::Null, Value::Number),
        value::Value::Double(number) => {
            Number::try_from(*number).map_or(Value::Null, Value::Number)
        }
        value::Value::Bytes(bytes) => Value::from_bytes(bytes),
        other => {
            let mut text = BytesMut::new();
            other.put_text(&mut text, 6);
            let text = String::from_utf8_lossy(&text);
            let whole = text.strip_suffix(".000000").unwrap_or(&text);
            match Number::parse(whole) {
                Some(number) => Value::Number(number),
                None => Value::from(whole),
            }
        }
    }
}
