//! Floating-point numbers, for `#[serde(with = "…")]`: numbers, and in formats for people the strings `NaN`, `inf` and
//! `-inf` for those that JSON has no number for. The bits of a NaN that say which NaN it is are lost in such a format.
//!
//! `serde_json` reads the same number again only with its feature `float_roundtrip`.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A floating-point number: a number, or the string `NaN`, `inf` or `-inf`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Float<F>(
    /// The number.
    pub F,
);

/// Both forms.
#[derive(Deserialize)]
#[serde(untagged)]
enum Either<F> {
    Number(F),
    Text(String),
}

impl<F: Copy + Into<f64> + Serialize + Display> Serialize for Float<F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match to.is_human_readable() && !self.0.into().is_finite() {
            true => to.collect_str(&self.0),
            false => self.0.serialize(to),
        }
    }
}

impl<'de, F: Deserialize<'de> + FromStr<Err: Display>> Deserialize<'de> for Float<F> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if !from.is_human_readable() {
            return F::deserialize(from).map(Self);
        }
        match Either::deserialize(from)? {
            Either::Number(number) => Ok(Self(number)),
            Either::Text(text) => text.parse().map(Self).map_err(Error::custom),
        }
    }
}

/// Writes a number, if there is one.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<F, S: Serializer>(number: &Option<F>, to: S) -> Result<S::Ok, S::Error>
where
    F: Copy + Into<f64> + Serialize + Display,
{
    number.map(Float).serialize(to)
}

/// Reads a number, if there is one, in either form.
///
/// # Errors
/// A string that is no number, and those of the deserializer.
pub fn deserialize<'de, F, D: Deserializer<'de>>(from: D) -> Result<Option<F>, D::Error>
where
    F: Deserialize<'de> + FromStr<Err: Display>,
{
    let number = Option::<Float<F>>::deserialize(from)?;
    Ok(number.map(|Float(number)| number))
}
