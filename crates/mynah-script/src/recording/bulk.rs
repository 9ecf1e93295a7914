use std::fmt::Write as _;

use mynah_expect::Value;

/// What a client of MariaDB sends in place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Default,
    Ignore,
}

impl Keyword {
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::Default),
            "ignore" => Some(Self::Ignore),
            _ => None,
        }
    }
}

/// The last value of a bulk execution as a whole: how many rows it has, and where keywords stand in place of values. Two
/// executions with the same values and the same layout are the same.
pub(crate) fn layout(
    rows: usize,
    keywords: impl IntoIterator<Item = (usize, Option<Keyword>)>,
) -> Value {
    let mut text = format!("{rows} rows");
    for (place, keyword) in keywords {
        let name = match keyword {
            Some(Keyword::Default) => "DEFAULT",
            Some(Keyword::Ignore) => "IGNORE",
            None => continue,
        };
        // Writing to a text never fails.
        let _ = write!(text, ", {name} in place of value {}", place + 1);
    }
    Value::Text(text)
}
