use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text. In JSON, a text of several lines is a list of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(pub String);

impl Text {
    /// The text as one string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.contains('\n') {
            true => to.collect_seq(self.0.split('\n')),
            false => to.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a string, or a list of lines")]
        enum Written {
            Line(String),
            Lines(Vec<String>),
        }
        Ok(Self(match Written::deserialize(from)? {
            Written::Line(text) => text,
            Written::Lines(lines) => lines.join("\n"),
        }))
    }
}
