//! JSON as text. It is checked, and split into the members of an object. The text of a member's
//! value stays as it is, so that numbers keep all their digits. Reading takes no stack, however
//! deep the JSON is nested.

use indexmap::IndexMap;
use serde_json::Error;
use serde_json::value::RawValue;

/// The members of an object in their order. Of a repeated key the last value counts.
pub(crate) type Members<'a> = IndexMap<String, &'a RawValue>;

/// Checks that `text` is one value.
pub(crate) fn value(text: &str) -> Result<&RawValue, Error> {
    serde_json::from_str(text)
}

/// The members of `value`; `None` if it isn't an object.
pub(crate) fn members(value: &RawValue) -> Option<Result<Members<'_>, Error>> {
    let is_object = value.get().starts_with('{');
    is_object.then(|| serde_json::from_str(value.get()))
}

/// An object of these members; the values are JSON text.
pub(crate) fn object<K: AsRef<str>, V: AsRef<str>>(
    members: impl IntoIterator<Item = (K, V)>,
) -> String {
    let mut json = String::from("{");
    for (key, value) in members {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&serde_json::Value::from(key.as_ref()).to_string());
        json.push(':');
        json.push_str(value.as_ref());
    }
    json.push('}');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_as_they_were_written() {
        let text = r#" { "n" : 1, "big":123456789012345678901234567890, "n": [ 1.50 ] } "#;
        let members = members(value(text).unwrap()).unwrap().unwrap();
        let members = members.iter().map(|(key, value)| (key, value.get()));
        assert_eq!(
            object(members),
            r#"{"n":[ 1.50 ],"big":123456789012345678901234567890}"#
        );
    }

    #[test]
    fn keys_are_written_as_json_strings() {
        assert_eq!(object([("a\"\n", "1")]), r#"{"a\"\n":1}"#);
        assert_eq!(object([("", "{}"); 0]), "{}");
    }

    #[test]
    fn depth_takes_no_stack() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(value(&deep).unwrap().get(), deep);
        let cut = "{\"a\":".repeat(100_000);
        assert!(value(&cut).unwrap_err().is_eof());
    }
}
