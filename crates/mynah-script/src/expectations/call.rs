use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use mynah_classic::characters::to_utf8;
use mynah_classic::tables::Collation;
use mynah_classic::value;
use mynah_expect::{Connection, Number, Protocol, Value, statement_text};
use mynah_session::placeholders::Dialect;
use mynah_session::{Login, Param, SessionState, Statement};

/// What expectations can ask of a session's client: its id, user, protocol and attributes.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) connection: Arc<Connection>,
    /// How its statements are read.
    pub(crate) dialect: Dialect,
    /// The name of the schema that its last statement was sent in.
    pub(super) last_schema: Option<Arc<str>>,
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
            last_schema: None,
        }
    }

    /// The character set of its statements, if it isn't UTF-8.
    pub(crate) fn character_set(&self, state: &SessionState) -> Option<&'static str> {
        if self.connection.protocol == Protocol::X {
            return None;
        }
        let collation = Collation::by_id(self.dialect.product(), state.character_sets.client)?;
        (!collation.character_set.starts_with("utf8")).then_some(collation.character_set)
    }
}

/// The text of a statement.
pub(super) fn text_of<'s>(statement: &'s Statement, character_set: Option<&str>) -> Cow<'s, str> {
    let text = &statement.text;
    let converted = character_set.filter(|_| !text.is_ascii());
    let converted = converted.and_then(|name| to_utf8(text, name));
    converted.unwrap_or_else(|| statement_text(text))
}

/// Parameters and query attributes by value, and by name where they have one.
pub(crate) fn values_of(
    params: &[Param],
    attributes: &[Param],
    character_set: Option<&str>,
) -> (Vec<Value>, BTreeMap<String, Value>) {
    let value = |param: &Param| {
        let is_text = param.value_type.column_type.is_string();
        value_of(&param.value(), character_set.filter(|_| is_text))
    };
    let named = attributes.iter().map(|attribute| {
        let name = String::from_utf8_lossy(&attribute.name).into_owned();
        (name, value(attribute))
    });
    (params.iter().map(value).collect(), named.collect())
}

fn value_of(value: &value::Value<'_>, character_set: Option<&str>) -> Value {
    match value {
        value::Value::Null => Value::Null,
        value::Value::Int(number) => Value::from(*number),
        value::Value::UInt(number) => Value::from(*number),
        value::Value::Float(number) => Number::try_from(*number).map_or(Value::Null, Value::Number),
        value::Value::Double(number) => {
            Number::try_from(*number).map_or(Value::Null, Value::Number)
        }
        value::Value::Bytes(bytes) => {
            let converted = character_set.filter(|_| !bytes.is_ascii());
            let converted = converted.and_then(|name| to_utf8(bytes, name));
            converted.map_or_else(|| Value::from_bytes(bytes), |text| Value::from(&*text))
        }
        other => {
            let text = other.to_text(ANY_DECIMALS).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            match Number::parse(&text) {
                Some(number) => Value::Number(number),
                None => Value::from(&*text),
            }
        }
    }
}

/// As many digits of a fraction as the value needs.
const ANY_DECIMALS: u8 = 31;

#[cfg(test)]
mod tests {
    use mynah_classic::value::{Date, DateTime, Decimal, Time};

    use super::*;

    #[test]
    fn a_bound_value_is_the_one_that_a_driver_would_write() {
        let date = value::Value::Date(Date::from_text(b"1815-12-10").unwrap());
        let moment =
            |text: &str| value::Value::DateTime(DateTime::from_text(text.as_bytes()).unwrap());
        let time = value::Value::Time(Time::from_text(b"-25:01:02").unwrap());
        for (bound, written) in [
            (date, "1815-12-10"),
            (moment("1815-12-10 08:30:00"), "1815-12-10 08:30:00"),
            (
                moment("1815-12-10 08:30:00.250000"),
                "1815-12-10 08:30:00.250000",
            ),
            (time, "-25:01:02"),
        ] {
            assert_eq!(value_of(&bound, None), Value::from(written));
        }
        let decimal = value::Value::Decimal(Decimal::new(b"12.340").unwrap());
        let number = Number::parse("12.34").unwrap();
        assert_eq!(value_of(&decimal, None), Value::Number(number));
    }
}
