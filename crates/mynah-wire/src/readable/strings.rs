use bytes::Bytes;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Hex, Text};

/// A type of fields that [`text`](super::text) and [`hex`](super::hex) can write.
pub trait ToStrings {
    #[doc(hidden)]
    fn put<const TEXT: bool, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
}

/// A type of fields that [`text`](super::text) and [`hex`](super::hex) can read.
pub trait FromStrings: Sized {
    #[doc(hidden)]
    fn take<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

/// Bytes in one of the two forms.
struct Shown<'a, const TEXT: bool>(&'a [u8]);

impl<const TEXT: bool> Serialize for Shown<'_, TEXT> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match TEXT {
            true => Text(self.0).serialize(to),
            false => Hex(self.0).serialize(to),
        }
    }
}

impl ToStrings for Bytes {
    fn put<const TEXT: bool, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Shown::<TEXT>(self).serialize(to)
    }
}

impl FromStrings for Bytes {
    fn take<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Text::deserialize(from).map(|Text(bytes)| bytes)
    }
}

impl ToStrings for &[u8] {
    fn put<const TEXT: bool, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Shown::<TEXT>(self).serialize(to)
    }
}

impl<const LEN: usize> ToStrings for [u8; LEN] {
    fn put<const TEXT: bool, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Shown::<TEXT>(self).serialize(to)
    }
}

impl<const LEN: usize> FromStrings for [u8; LEN] {
    fn take<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = Bytes::take(from)?;
        let array = bytes.as_ref().try_into();
        array.map_err(|_| Error::invalid_length(bytes.len(), &&*format!("{LEN} bytes")))
    }
}

impl ToStrings for Option<Bytes> {
    fn put<const TEXT: bool, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let shown = self.as_deref().map(Shown::<TEXT>);
        shown.serialize(to)
    }
}

impl FromStrings for Option<Bytes> {
    fn take<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = Option::<Text<Bytes>>::deserialize(from)?;
        Ok(bytes.map(|Text(bytes)| bytes))
    }
}

impl ToStrings for Vec<Bytes> {
    fn put<const TEXT: bool, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(|bytes| Shown::<TEXT>(bytes)))
    }
}

impl FromStrings for Vec<Bytes> {
    fn take<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let all = Vec::<Text<Bytes>>::deserialize(from)?;
        Ok(all.into_iter().map(|Text(bytes)| bytes).collect())
    }
}
