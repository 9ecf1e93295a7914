use std::collections::BTreeMap;
use std::sync::Arc;

use mynah_classic::value;
use mynah_expect::{Connection, Number, Protocol, Value};
use mynah_session::placeholders::Dialect;
use mynah_session::{Login, Param};

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
            assert_eq!(value_of(&bound), Value::from(written));
        }
        let decimal = value::Value::Decimal(Decimal::new(b"12.340").unwrap());
        let number = Number::parse("12.34").unwrap();
        assert_eq!(value_of(&decimal), Value::Number(number));
    }
}
