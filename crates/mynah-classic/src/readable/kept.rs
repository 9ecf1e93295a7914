use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A message, or a part of one, that is kept as it is in a packet, and read by an iterator. It is written in a readable
/// form if that is read as the same message, and otherwise in a raw form: with bytes that can't be read, or with
/// lengths in more bytes than they need.
pub(super) trait Kept: Clone + PartialEq {
    type Readable: Serialize + DeserializeOwned;
    type Raw: Serialize + DeserializeOwned;

    /// `None` if a part can't be read.
    fn readable(&self) -> Option<Self::Readable>;

    fn raw(&self) -> Self::Raw;

    fn from_readable(readable: &Self::Readable) -> Self;

    /// The error says what is wrong.
    fn from_raw(raw: Self::Raw) -> Result<Self, String>;
}

/// Both forms, which differ in their keys, or as list and object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Either<Raw, Readable> {
    Raw(Raw),
    Readable(Readable),
}

pub(super) fn serialize<K: Kept, S: Serializer>(kept: &K, to: S) -> Result<S::Ok, S::Error> {
    // A format that isn't for people can't say later which of the forms it has.
    if to.is_human_readable()
        && let Some(readable) = kept.readable()
        && K::from_readable(&readable) == *kept
    {
        return readable.serialize(to);
    }
    kept.raw().serialize(to)
}

pub(super) fn deserialize<'de, K: Kept, D: Deserializer<'de>>(from: D) -> Result<K, D::Error> {
    let raw = match from.is_human_readable() {
        true => match Either::<K::Raw, K::Readable>::deserialize(from)? {
            Either::Raw(raw) => raw,
            Either::Readable(readable) => return Ok(K::from_readable(&readable)),
        },
        false => K::Raw::deserialize(from)?,
    };
    K::from_raw(raw).map_err(Error::custom)
}

/// Serde for types that are [`Kept`].
macro_rules! serde_of_kept {
    ($($kept:ident),* $(,)?) => {$(
        impl serde::Serialize for $kept {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::readable::kept::serialize(self, to)
            }
        }

        impl<'de> serde::Deserialize<'de> for $kept {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::readable::kept::deserialize(from)
            }
        }
    )*};
}

pub(super) use serde_of_kept;
