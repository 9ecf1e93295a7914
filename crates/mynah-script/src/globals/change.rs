//! Changes of one value that no other change comes between.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Number, Value};
use thiserror::Error;

use super::{Globals, GlobalsFull};

/// Why a value isn't changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeError {
    /// It is no number.
    #[error("what is stored under '{}' is no number", .0.escape_debug())]
    NoNumber(String),
    /// It is no array.
    #[error("what is stored under '{}' is no array", .0.escape_debug())]
    NoArray(String),
    /// The sum isn't finite.
    #[error("the new value is no value of JSON")]
    TooLarge,
    /// There is no memory for it.
    #[error(transparent)]
    Full(#[from] GlobalsFull),
}

impl Globals {
    /// Adds a number to the one that is stored under `key`, or to 0, and returns the sum.
    ///
    /// # Errors
    /// When something else is stored there, the sum is no number of JSON, or there is no memory.
    pub fn increment(&self, key: &str, by: &Number) -> Result<Number, ChangeError> {
        let mut sum = Number::from(0);
        self.change(key, |value| {
            let value = value.map(serde_json::from_str::<Number>).transpose();
            let value = value.map_err(|_| ChangeError::NoNumber(key.to_owned()))?;
            let value = value.unwrap_or_else(|| Number::from(0));
            sum = add(&value, by).ok_or(ChangeError::TooLarge)?;
            Ok::<_, ChangeError>(sum.to_string().into())
        })?;
        Ok(sum)
    }

    /// Adds an element to the end of the array that is stored under `key`, or to an empty one, and returns how
    /// many there are.
    ///
    /// # Errors
    /// When something else is stored there, or there is no memory.
    pub fn push(&self, key: &str, element: Value) -> Result<usize, ChangeError> {
        let mut len = 0;
        self.change(key, |value| {
            let array = value
                .map(serde_json::from_str::<Vec<Box<RawValue>>>)
                .transpose();
            let array = array.map_err(|_| ChangeError::NoArray(key.to_owned()))?;
            let mut array = array.unwrap_or_default();
            array.push(to_raw_value(&element).map_err(|_| ChangeError::TooLarge)?);
            len = array.len();
            let text = serde_json::to_string(&array).map_err(|_| ChangeError::TooLarge)?;
            Ok::<_, ChangeError>(text.into())
        })?;
        Ok(len)
    }
}

/// The sum of two numbers: of whole ones exactly, where it fits.
fn add(one: &Number, other: &Number) -> Option<Number> {
    if let (Some(one), Some(other)) = (one.as_i128(), other.as_i128())
        && let Some(sum) = one.checked_add(other).and_then(Number::from_i128)
    {
        return Some(sum);
    }
    Number::from_f64(one.as_f64()? + other.as_f64()?)
}
