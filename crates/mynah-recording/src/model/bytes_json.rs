//! Bytes as JSON has them: `{"hex": "00ff"}`, or `{"base64": "…"}` if there are many.

use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::de::{Error, MapAccess};
use serde::ser::{SerializeMap, Serializer};

pub(super) fn put<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(1))?;
    match bytes.len() <= MOST_IN_HEX {
        true => map.serialize_entry("hex", &HEXLOWER.encode(bytes))?,
        false => map.serialize_entry("base64", &BASE64.encode(bytes))?,
    }
    map.end()
}

/// Reads what stands behind the first key of an object.
pub(super) fn take<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Bytes, A::Error> {
    let encoding = match key {
        "hex" => HEXLOWER_PERMISSIVE,
        "base64" => BASE64,
        other => return Err(Error::unknown_field(other, &["hex", "base64"])),
    };
    let text: String = map.next_value()?;
    let bytes = encoding.decode(text.as_bytes());
    bytes
        .map(Bytes::from)
        .map_err(|error| Error::custom(format!("{key}: {error}")))
}

const MOST_IN_HEX: usize = 64;
