use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Report;

impl Serialize for Report {
    /// What the report has, whether all is well, and the text for people, which a test that fails can print.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Report", 9)?;
        json.serialize_field("test", &self.test)?;
        json.serialize_field("is_good", &self.is_good())?;
        json.serialize_field("text", &self.to_string())?;
        json.serialize_field("met", &self.met)?;
        json.serialize_field("unmet", &self.unmet)?;
        json.serialize_field("unexpected", &self.unexpected)?;
        json.serialize_field("unexpected_count", &self.unexpected_count)?;
        json.serialize_field("overflowed", &self.overflowed)?;
        match self.never_played.is_empty() {
            true => json.skip_field("never_played")?,
            false => json.serialize_field("never_played", &self.never_played)?,
        }
        json.end()
    }
}
