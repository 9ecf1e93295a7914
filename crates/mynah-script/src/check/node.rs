use serde_json::{Map, Number, Value};

/// A value of a script, as far as it is data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
    /// An array; `None` is a hole.
    Array(Vec<Option<Self>>),
    Object(Vec<(String, Self)>),
    Function,
    /// A value that is known only when it is used: a getter, a buffer, a date, or one that is nested too
    /// deeply.
    Unknown,
}

impl Node {
    /// The value under a key of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                let mut members = members.iter().rev();
                members
                    .find(|(name, _)| name == key)
                    .map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The elements of an array that aren't holes, with their indexes.
    pub(super) fn elements(&self) -> impl Iterator<Item = (usize, &Self)> {
        let elements = match self {
            Self::Array(elements) => elements.as_slice(),
            _ => &[],
        };
        let elements = elements.iter().enumerate();
        elements.filter_map(|(index, element)| Some((index, element.as_ref()?)))
    }

    /// The value as JSON, without holes; nothing if it isn't data alone.
    pub(super) fn to_json(&self) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Boolean(truth) => Value::Bool(*truth),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone()),
            Self::Array(elements) => {
                let elements = elements.iter().flatten().map(Self::to_json);
                Value::Array(elements.collect::<Option<_>>()?)
            }
            Self::Object(members) => {
                let members = members
                    .iter()
                    .map(|(key, value)| Some((key.clone(), value.to_json()?)));
                Value::Object(members.collect::<Option<Map<_, _>>>()?)
            }
            Self::Function | Self::Unknown => return None,
        })
    }

    /// What messages call it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Function => "a function".to_owned(),
            Self::Unknown => "something else".to_owned(),
            Self::Array(_) => "an array".to_owned(),
            Self::Object(_) => "an object".to_owned(),
            _ => {
                let text = self.to_json().unwrap_or_default().to_string();
                mynah_expect::beginning(&text, 40)
            }
        }
    }
}

impl From<&Value> for Node {
    fn from(json: &Value) -> Self {
        match json {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Boolean(*truth),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(elements) => Self::Array(
                elements
                    .iter()
                    .map(|element| Some(element.into()))
                    .collect(),
            ),
            Value::Object(members) => {
                let members = members.iter();
                Self::Object(
                    members
                        .map(|(key, value)| (key.clone(), value.into()))
                        .collect(),
                )
            }
        }
    }
}
