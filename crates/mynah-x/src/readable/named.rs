use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error, IntoDeserializer, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{ClientMessageType, ServerMessageType};

/// The number of a message that is a value of the enumeration `E`, for `#[serde(with = "…")]`: the value's name, or the
/// number if the enumeration doesn't have it. In formats that aren't for people, always the number.
pub(crate) struct Named<E>(PhantomData<E>);

impl<E: Names> Named<E> {
    pub(crate) fn serialize<N: Number, S: Serializer>(
        number: &N,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        number.put::<E, S>(to)
    }

    pub(crate) fn deserialize<'de, N: Number, D: Deserializer<'de>>(
        from: D,
    ) -> Result<N, D::Error> {
        N::take::<E, D>(from)
    }
}

/// An enumeration whose values serde knows by their names.
pub(crate) trait Names: Serialize + DeserializeOwned {
    fn of(number: i64) -> Option<Self>;

    fn number(self) -> i64;
}

impl<E: TryFrom<i32> + Into<i32> + Serialize + DeserializeOwned> Names for E {
    fn of(number: i64) -> Option<Self> {
        i32::try_from(number).ok()?.try_into().ok()
    }

    fn number(self) -> i64 {
        i64::from(self.into())
    }
}

macro_rules! names_of_messages {
    ($($message_type:ident),*) => {$(
        impl Names for $message_type {
            fn of(number: i64) -> Option<Self> {
                u8::try_from(number).ok().map(Self)
            }

            fn number(self) -> i64 {
                self.0.into()
            }
        }
    )*};
}

names_of_messages!(ClientMessageType, ServerMessageType);

/// A type that fields with such numbers have.
pub(crate) trait Number: Sized {
    fn put<E: Names, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    fn take<'de, E: Names, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

macro_rules! numbers {
    ($($number:ident),*) => {$(
        impl Number for $number {
            fn put<E: Names, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                Shown::<E>::of(*self).serialize(to)
            }

            fn take<'de, E: Names, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Shown::<E>::deserialize(from)?.narrow()
            }
        }

        impl Number for Option<$number> {
            fn put<E: Names, S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.map(Shown::<E>::of).serialize(to)
            }

            fn take<'de, E: Names, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let shown = Option::<Shown<E>>::deserialize(from)?;
                shown.map(Shown::narrow).transpose()
            }
        }
    )*};
}

numbers!(i32, u32);

struct Shown<E> {
    number: i64,
    names: PhantomData<E>,
}

impl<E> Shown<E> {
    fn of(number: impl Into<i64>) -> Self {
        Self {
            number: number.into(),
            names: PhantomData,
        }
    }

    fn narrow<N: TryFrom<i64>, X: Error>(self) -> Result<N, X> {
        let number = N::try_from(self.number);
        number.map_err(|_| X::invalid_value(Unexpected::Signed(self.number), &EXPECTED))
    }
}

impl<E: Names> Serialize for Shown<E> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match E::of(self.number) {
            Some(value) if to.is_human_readable() => value.serialize(to),
            _ => to.serialize_i64(self.number),
        }
    }
}

impl<'de, E: Names> Deserialize<'de> for Shown<E> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.is_human_readable() {
            true => from.deserialize_any(NumberVisitor::<E>(PhantomData)),
            false => from.deserialize_i64(NumberVisitor::<E>(PhantomData)),
        }
        .map(Self::of)
    }
}

struct NumberVisitor<E>(PhantomData<E>);

impl<E: Names> Visitor<'_> for NumberVisitor<E> {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_i64<X: Error>(self, number: i64) -> Result<i64, X> {
        Ok(number)
    }

    fn visit_u64<X: Error>(self, number: u64) -> Result<i64, X> {
        i64::try_from(number).map_err(|_| X::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<X: Error>(self, name: &str) -> Result<i64, X> {
        E::deserialize(name.into_deserializer()).map(E::number)
    }
}

const EXPECTED: &str = "a name, or a number of 32 bits";
